"""DV of SDTM, or ADDV: protocol deviations."""

from __future__ import annotations

from typing import Final

from dossier.cohort.cdisc.records import cells, filled, of_records
from dossier.cohort.headings import plain
from dossier.cohort.raw_table import RawTable

# Sponsors state importance and waivers in a category: there is no variable of its own for them.
_IMPORTANT: Final = frozenset({"important", "major", "significant", "critical", "key"})
_NOT_IMPORTANT: Final = frozenset(
    {"minor", "notimportant", "nonimportant", "nonsignificant", "notsignificant", "nonmajor"}
)
_GROUPS: Final = ("DVCAT", "DVSCAT", "DVDECOD")


def protocol_deviations_of(dv: RawTable) -> RawTable:
    """Make the protocol deviations of DV or ADDV.

    The category is the first of DVDECOD, DVSCAT and DVCAT that names a kind of deviation, not its
    importance; where there is none, the deviation as reported (DVTERM). A deviation is important
    where one of them says so (``MAJOR``, ``IMPORTANT``), and a waiver where one holds that word.

    Parameters
    ----------
    dv
        The data set, headings in capitals.
    """
    groups = {name: cells(dv, name) for name in _GROUPS}
    terms = cells(dv, "DVTERM")
    category, important, waiver = [], [], []
    for at, term in enumerate(terms):
        said = [groups[name][at] for name in _GROUPS]
        kinds = [text for text in reversed(said) if text and not _importance(text)]
        category.append(next(iter(kinds), term))
        important.append(next((word for text in said if (word := _importance(text))), ""))
        waiver.append("yes" if any("waiver" in text.casefold() for text in said) else "")
    return of_records(
        dv,
        "protocol_deviations",
        range(len(terms)),
        ("USUBJID", "SUBJID", "ASTDT", "DVSTDTC", "DVTERM", *_GROUPS),
        added={"CATEGORY": category, "IMPORTANT": important}
        | ({"WAIVER": [each or "no" for each in waiver]} if any(waiver) else {}),
        meaning={
            "patient_id": filled(dv, "USUBJID", "SUBJID"),
            "date": filled(dv, "ASTDT", "DVSTDTC"),
            "category": "CATEGORY",
            "description": filled(dv, "DVTERM"),
            "important": "IMPORTANT" if any(important) else None,
            "waiver": "WAIVER" if any(waiver) else None,
        },
    )


def _importance(text: str) -> str:
    """``yes`` or ``no`` where a text says nothing but how important a deviation is."""
    bare = plain(text).removesuffix("protocoldeviations").removesuffix("protocoldeviation")
    if bare in _IMPORTANT:
        return "yes"
    return "no" if bare in _NOT_IMPORTANT else ""
