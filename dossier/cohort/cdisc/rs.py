"""RS of SDTM: the response at every visit by each reader, with what it says of the lesions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dossier.cohort.cdisc.parameters import CENTRAL, accepted_central, evaluator_names
from dossier.cohort.cdisc.records import cells, counted, filled, note, of_records
from dossier.cohort.model import DataQuery
from dossier.cohort.raw_table import RawTable
from dossier.cohort.settings import Derivation

_OVERALL: Final = "OVRLRESP"
# What else RS says of a visit, and our column for it.
_BESIDE: Final = {
    "TRGRESP": "target_response",
    "NTRGRESP": "non_target_response",
    "NEWLIND": "new_lesion",
    "NEWLPROG": "new_lesion",
}
_PROGRESSION: Final = {"UNEQUIVOCAL": "Y", "EQUIVOCAL": "N"}
_KEPT: Final = (
    "USUBJID", "VISIT", "VISITNUM", "RSCAT", "RSDTC", "RSTESTCD", "RSSTRESC", "RSORRES", "RSEVAL",
    "RSEVALID", "RSACPTFL",
)  # fmt: skip
_TOUCHED: Final = ("best_response", "benefit", "pfs", "dor")


def visit_responses(rs: RawTable, options: Derivation) -> RawTable:
    """Make the assessments of RS: one row a visit and reader.

    Where a scan was read by several radiologists, the readings accepted (RSACPTFL) are there a
    second time as those of central review.

    Parameters
    ----------
    rs
        The data set, headings in capitals.
    options
        Which criteria are meant where visits were judged by several (``response_criteria``).
    """
    tests = [code.upper() for code in cells(rs, "RSTESTCD")]
    status = cells(rs, "RSSTAT")
    values = cells(rs, "RSSTRESC", "RSORRES")
    meant = _criteria(rs, options)
    records = [
        at
        for at, test in enumerate(tests)
        if (test == _OVERALL or test in _BESIDE) and (meant is None or _category(rs)[at] == meant)
    ]
    not_done = [at for at in records if status[at].upper() == "NOT DONE" or not values[at]]
    left_out = set(not_done)
    records = [at for at in records if at not in left_out]
    names = dict(zip(records, evaluator_names(rs, records, "RS", [""] * len(records)), strict=True))
    visits = _visits(rs, records, tests, names)
    first = list(visits)
    central = accepted_central(rs, first, "RS")
    order = sorted([*range(len(first)), *central])
    again = [place > 0 and order[place - 1] == at for place, at in enumerate(order)]
    beside: dict[str, list[str]] = {}
    for test, column in _BESIDE.items():
        texts = beside.setdefault(column, [""] * len(order))
        for place, at in enumerate(order):
            said = visits[first[at]].get(test)
            if said is not None and texts[place] != "Y":
                texts[place] = _PROGRESSION.get(values[said].upper(), values[said])
    overall = [
        "" if (said := visits[first[at]].get(_OVERALL)) is None else values[said] for at in order
    ]
    beside = {column: texts for column, texts in beside.items() if any(texts)}
    table = of_records(
        rs,
        "assessments",
        [first[at] for at in order],
        _KEPT,
        added={
            _OVERALL: overall,
            "ASSESSOR": [
                CENTRAL if second else names[first[at]]
                for at, second in zip(order, again, strict=True)
            ],
            **beside,
        },
        meaning={
            "patient_id": filled(rs, "USUBJID"),
            "date": filled(rs, "RSDTC"),
            "response": _OVERALL,
            "assessor": "ASSESSOR" if any(names.values()) else None,
            **{column: column for column in beside},
        },
        queries=_queries(rs, len(not_done), meant),
    )
    return replace(table, source=replace(rs.source, detail=f"{rs.source.detail}; {_OVERALL}"))


def _category(rs: RawTable) -> Sequence[str]:
    return cells(rs, "RSCAT")


def _criteria(rs: RawTable, options: Derivation) -> str | None:
    """The criteria whose responses are used; None where there is no choice."""
    tests = cells(rs, "RSTESTCD")
    names = dict.fromkeys(
        name
        for name, test in zip(_category(rs), tests, strict=True)
        if name and test.upper() == _OVERALL
    )
    if len(names) < 2:
        return None
    wanted = "IRECIST" if options.response_criteria == "irecist" else "RECIST"
    return next((name for name in names if name.upper().startswith(wanted)), next(iter(names)))


def _visits(
    rs: RawTable, records: Sequence[int], tests: Sequence[str], names: dict[int, str]
) -> dict[int, dict[str, int]]:
    """For each visit, by its leading record, the record of every test.

    Every overall response leads a visit; the other tests go with that of the same patient, visit
    and reader, or with each other where there is none. The date is that of the leading record.
    """
    patients, dates = cells(rs, "USUBJID"), cells(rs, "RSDTC")
    when = cells(rs, "VISITNUM", "VISIT")
    leading: dict[tuple[str, ...], int] = {}
    visits: dict[int, dict[str, int]] = {}
    for at in sorted(records, key=lambda at: (tests[at] != _OVERALL, at)):
        key = (patients[at], names[at], when[at] or dates[at])
        if tests[at] == _OVERALL:
            leading.setdefault(key, at)
            visits[at] = {_OVERALL: at}
        else:
            visits.setdefault(leading.setdefault(key, at), {}).setdefault(tests[at], at)
    return dict(sorted(visits.items()))


def _queries(rs: RawTable, not_done: int, meant: str | None) -> list[DataQuery]:
    queries = []
    if not_done:
        queries.append(
            note(
                rs,
                "visit-without-response",
                f"{counted(not_done, 'record')} {'has' if not_done == 1 else 'have'} no result",
                "left out: it was not assessed",
                *_TOUCHED,
                column="RSSTAT",
            )
        )
    if meant is not None:
        names = ", ".join(dict.fromkeys(filter(None, _category(rs))))
        queries.append(
            note(
                rs,
                "several-criteria",
                f"the visits were judged by several criteria ({names})",
                f"the responses by {meant} are used (derivation.response_criteria)",
                *_TOUCHED,
                column="RSCAT",
            )
        )
    return queries
