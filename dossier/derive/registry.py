"""Every rule of derivation by its identifier, and which of them a cohort's methods must name."""

from __future__ import annotations

from collections.abc import Iterable

from dossier.cohort.settings import Derivation
from dossier.derive.response_rules import RESPONSE_RULES
from dossier.derive.rules import Rule
from dossier.derive.time_rules import TIME_RULES

RULES: dict[str, Rule] = {rule.id: rule for rule in (*RESPONSE_RULES, *TIME_RULES)}


def rules_in_force(
    applied: Iterable[str], options: Derivation, *, from_visits: bool, survival_dates: bool
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
        ends = ["PD", "DEATH", "NEW-THERAPY", "LAST-ASSESSMENT"]
        if options.clinical_progression == "event":
            ends.append("CLINICAL-PROGRESSION")
        wanted |= {f"{endpoint}-{end}" for endpoint in ("PFS", "DOR") for end in ends}
        wanted |= {"PFS-NO-ASSESSMENT", "TTR"}
        wanted |= {"CBR-RESPONSE", "CBR-STABLE-DISEASE", "CBR-TOO-EARLY", "CBR-NONE"}
    if survival_dates:
        wanted |= {"OS-DEATH", "OS-ALIVE"}
    return {name: rule for name, rule in RULES.items() if name in wanted}
