"""What cross-references point to: every anchor of a document and its bookmark in Word."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Literal

from dossier.compose.document import Cell, Contents, Document, Heading, plain_text
from dossier.render.places import Place, places_of

Kind = Literal["heading", "caption", "contents", "row"]

_LONGEST_NAME = 40  # Word refuses longer bookmark names


@dataclass(frozen=True)
class Target:
    """A place that can be referred to.

    Parameters
    ----------
    kind
        What stands there.
    bookmark
        Name of its bookmark.
    label
        What Word finds there when it updates a reference: ``Table 3``, or a heading's words;
        ``""`` for the row of a table.
    number
        Number of a heading that Word counts, else ``""``.
    """

    kind: Kind
    bookmark: str
    label: str
    number: str = ""


def targets_of(document: Document, counted: Container[str]) -> Mapping[str, Target]:
    """Every anchor of the document with its target.

    Parameters
    ----------
    document
        The document.
    counted
        Anchors of headings whose number Word counts.

    Raises
    ------
    ValueError
        When two places share an anchor, or a reference leads to none.
    """
    targets: dict[str, Target] = {}
    taken: set[str] = set()
    for anchor, place in places_of(document).items():
        kind, label, number = _described(place)
        known = number if anchor in counted else ""
        targets[anchor] = Target(kind, _bookmark_name(anchor, taken), label, known)
    return targets


def _described(place: Place) -> tuple[Kind, str, str]:
    match place:
        case Heading():
            return "heading", plain_text(place.children), place.number
        case Contents():
            return "contents", place.title, ""
        case Cell():
            return "row", "", ""
    return "caption", place.label, ""


def _bookmark_name(anchor: str, taken: set[str]) -> str:
    """A name that Word accepts: letters, digits and underscores, not two that differ in case.

    The underscore in front keeps it out of Word's list of bookmarks, where users keep their own.
    """
    name = f"_{re.sub(r'[^A-Za-z0-9_]', '_', anchor)}"
    digest = hashlib.sha256(anchor.encode()).hexdigest()
    if len(name) > _LONGEST_NAME or name.casefold() in taken:
        name = f"{name[: _LONGEST_NAME - 13]}_{digest[:12]}"
    taken.add(name.casefold())
    return name
