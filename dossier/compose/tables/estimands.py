"""One estimand an endpoint, as ICH E9(R1) describes them, from the rules in force."""

from __future__ import annotations

from dossier.compose.document import Inline, LineBreak, Row, Strong, Table, Text
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.missing import missing_parts
from dossier.compose.open_fields import open_field
from dossier.compose.tables.cells import cell, runs, spanning, table
from dossier.compose.tables.methods import as_given, not_defined

_ENDPOINTS = ("orr", "cbr", "dor", "pfs", "os")
_EVENTS = ("death", "new_therapy", "clinical_progression", "missed")
_COLUMNS = ("endpoint", "population", "events", "summary")
# Where the input gives the endpoint, by the endpoint that was given.
_GIVEN_AS = {"orr": "best_response"}
# Parts of an endpoint that all have to be missing.
_PARTS = {"cbr": ("cbr_16w", "cbr_24w")}


def estimands(material: Material) -> Table:
    """Treatment, population, variable, intercurrent events with their strategy, and summary.

    The strategies follow from ``derivation`` in cohort.yaml; those of an endpoint that the study
    supplied are its own and stay open.

    References
    ----------
    ICH E9(R1), Addendum on estimands and sensitivity analysis in clinical trials, 2019.
    """
    say = material.say
    columns = tuple(say(f"tables.estimands.columns.{name}") for name in _COLUMNS)
    treatment = (Strong(runs(say("tables.estimands.treatment"))), *_treatment(material))
    missing = set(missing_parts(material))
    lacking = [name for name in _ENDPOINTS if missing.issuperset(_PARTS.get(name, (name,)))]
    rows: list[Row] = [spanning(treatment, len(columns))]
    contrast = "compared" if material.results.comparisons else "described"
    rows += [
        (
            cell(_variable(material, name)),
            cell(say(f"definitions.{name}.population")),
            cell(_events(material, name)),
            cell(_summary(material, name)),
        )
        for name in _ENDPOINTS
        if name not in lacking
    ]
    own = all(as_given(material, _GIVEN_AS.get(x, x)) for x in _ENDPOINTS if x not in lacking)
    notes = (
        say(f"tables.estimands.note.{contrast}"),
        not_defined(material, lacking),
        "" if own else say("tables.estimands.strategies"),
    )
    return table(
        material, "estimands", columns, rows, (0.2, 0.17, 0.45, 0.18), notes=notes, numeric=()
    )


def _treatment(material: Material) -> Inlines:
    """The treatment, or the arms that are compared and the one they are compared with."""
    say, found = material.say, material.results.comparisons
    if not found:
        drug = literal(material.settings.cohort.drug)
        return say.inlines("tables.estimands.of_drug", drug=drug or open_field(say, by="applicant"))
    arms = say.listed(tuple(dict.fromkeys(literal(each.arm) for each in found)))
    how = "randomised" if material.settings.cohort.design == "randomised" else "not_randomised"
    return runs(
        say(f"tables.estimands.of_arms.{how}", arms=arms, reference=literal(found[0].reference))
    )


def _summary(material: Material, name: str) -> str:
    """The population-level summary; with arms the contrast, where one is estimated."""
    say, found = material.say, material.results.comparisons
    if not found:
        return say(f"estimands.{name}.summary")
    reference = literal(found[0].reference)
    return say(f"estimands.{name}.summary_of_arms", reference=reference)


def strategy(material: Material, endpoint: str, event: str) -> str:
    """Key of the words at ``estimands.<endpoint>.<event>`` for the settings in force.

    Parameters
    ----------
    endpoint
        ``orr``, ``cbr``, ``dor``, ``pfs`` or ``os``.
    event
        ``death``, ``new_therapy``, ``clinical_progression`` or ``missed``.
    """
    options = material.settings.derivation
    if endpoint not in ("pfs", "dor"):
        return "any"
    if event == "new_therapy":
        return "ignored" if options.pfs == "treatment-policy" else "censored"
    if event == "clinical_progression":
        # The rule set fda never counts it, whatever the option says.
        counts = options.clinical_progression == "event" and options.pfs != "fda"
        return "event" if counts else "ignored"
    if event == "missed":
        return "censored" if options.pfs == "fda" else "ignored"
    return "any"


def _variable(material: Material, name: str) -> Inlines:
    say = material.say
    words = Text(say(f"estimands.{name}.variable"))
    return (Strong((Text(say(f"definitions.{name}.name")),)), LineBreak(), words)


def _events(material: Material, name: str) -> Inlines:
    say = material.say
    if as_given(material, _GIVEN_AS.get(name, name)):
        asked = open_field(say, say("tables.estimands.asked"), "applicant")
        return (Text(say("tables.estimands.given") + " "), asked)
    found: list[Inline] = []
    for event in _EVENTS:
        if found:
            found.append(LineBreak())
        key = f"estimands.{name}.{event}.{strategy(material, name, event)}"
        words = say(key, n=material.settings.derivation.missed_assessments)
        found += [Strong(runs(say(f"estimands.events.{event}"))), Text(f" {words}")]
    return tuple(found)
