"""What was asked and what is shown: the PICO question, and which analyses were prespecified."""

from __future__ import annotations

from dossier.compose.document import Number, OpenField, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.open_fields import open_field, or_open
from dossier.compose.tables.cells import Content, cell, table
from dossier.compose.tables.submission import comparator

_OUTCOMES = ("orr", "dcr", "cbr_16w", "cbr_24w", "dor", "pfs", "os", "safety")
_RATES = ("orr", "dcr", "cbr_16w", "cbr_24w")
_DEFINED = {"cbr_16w": "cbr", "cbr_24w": "cbr"}


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
        "intervention": or_open(say, literal(cohort.drug)),
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


def analyses(material: Material) -> Table:
    """Every analysis, and whether it was laid down before the data were seen."""
    say = material.say
    names = ("analysis", "population", "specified")
    columns = tuple(say(f"tables.analyses.columns.{name}") for name in names)
    rows: list[Row] = [
        (
            cell(say(f"endpoints.{name}")),
            cell(say(f"definitions.{_DEFINED.get(name, name)}.population")),
            cell(_specified(material, name)),
        )
        for name in (*_RATES, "dor", "pfs", "os", "time_to_response", "follow_up")
    ]
    treated = say("definitions.pfs.population")
    rows += [
        (
            cell(say(f"tables.{name}.caption")),
            cell(treated),
            cell(_specified(material, name)),
        )
        for name, given in _further(material).items()
        if given
    ]
    rows.append(
        (
            cell(say.capital(say("endpoints_short.safety"))),
            cell(treated),
            cell(_specified(material, "safety")),
        )
    )
    notes = (say("tables.analyses.note"),)
    return table(material, "analyses", columns, rows, (0.3, 0.36, 0.34), notes=notes, numeric=())


def _further(material: Material) -> dict[str, bool]:
    """Analyses beside the endpoints, by their table, and whether this cohort has them."""
    results = material.results
    return {
        "decision_16w": results.decision is not None,
        "durability": results.durability is not None,
        "subgroups": results.subgroups is not None,
        "baskets": results.baskets is not None,
        "comparisons": bool(results.comparisons),
    }


def _outcome(material: Material, name: str) -> str:
    say = material.say
    return (
        say("endpoints_short.safety") if name == "safety" else say.lower(say(f"endpoints.{name}"))
    )


def _scope(material: Material) -> OpenField:
    return open_field(material.say, material.say("tables.pico.scope"))


def _specified(material: Material, name: str) -> Content:
    """Whether the analysis was prespecified, as far as somebody or the declared design says."""
    say, settings = material.say, material.settings
    said = {str(key): value for key, value in settings.submission.prespecified.items()}
    declared = said.get(name)
    if declared is not None:
        return say("tables.analyses.prespecified" if declared else "tables.analyses.post_hoc")
    if settings.two_stage is not None and settings.two_stage.endpoint == name:
        return say("tables.analyses.two_stage")
    return open_field(say, say("tables.analyses.asked"))
