"""ADTR: the sums of target diameters as derived there."""

from __future__ import annotations

import re
from typing import Final

from dossier.cohort.cdisc.parameters import accepted_central, evaluator_names, parameters
from dossier.cohort.cdisc.records import cells, counted, filled, note
from dossier.cohort.cdisc.target_sums import VisitSum
from dossier.cohort.model import DataQuery
from dossier.cohort.raw_table import RawTable

# SDIAM (admiralonco), SUMDIAM and SUMLDIAM (as in TR), SLD, SLDINV (NEST) ...
_CODE: Final = re.compile(r"S(UM)?L?DIAM.*|SLD.*")
_TEXT: Final = re.compile(r"\bsum of\b.*\bdiameters?\b", re.IGNORECASE)
_NO_SUM: Final = re.compile(r"change|nadir|percent|%|baseline", re.IGNORECASE)
_CENTIMETRES: Final = re.compile(r"\(cm\)", re.IGNORECASE)


def target_sums(adtr: RawTable) -> tuple[list[VisitSum], list[DataQuery]]:
    """The sum of target diameters of every visit and assessor.

    Where the data set names the lesions expected and assessed (LSEXP, LSASS) a sum of fewer than
    all is left blank: a partial one would look like shrinkage.

    Parameters
    ----------
    adtr
        The data set, headings in capitals.
    """
    chosen = [
        each
        for each in parameters(adtr)
        if (_CODE.fullmatch(each.code) or _TEXT.search(each.text)) and not _NO_SUM.search(each.text)
    ]
    values, derived = cells(adtr, "AVAL"), cells(adtr, "DTYPE")
    expected, assessed = cells(adtr, "LSEXP"), cells(adtr, "LSASS")
    patients, visits = cells(adtr, "USUBJID", "SUBJID"), cells(adtr, "AVISIT", "VISIT")
    dates = cells(adtr, "ADT", "ADTM", "TRDTC")
    centimetres = {at for each in chosen if _CENTIMETRES.search(each.text) for at in each.positions}
    of_parameter = {at: each.assessor for each in chosen for at in each.positions}
    # A record with a derivation type repeats another, such as the last value carried forward.
    records = [at for at in sorted(of_parameter) if not derived[at]]
    readers = evaluator_names(adtr, records, "TR", [of_parameter[at] for at in records])
    found, partial = [], 0
    for at, reader in zip(records, readers, strict=True):
        size = _number(values[at], 10.0 if at in centimetres else 1.0)
        incomplete = bool(expected[at]) and _names(expected[at]) != _names(assessed[at])
        partial += incomplete and size is not None
        found.append(
            VisitSum(
                patient=patients[at],
                reader=reader,
                visit=visits[at],
                date=dates[at],
                sum_mm=None if incomplete else size,
                response="NE" if incomplete else "",
                row=adtr.rows[at],
            )
        )
    central = accepted_central(adtr, records, "TR")
    queries = []
    if partial:
        queries.append(
            note(
                adtr,
                "target-sum-partial",
                "a lesion that was expected (LSEXP, LSASS) is missing from "
                f"{counted(partial, 'sum')} of target diameters",
                "left blank, and the target lesions are not evaluable then: a partial sum would "
                "look like shrinkage",
                "best_response", "benefit", "pfs", "dor",
                column=filled(adtr, "LSASS"),
                severity="warning",
            )
        )  # fmt: skip
    return [*found, *(found[at].of_central() for at in central)], queries


def _names(text: str) -> frozenset[str]:
    return frozenset(part for part in re.split(r"[\s,;]+", text.upper()) if part)


def _number(text: str, scale: float) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number * scale if 0 <= number < float("inf") else None
