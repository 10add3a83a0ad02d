"""Every rule of derivation by its identifier, and which of them a cohort's methods must name."""

from __future__ import annotations

from collections.abc import Container, Iterable

from dossier.cohort.settings import Derivation
from dossier.derive.progression import clinical_progression_counts
from dossier.derive.progression_rules import DOR_RULES, PFS_RULES
from dossier.derive.response_rules import RESPONSE_RULES
from dossier.derive.rules import Rule
from dossier.derive.safety_rules import SAFETY_RULES
from dossier.derive.time_rules import BENEFIT_RULES, SURVIVAL_RULES
from dossier.derive.treatment_rules import TREATMENT_RULES
from dossier.derive.visit_rules import VISIT_RULES

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        *VISIT_RULES,
        *RESPONSE_RULES,
        *PFS_RULES,
        *SURVIVAL_RULES,
        *DOR_RULES,
        *BENEFIT_RULES,
        *TREATMENT_RULES,
        *SAFETY_RULES,
    )
}

# Rules the methods name wherever the frame of patients has the column, by the start of their
# identifiers; that something is unknown only where it is.
_OF_COLUMN = {
    "durability_24w": "DURABILITY-",
    "exceptional_responder": "EXCEPTIONAL-",
    "pfs_ratio": "PFS-RATIO-",
    "time_on_treatment_days": "TOT-",
    "continued_16w": "CONTINUED-",
    "time_to_next_treatment_days": "TTNT-",
    "at_risk_days": "AE-AT-RISK",
    "death_timing": "DEATH-",
    "beyond_progression": "BEYOND-",
}

_WITHOUT_EVENT = {
    "last-assessment": "LAST-ASSESSMENT",
    "last-contact": "LAST-CONTACT",
    "data-cutoff": "DATA-CUTOFF",
}


def rules_in_force(
    applied: Iterable[str],
    options: Derivation,
    *,
    from_visits: bool,
    survival_dates: bool,
    adverse_events: bool = False,
    columns: Container[str] = (),
) -> dict[str, Rule]:
    """Rules applied to a patient, and those the methods describe although nobody met them.

    Parameters
    ----------
    applied
        Identifiers in the patients' rule columns; ``""`` is no rule.
    options
        The ``derivation`` section of the settings.
    from_visits
        Whether response and progression follow from visits rather than being used as given.
    survival_dates
        Whether overall survival follows from dates.
    adverse_events
        Whether there is a table of adverse events.
    columns
        Columns of the frame of patients.

    Returns
    -------
    dict of str to Rule
        By identifier, in the order of `RULES`.
    """
    wanted = {"POP-TREATED", "POP-EVALUABLE", *applied}
    if from_visits:
        single = "" if options.confirmation else "-UNCONFIRMED"
        wanted |= {"BOR-VISITS", f"BOR-CR{single}", f"BOR-PR{single}"}
        wanted |= {"BOR-SD", "BOR-NON", "BOR-PD", "BOR-NE"}
        wanted |= {
            "BOR-RELAPSE-PROGRESSION"
            if options.worse_after_cr == "progression"
            else "BOR-RELAPSE-PARTIAL"
        }
        ends = ["DEATH", _WITHOUT_EVENT[options.censoring_date]]
        ends.append("PD" if options.progression_date == "assessment" else "PD-MIDPOINT")
        if options.pfs != "treatment-policy":
            ends.append("NEW-THERAPY")
        if options.pfs == "fda":
            ends.append("MISSED-ASSESSMENTS")
        if clinical_progression_counts(options):
            ends.append("CLINICAL-PROGRESSION")
        wanted |= {f"{endpoint}-{end}" for endpoint in ("PFS", "DOR") for end in ends}
        if options.pfs != "standard":
            wanted.add(f"PFS-SET-{options.pfs.upper()}")
        if options.censoring_date == "last-assessment":
            wanted.add("PFS-NO-ASSESSMENT")
        wanted.add("TTR")
        wanted |= {"CBR-RESPONSE", "CBR-STABLE-DISEASE", "CBR-TOO-EARLY", "CBR-NONE"}
    if survival_dates:
        wanted |= {"OS-DEATH", "OS-ALIVE"}
    if adverse_events:
        wanted.add("AE-UNDER-TREATMENT")
    prefixes = tuple(prefix for column, prefix in _OF_COLUMN.items() if column in columns)
    wanted |= {
        name
        for name in RULES
        if name.startswith(prefixes) and not name.endswith(("-UNKNOWN", "NOT-KNOWN"))
    }
    if not adverse_events:
        wanted.discard("AE-AT-RISK")
    return {name: rule for name, rule in RULES.items() if name in wanted}
