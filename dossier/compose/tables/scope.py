"""What was asked and what is shown: the PICO question."""

from __future__ import annotations

from dossier.compose.document import Number, OpenField, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.open_fields import open_field, or_open
from dossier.compose.tables.cells import Content, cell, table
from dossier.compose.tables.submission import comparator
from dossier.estimate.arms import judged_arm

_OUTCOMES = ("orr", "dcr", "cbr_16w", "cbr_24w", "dor", "pfs", "os", "safety")


def pico(material: Material) -> Table:
    """Population, intervention, comparator and outcomes, with room for the question asked."""
    say, cohort = material.say, material.settings.cohort
    unknown = open_field(say, by="applicant")
    treated = material.results.populations["treated"]
    found: dict[str, Content] = {
        "population": say.inlines(
            "tables.pico.population",
            indication=literal(cohort.indication) or unknown,
            biomarker=literal(cohort.biomarker) or unknown,
            n=Number(str(treated), "populations.treated"),
        ),
        "intervention": _intervention(material),
        "comparator": comparator(material),
        "outcomes": ", ".join(_outcome(material, name) for name in _OUTCOMES),
    }
    horizon = material.settings.submission.time_horizon
    found["time"] = or_open(say, literal(horizon), by="applicant")
    names = ("element", "data", "scope")
    columns = tuple(say(f"tables.pico.columns.{name}") for name in names)
    rows: list[Row] = [
        (cell(say(f"tables.pico.rows.{name}"), strong=True), cell(words), cell(_scope(material)))
        for name, words in found.items()
    ]
    return table(material, "pico", columns, rows, (0.16, 0.5, 0.34), numeric=())


def _intervention(material: Material) -> Content:
    """The drug; of a randomised study the arm that is judged, or all but the reference."""
    say, cohort = material.say, material.settings.cohort
    if not material.arms_apart:
        return or_open(say, literal(cohort.drug))
    judged = judged_arm(material.results, cohort)
    compared = dict.fromkeys(literal(each.arm) for each in material.results.comparisons)
    return say.listed((literal(judged),) if judged else tuple(compared))


def _outcome(material: Material, name: str) -> str:
    say = material.say
    return (
        say("endpoints_short.safety") if name == "safety" else say.lower(say(f"endpoints.{name}"))
    )


def _scope(material: Material) -> OpenField:
    return open_field(material.say, material.say("tables.pico.scope"))
