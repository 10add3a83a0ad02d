"""The parameters of an ADaM data set (PARAMCD), and who assessed what they say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dossier.cohort.cdisc.records import cells
from dossier.cohort.raw_table import RawTable

INVESTIGATOR: Final = "investigator"
CENTRAL: Final = "central"

_INVESTIGATOR: Final = re.compile(r"\binvestigator|\blocal\b", re.IGNORECASE)
_CENTRAL: Final = re.compile(
    r"\bcentral|\bindependent|\bblinded|\bB?ICR\b|\bIRC\b|\bIRF\b|\bcommittee\b|\badjudicat",
    re.IGNORECASE,
)
_CODE_OF_INVESTIGATOR: Final = re.compile(r".+INV$")
_CODE_OF_CENTRAL: Final = re.compile(r".+(BICR|ICR|IRC|IRF)$")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a data set.

    Parameters
    ----------
    code, text
        PARAMCD in capitals, and PARAM.
    assessor
        ``investigator`` or ``central``; ``""`` where the parameter does not say.
    positions
        Its records.
    """

    code: str
    text: str
    assessor: str
    positions: tuple[int, ...]


def parameters(raw: RawTable) -> list[Parameter]:
    """The parameters of a data set, in the order of their first records."""
    codes, texts = cells(raw, "PARAMCD"), cells(raw, "PARAM")
    groups = [cells(raw, name) for name in ("PARCAT1", "PARCAT2", "PARCAT3")]
    positions: dict[str, list[int]] = {}
    for at, code in enumerate(codes):
        positions.setdefault(code.upper(), []).append(at)
    found = []
    for code, records in positions.items():
        text = texts[records[0]]
        about = [text, *(group[records[0]] for group in groups)]
        found.append(Parameter(code, text, _assessor(code, about), tuple(records)))
    return found


def _assessor(code: str, about: Sequence[str]) -> str:
    for text in about:
        if _INVESTIGATOR.search(text):
            return INVESTIGATOR
        if _CENTRAL.search(text):
            return CENTRAL
    if _CODE_OF_INVESTIGATOR.match(code):
        return INVESTIGATOR
    return CENTRAL if _CODE_OF_CENTRAL.match(code) else ""


def by_chosen_assessor(found: Sequence[Parameter], assessor: str | None) -> list[Parameter]:
    """Of several parameters those by the assessor whose readings are used.

    Parameters
    ----------
    found
        Parameters that say the same by different assessors.
    assessor
        ``derivation.assessor``; the investigator where nobody chose. One radiologist has no
        parameters of his own.
    """
    wanted = (assessor or INVESTIGATOR).strip().casefold()
    theirs = [each for each in found if each.assessor == wanted]
    if theirs:
        return theirs
    unnamed = [each for each in found if not each.assessor]
    return unnamed if assessor or unnamed else list(found)


def evaluator_names(
    raw: RawTable, positions: Sequence[int], domain: str, otherwise: Sequence[str]
) -> list[str]:
    """Who made each record: ``--EVAL``, and ``--EVALID`` where several independents read it.

    Parameters
    ----------
    raw
        ADRS, RS or TR.
    positions
        The records looked at.
    domain
        ``RS`` or ``TR``.
    otherwise
        Taken for a record that does not say, one for each position.
    """
    who = cells(raw, f"{domain}EVAL", "AEVAL")
    which = cells(raw, f"{domain}EVALID", "AEVALID")
    return [
        which[at] or who[at] or fallback for at, fallback in zip(positions, otherwise, strict=True)
    ]


def accepted_central(raw: RawTable, positions: Sequence[int], domain: str) -> list[int]:
    """Places among `positions` that make up the central reading: those accepted (``--ACPTFL``).

    Where several independent radiologists read a scan, one reading of each visit is accepted; that
    is the reading of central review. Without such flags there is none beside the radiologists'.
    """
    which = cells(raw, f"{domain}EVALID", "AEVALID")
    accepted = cells(raw, f"{domain}ACPTFL")
    return [
        place for place, at in enumerate(positions) if which[at] and accepted[at].upper() == "Y"
    ]
