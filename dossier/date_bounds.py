"""How much hangs on partial dates: the main endpoints at the earliest and latest possible days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dossier.cohort.partial_dates import at_bounds

if TYPE_CHECKING:
    from dossier.cohort.model import Cohort
    from dossier.cohort.settings import Settings
    from dossier.estimate.model import Results

SHARES: Final = ("orr", "cbr_16w", "cbr_24w")
MEDIANS: Final = ("pfs", "os", "dor")
CASES: Final = ("as_taken", "earliest", "latest")


@dataclass(frozen=True)
class PartialColumn:
    """Partial dates in one column: our names, and how many."""

    table: str
    column: str
    dates: int
    patients: int


@dataclass(frozen=True, eq=False)
class DateBounds:
    """Partial dates of a cohort, and the main endpoints with them at their bounds.

    Parameters
    ----------
    policy
        The day taken, ``derivation.partial_dates``.
    columns
        Where the partial dates are.
    patients
        Patients with one or more.
    cases
        Results with every partial date as taken, at its earliest and at its latest possible day;
        empty without partial dates.
    """

    policy: str
    columns: tuple[PartialColumn, ...]
    patients: int
    cases: dict[str, Results]

    @property
    def dates(self) -> int:
        """Partial dates in all columns."""
        return sum(each.dates for each in self.columns)

    def to_dict(self) -> dict[str, Any]:
        """Section ``partial_dates`` of results.json."""
        result: dict[str, Any] = {
            "dates": self.dates,
            "patients": self.patients,
            "policy": self.policy,
            "columns": [
                {
                    "table": each.table,
                    "column": each.column,
                    "dates": each.dates,
                    "patients": each.patients,
                }
                for each in self.columns
            ],
        }
        if self.cases:
            result["endpoints"] = {
                name: {case: _shown(found, name) for case, found in self.cases.items()}
                for name in (*SHARES, *MEDIANS)
            }
        return result


def date_bounds(cohort: Cohort, results: Results) -> DateBounds:
    """Derive and estimate again with every partial date at its earliest and latest possible day.

    All dates move together, so the two cases show how much hangs on them; an endpoint can lie
    somewhat outside where one date moves forward and another back.

    Parameters
    ----------
    cohort
        The cohort, its partial dates as the declared policy takes them.
    results
        Its numbers.
    """
    counted = Counter((each.table, each.column) for each in cohort.partial_dates)
    whose: dict[tuple[str, str], set[str]] = {}
    for each in cohort.partial_dates:
        whose.setdefault((each.table, each.column), set()).add(each.patient)
    columns = tuple(
        PartialColumn(table, column, dates, len(whose[table, column]))
        for (table, column), dates in counted.items()
    )
    patients = len({each.patient for each in cohort.partial_dates})
    cases: dict[str, Results] = {}
    if columns:
        cases = {"as_taken": results} | {
            "earliest": _estimated(at_bounds(cohort, "earliest")),
            "latest": _estimated(at_bounds(cohort, "latest")),
        }
    return DateBounds(cohort.settings.derivation.partial_dates, columns, patients, cases)


def _estimated(cohort: Cohort) -> Results:
    from dataclasses import replace

    from dossier.derive.patients import derive
    from dossier.estimate.results import estimate

    lean = replace(cohort, settings=_main_endpoints_only(cohort.settings))
    return estimate(lean, derive(lean, queries=False))


def _main_endpoints_only(settings: Settings) -> Settings:
    """The settings without what takes long and is not looked at here."""
    plain = type(settings.estimation)()
    without = {
        name: getattr(plain, name)
        for name in ("bootstrap", "baskets", "competing_risks", "restricted_mean")
    }
    estimation = settings.estimation.model_copy(update=without)
    return settings.model_copy(update={"estimation": estimation, "two_stage": None})


def _shown(results: Results, name: str) -> dict[str, Any]:
    if name in SHARES:
        share = results.proportions[name]
        shown: dict[str, Any] = {
            "events": share.events,
            "n": share.n,
            "estimate": share.estimate,
        }
        reason = share.reason
    else:
        time = results.times[name]
        median = time.median.to_dict()
        shown = {key: median[key] for key in ("months", "days")}
        shown |= {"events": time.events, "n": time.n}
        reason = None if time.median.days is not None else time.reason or time.median.reason
    return shown if reason is None else shown | {"reason": reason}
