"""TR and TU of SDTM: the sum of target diameters at every visit by each reader.

The diameters of the target lesions are added: the longest, of lymph nodes the short axis. The
lesions of the first visit are those expected at every other; where one of them was not measured
there is no sum, since a partial one would look like shrinkage. A lesion that is gone counts 0 mm,
one too small to measure 5 mm (RECIST 1.1, Eisenhauer et al., Eur J Cancer 2009;45:228-247, section
4.3). A sum recorded as such (SUMDIAM) is used where a visit has no single lesions; where it has, a
difference is a data query.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from dossier.cohort.cdisc.parameters import accepted_central, evaluator_names
from dossier.cohort.cdisc.records import cells
from dossier.cohort.cdisc.target_sums import VisitSum
from dossier.cohort.model import DataQuery
from dossier.cohort.raw_table import RawTable

_SUMS: Final = frozenset({"SUMDIAM", "SUMLDIAM"})
_LONGEST: Final = frozenset({"LDIAM", "DIAMETER"})
_SHORT_AXIS: Final = frozenset({"LPERP", "SAXIS"})
_STATE: Final = "TUMSTATE"
_GONE: Final = frozenset({"ABSENT", "DISAPPEARED", "RESOLVED"})
_TOO_SMALL: Final = "TOO SMALL TO MEASURE"
_TOO_SMALL_MM: Final = 5.0  # RECIST 1.1, section 4.3
_NODE_MM: Final = 10.0  # RECIST 1.1: a node with a shorter short axis is no longer pathological
_MILLIMETRES: Final[Mapping[str, float]] = {"": 1.0, "mm": 1.0, "cm": 10.0}
_ROUNDING_MM: Final = 0.5  # a sum recorded in whole millimetres
_TOUCHED: Final = ("best_response", "benefit", "pfs", "dor")


@dataclass
class _Visit:
    """What one reader measured at one visit."""

    patient: str
    reader: str
    visit: str
    leading: int
    dates: list[str] = field(default_factory=list)
    sizes: dict[str, list[float]] = field(default_factory=dict)  # of each lesion, as measured
    missing: set[str] = field(default_factory=set)  # lesions with a record, but no size
    recorded: float | None = None


def target_sums(tr: RawTable, tu: RawTable | None) -> tuple[list[VisitSum], list[DataQuery]]:
    """The sum of target diameters of every visit and reader.

    Parameters
    ----------
    tr, tu
        The data sets, headings in capitals. TU tells which lesions are lymph nodes and, where TR
        has no group, which are targets; without it every lesion is measured by its longest
        diameter.

    Returns
    -------
    tuple
        The sums in the order of TR, and data queries about those that cannot be formed.
    """
    lesions = _Lesions(tr, tu)
    visits = _visits(tr, lesions)
    first: dict[tuple[str, str], _Visit] = {}
    for visit in visits:
        first.setdefault((visit.patient, visit.reader), visit)
    found, queries = [], []
    for visit in visits:
        expected = first[visit.patient, visit.reader].sizes.keys()
        total, why = _total(visit, expected)
        if why:
            queries.append(_not_evaluable(tr, visit, why))
        elif visit.recorded is not None and visit.sizes:
            assert total is not None  # noqa: S101  for the type checker: nothing was missing
            if abs(visit.recorded - total) > _ROUNDING_MM:
                queries.append(_differs(tr, visit, total, visit.recorded))
        complete = bool(visit.sizes) and not why and visit is not first[visit.patient, visit.reader]
        gone = complete and all(
            sizes[0] == 0 or (lesions.nodal(visit.patient, name) and sizes[0] < _NODE_MM)
            for name, sizes in visit.sizes.items()
        )
        found.append(
            VisitSum(
                patient=visit.patient,
                reader=visit.reader,
                visit=visit.visit,
                # A scan over several days is dated by its last: the sum is known only then.
                date=max(visit.dates, default=""),
                sum_mm=total,
                response="NE" if why else ("CR" if gone else ""),
                row=tr.rows[visit.leading],
            )
        )
    central = accepted_central(tr, [visit.leading for visit in visits], "TR")
    return [*found, *(found[at].of_central() for at in central)], queries


class _Lesions:
    """Which lesions are targets and which are lymph nodes, by patient and identifier."""

    def __init__(self, tr: RawTable, tu: RawTable | None) -> None:
        self._groups = cells(tr, "TRGRPID")
        self._patients, self._names = cells(tr, "USUBJID"), cells(tr, "TRLNKID")
        self._kind: dict[tuple[str, str], str] = {}
        self._place: dict[tuple[str, str], str] = {}
        if tu is not None:
            identified = zip(
                cells(tu, "USUBJID"),
                cells(tu, "TULNKID"),
                cells(tu, "TUSTRESC", "TUORRES"),
                cells(tu, "TULOC"),
                strict=True,
            )
            for patient, name, kind, place in identified:
                self._kind.setdefault((patient, name), kind)
                self._place.setdefault((patient, name), place)

    def target(self, at: int) -> bool:
        """Whether a record of TR is about a target lesion."""
        kind = self._groups[at] or self._kind.get((self._patients[at], self._names[at]), "")
        return kind.strip().upper().startswith("TARGET")

    def nodal(self, patient: str, name: str) -> bool:
        """Whether a lesion is a lymph node, whose short axis counts."""
        return "LYMPH" in self._place.get((patient, name), "").upper()


def _visits(tr: RawTable, lesions: _Lesions) -> list[_Visit]:
    tests = [code.upper() for code in cells(tr, "TRTESTCD")]
    patients, names = cells(tr, "USUBJID"), cells(tr, "TRLNKID")
    when, dates = cells(tr, "VISITNUM", "VISIT"), cells(tr, "TRDTC")
    wanted = _LONGEST | _SHORT_AXIS | {_STATE}
    records = [
        at
        for at, test in enumerate(tests)
        if test in _SUMS or (test in wanted and lesions.target(at))
    ]
    readers = evaluator_names(tr, records, "TR", [""] * len(records))
    values = _Values(tr)
    visits: dict[tuple[str, str, str], _Visit] = {}
    for at, reader in zip(records, readers, strict=True):
        key = (patients[at], reader, when[at] or dates[at])
        visit = visits.setdefault(key, _Visit(*key, leading=at))
        size = values.size(at)
        if tests[at] in _SUMS:
            visit.recorded = size
        elif not _counts(tests[at], nodal=lesions.nodal(patients[at], names[at])):
            continue
        elif size is not None:
            sizes = visit.sizes.setdefault(names[at], [])
            if size not in sizes:
                sizes.append(size)
        elif tests[at] != _STATE:
            visit.missing.add(names[at])
        if dates[at] and (size is not None or not visit.dates):
            visit.dates.append(dates[at])
    return list(visits.values())


def _counts(test: str, *, nodal: bool) -> bool:
    return test == _STATE or test in (_SHORT_AXIS if nodal else _LONGEST)


class _Values:
    """Sizes in millimetres."""

    def __init__(self, tr: RawTable) -> None:
        self._numbers = cells(tr, "TRSTRESN", "TRSTRESC", "TRORRES")
        self._texts = cells(tr, "TRSTRESC", "TRORRES")
        self._units = cells(tr, "TRSTRESU", "TRORRESU")
        self._status = cells(tr, "TRSTAT")

    def size(self, at: int) -> float | None:
        """Size in a record; None where it was not measured or its unit is none of length."""
        if self._status[at].upper() == "NOT DONE":
            return None
        said = self._texts[at].strip().upper()
        if said in _GONE:
            return 0.0
        if said == _TOO_SMALL:
            return _TOO_SMALL_MM
        try:
            number = float(self._numbers[at] or self._texts[at])
        except ValueError:
            return None
        scale = _MILLIMETRES.get(self._units[at].strip().lower())
        return None if scale is None or not math.isfinite(number) or number < 0 else number * scale


def _total(visit: _Visit, names: Set[str]) -> tuple[float | None, str]:
    """The sum and, where there is none although lesions were to be measured, why."""
    if not visit.sizes and not visit.missing and visit.recorded is not None:
        return visit.recorded, ""
    lacking = sorted((names | visit.missing) - visit.sizes.keys())
    if lacking:
        return None, f"not measured: {', '.join(lacking)}"
    unexpected = sorted(visit.sizes.keys() - names)
    if unexpected:
        return None, f"not among the lesions of the first visit: {', '.join(unexpected)}"
    twice = sorted(name for name, sizes in visit.sizes.items() if len(sizes) > 1)
    if twice:
        return None, f"measured twice with different sizes: {', '.join(twice)}"
    return math.fsum(sizes[0] for sizes in visit.sizes.values()), ""


def _not_evaluable(tr: RawTable, visit: _Visit, why: str) -> DataQuery:
    return DataQuery(
        rule="target-sum-not-evaluable",
        severity="warning",
        message=f"the sum of target diameters cannot be formed; {why}",
        consequence="the sum is left blank and the target lesions are not evaluable at this visit: "
        "a partial sum would look like shrinkage",
        patient=visit.patient or None,
        file=tr.label,
        row=tr.rows[visit.leading],
        column="TRLNKID",
        value=visit.visit or None,
        endpoints=_TOUCHED,
    )


def _differs(tr: RawTable, visit: _Visit, total: float, recorded: float) -> DataQuery:
    return DataQuery(
        rule="target-sum-differs",
        severity="warning",
        message=f"the sum of target diameters is recorded as {recorded:g} mm, the lesions add up "
        f"to {total:g} mm",
        consequence="the sum of the lesions is used",
        patient=visit.patient or None,
        file=tr.label,
        row=tr.rows[visit.leading],
        column="TRTESTCD",
        value=f"{recorded:g}",
        endpoints=_TOUCHED,
    )
