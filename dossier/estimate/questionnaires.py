"""Questionnaires that are known here: which way each scale runs, and its least important change."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from dossier.cohort.settings import QualityOfLife

__all__ = ["Scale", "scale_of"]

HigherIs = Literal["better", "worse"]


@dataclass(frozen=True)
class Scale:
    """What is known of a scale.

    Parameters
    ----------
    higher_is
        Whether a higher score is better or worse; None where that is not known.
    minimal_important_difference
        The least change that counts, in points; None where none is known.
    source
        Where it comes from.
    status
        ``primary``: read in the source itself; ``secondary``: as later publications quote it;
        ``declared``: by cohort.yaml.
    """

    higher_is: HigherIs | None = None
    minimal_important_difference: float | None = None
    source: str = ""
    status: Literal["primary", "secondary", "declared"] | None = None


_OSOBA: Final = "Osoba et al., J Clin Oncol 1998;16:139-144"
_PICKARD: Final = "Pickard et al., Health Qual Life Outcomes 2007;5:70"
_C30_BETTER: Final = Scale("better", 10.0, _OSOBA, "secondary")
_C30_WORSE: Final = Scale("worse", 10.0, _OSOBA, "secondary")

# Instrument and scale, without signs and spaces, and what is known. The first that fits counts.
_KNOWN: Final = tuple(
    (re.compile(instrument), re.compile(scale), known)
    for instrument, scale, known in (
        (
            "QLQC30",
            "FUNCTION|GLOBAL|QUALITYOFLIFE|SUMMARY|^(QL2?|PF2?|RF2?|EF|CF|SF)$",
            _C30_BETTER,
        ),
        (
            "QLQC30",
            "FATIGUE|NAUSEA|VOMIT|PAIN|DYSPN|INSOMNIA|APPETITE|CONSTIPATION|DIARRH|FINANCIAL"
            "|^(FA|NV|PA|DY|SL|AP|CO|DI|FI)$",
            _C30_WORSE,
        ),
        # The British value set; for other value sets other differences were found.
        ("EQ5D", "INDEX|UTILITY", Scale("better", 0.08, _PICKARD, "primary")),
        ("EQ5D", "VAS|VISUAL", Scale("better", 7.0, _PICKARD, "primary")),
    )
)


def scale_of(instrument: str, scale: str, options: QualityOfLife) -> Scale:
    """What is known of a scale: as declared in cohort.yaml, else as known here.

    Parameters
    ----------
    instrument, scale
        As in the file.
    options
        ``estimation.quality_of_life``.
    """
    plain = [re.sub(r"[^A-Z0-9]", "", name.upper()) for name in (instrument, scale)]
    found = next(
        (
            known
            for of_instrument, of_scale, known in _KNOWN
            if of_instrument.search(plain[0]) and of_scale.search(plain[1])
        ),
        Scale(),
    )
    declared = options.scales.get(f"{instrument}: {scale}")
    if declared is None:
        return found
    if declared.higher_is is not None:
        found = replace(found, higher_is=declared.higher_is)
    if declared.minimal_important_difference is not None:
        found = replace(
            found,
            minimal_important_difference=declared.minimal_important_difference,
            source=declared.source,
            status="declared",
        )
    return found
