"""Data sets of CDISC, by their names or recognised by their headings, into our tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dossier.cohort.cdisc.records import in_capitals
from dossier.cohort.raw_table import RawTable
from dossier.cohort.settings import Derivation
from dossier.errors import Problem

# The table each data set goes into.
DATASETS: Final[dict[str, dict[str, str]]] = {
    "adam": {
        "adsl": "patients",
        "adrs": "assessments",
        "adtr": "assessments",
        "adtte": "patients",
        "adae": "adverse_events",
        "adqs": "quality_of_life",
        "addv": "protocol_deviations",
    },
    "sdtm": {
        "dm": "patients",
        "rs": "assessments",
        "tr": "assessments",
        "tu": "assessments",
        "ae": "adverse_events",
        "dv": "protocol_deviations",
    },
}
# Headings by which a table proves to be a data set of CDISC.
_SIGNS: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "adrs": ("assessments", frozenset({"USUBJID", "PARAMCD", "AVALC"})),
    "rs": ("assessments", frozenset({"USUBJID", "RSTESTCD"})),
    "adsl": ("patients", frozenset({"USUBJID", "STUDYID"})),
    "adae": ("adverse_events", frozenset({"USUBJID", "STUDYID", "AEDECOD"})),
    "dv": ("protocol_deviations", frozenset({"USUBJID", "DVTERM"})),
    "adqs": ("quality_of_life", frozenset({"USUBJID", "PARAMCD", "AVAL"})),
}


def tables_of(
    files: Mapping[str, RawTable], options: Derivation
) -> tuple[dict[str, RawTable], list[Problem]]:
    """Make our tables of the files of a cohort.

    Parameters
    ----------
    files
        Tables by our names, and data sets by the names of CDISC. A table whose headings are those
        of CDISC is read as such; any other stays as it is.
    options
        Whose assessments, which criteria, and whether responses are confirmed.
    """
    named = {_dataset(name, raw): raw for name, raw in files.items()}
    sets = {name: in_capitals(raw) for name, raw in named.items() if name in _KNOWN}
    tables = {name: raw for name, raw in named.items() if name not in _KNOWN}
    if not sets:
        return tables, []
    from dossier.cohort.cdisc import adae, adqs, adrs, adsl, dv, rs

    problems: list[Problem] = []
    patients = sets.get("adsl", sets.get("dm"))
    if patients is not None:
        made = adsl.patients_of(patients)
        others = [sets[name] for name in ("adae", "ae", "adqs") if name in sets]
        tables["patients"], problems = adsl.with_derived_endpoints(
            made, sets.get("adrs"), sets.get("adtte"), options, others
        )
    if "adrs" in sets:
        tables["assessments"] = adrs.visit_responses(sets["adrs"])
    if "rs" in sets:
        tables["assessments"] = rs.visit_responses(sets["rs"], options)
    _add_target_sums(tables, sets)
    events = sets.get("adae", sets.get("ae"))
    if events is not None:
        tables["adverse_events"] = adae.adverse_events_of(events)
    if "adqs" in sets:
        tables["quality_of_life"] = adqs.quality_of_life_of(sets["adqs"])
    found = sets.get("addv", sets.get("dv"))
    if found is not None:
        tables["protocol_deviations"] = dv.protocol_deviations_of(found)
    return tables, problems


def _add_target_sums(tables: dict[str, RawTable], sets: Mapping[str, RawTable]) -> None:
    """Put sums of target diameters beside the responses of the same data sets."""
    from dossier.cohort.cdisc import adtr, tr
    from dossier.cohort.cdisc.target_sums import visits_of_sums, with_target_sums

    if "adtr" in sets:
        source, (sums, queries) = sets["adtr"], adtr.target_sums(sets["adtr"])
    elif "tr" in sets:
        source, (sums, queries) = sets["tr"], tr.target_sums(sets["tr"], sets.get("tu"))
    else:
        return
    if not any(each.sum_mm is not None for each in sums):
        return
    if "adrs" in sets or "rs" in sets:
        tables["assessments"] = with_target_sums(tables["assessments"], sums, source, queries)
    elif "assessments" not in tables:
        tables["assessments"] = visits_of_sums(source, sums, queries)


_KNOWN: Final = frozenset(name for names in DATASETS.values() for name in names)


def _dataset(name: str, raw: RawTable) -> str:
    """Name of the data set a table is; its own name where it is none of CDISC."""
    headings = {heading.upper() for heading in raw.columns}
    for dataset, (table, signs) in _SIGNS.items():
        if name == table and signs <= headings:
            return dataset
    return name
