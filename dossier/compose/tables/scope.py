"""What was asked and what is shown: the PICO question, and which analyses were prespecified."""

from __future__ import annotations

from dossier.compose.document import Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.tables.cells import cell, table
from dossier.compose.tables.control import comparator

_OUTCOMES = ("orr", "dcr", "cbr_16w", "cbr_24w", "dor", "pfs", "os", "safety")
_RATES = ("orr", "dcr", "cbr_16w", "cbr_24w")
_DEFINED = {"cbr_16w": "cbr", "cbr_24w": "cbr"}


def pico(material: Material) -> Table:
    """Population, intervention, comparator and outcomes, with room for the question asked."""
    say, cohort = material.say, material.settings.cohort
    unknown = say("document.to_complete")
    found = {
        "population": say(
            "tables.pico.population",
            indication=literal(cohort.indication) or unknown,
            biomarker=literal(cohort.biomarker) or unknown,
            n=material.results.populations["treated"],
        ),
        "intervention": literal(cohort.drug) or unknown,
        "comparator": comparator(material),
        "outcomes": ", ".join(_outcome(material, name) for name in _OUTCOMES),
    }
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
    design = material.settings.two_stage
    rows: list[Row] = []
    for name in (*_RATES, "dor", "pfs", "os", "time_to_response", "follow_up"):
        planned = design is not None and design.endpoint == name
        rows.append(
            (
                cell(say(f"endpoints.{name}")),
                cell(say(f"definitions.{_DEFINED.get(name, name)}.population")),
                cell(say("tables.analyses.two_stage" if planned else "tables.analyses.open")),
            )
        )
    treated = say("definitions.pfs.population")
    rows.append(
        (
            cell(say.capital(say("endpoints_short.safety"))),
            cell(treated),
            cell(say("tables.analyses.open")),
        )
    )
    notes = (say("tables.analyses.note"),)
    return table(material, "analyses", columns, rows, (0.3, 0.36, 0.34), notes=notes, numeric=())


def _outcome(material: Material, name: str) -> str:
    say = material.say
    return (
        say("endpoints_short.safety") if name == "safety" else say.lower(say(f"endpoints.{name}"))
    )


def _scope(material: Material) -> str:
    return material.say("tables.pico.scope")
