"""ADQS and its like: the scales of quality-of-life questionnaires."""

from __future__ import annotations

import re
from typing import Final

from dossier.cohort.cdisc.records import cells, counted, filled, note, of_records
from dossier.cohort.raw_table import RawTable
from dossier.cohort.values import MISSING_CODES

# Single questions, and whether a questionnaire was filled in, are no scores of a scale.
_NO_SCALE: Final = re.compile(r"original items?|completion|single items? of form", re.IGNORECASE)


def quality_of_life_of(adqs: RawTable) -> RawTable:
    """Make the scores of ADQS: its records of a scale that have a value.

    Parameters
    ----------
    adqs
        The data set, headings in capitals.
    """
    groups = [cells(adqs, name) for name in ("PARCAT1", "PARCAT2", "PARCAT3")]
    values = cells(adqs, "AVAL")
    dates = cells(adqs, "ADT", "ADTM", "QSDTC")
    no_scale = {text for group in groups for text in set(group) if _NO_SCALE.search(text)}
    scored = [
        at
        for at, value in enumerate(values)
        if value.casefold() not in MISSING_CODES
        and not any(group[at] in no_scale for group in groups)
    ]
    kept = [at for at in scored if dates[at]]
    instruments = cells(adqs, "PARCAT1", "QSCAT")
    parameters = cells(adqs, "PARAM", "PARAMCD")
    undated = len(scored) - len(kept)
    query = note(
        adqs,
        "score-without-date",
        f"{counted(undated, 'score')} {'has' if undated == 1 else 'have'} no date",
        "left out: it is not known when the questionnaire was filled in",
        "quality_of_life",
    )
    return of_records(
        adqs,
        "quality_of_life",
        kept,
        ("USUBJID", "SUBJID", "ADT", "ADTM", "QSDTC", "PARAMCD", "AVAL", "AVISIT", "ABLFL"),
        added={
            "INSTRUMENT": [instruments[at] for at in kept],
            "SCALE": [_without(instruments[at], parameters[at]) for at in kept],
        },
        meaning={
            "patient_id": filled(adqs, "USUBJID", "SUBJID"),
            "date": filled(adqs, "ADT", "ADTM", "QSDTC"),
            "instrument": "INSTRUMENT",
            "scale": "SCALE",
            "score": "AVAL",
        },
        queries=[query] if undated else [],
    )


def _without(instrument: str, parameter: str) -> str:
    """The scale alone: ``EORTC QLQ-C30: Fatigue`` is Fatigue."""
    name = parameter.removeprefix(instrument).lstrip(" :-")
    return name or parameter
