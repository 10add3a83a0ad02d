"""Partial dates back to their rows."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.cohort.model import ImputedDate
from dossier.trace.chain import Chain
from dossier.trace.model import Contribution, Finding


def partial_dates(chain: Chain, keys: Sequence[str]) -> Finding:
    """A number of the section on partial dates.

    Parameters
    ----------
    chain
        What is traced.
    keys
        Keys below ``partial_dates``.
    """
    dates = chain.cohort.partial_dates
    match list(keys):
        case ["dates" | "patients" as what]:
            return _found(chain, dates, "partial dates", of_patients=what == "patients")
        case ["columns", place, "dates" | "patients" as what]:
            column = chain.results["partial_dates"]["columns"][int(place)]
            own = [
                each
                for each in dates
                if (each.table, each.column) == (column["table"], column["column"])
            ]
            words = f"partial dates in {column['table']}.{column['column']}"
            return _found(chain, own, words, of_patients=what == "patients")
        case ["endpoints", name, "as_taken", *_]:
            return Finding(f"the number of endpoints.{name}: trace it there")
        case ["endpoints", name, case, *_]:
            return Finding(
                f"derived again with every partial date at its {case} possible day; "
                f"the same endpoint as taken: trace endpoints.{name}"
            )
    return Finding("words or a setting of the section on partial dates, no number of patients")


def _found(
    chain: Chain, dates: Sequence[ImputedDate], meaning: str, *, of_patients: bool
) -> Finding:
    of_patient: dict[str, list[ImputedDate]] = {}
    for each in dates:
        of_patient.setdefault(each.patient, []).append(each)
    contributions = tuple(
        Contribution(
            patient,
            len(own),
            counted=True,
            reason=", ".join(
                f"{each.earliest} to {each.latest}, {each.date} taken" for each in own
            ),
            sources=tuple(
                chain.row(
                    "holds",
                    each.table,
                    float(chain.cohort.table(each.table)["row"].iloc[each.position]),
                    each.column,
                )
                for each in own
            ),
        )
        for patient, own in of_patient.items()
    )
    count = len(contributions) if of_patients else len(dates)
    return Finding(meaning, "enrolled patients", len(chain.frame), contributions, (), count)
