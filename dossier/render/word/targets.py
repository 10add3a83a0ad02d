"""What cross-references point to: every anchor of a document and its bookmark in Word."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from dossier.compose.document import Contents, Document, Figure, Heading, Table, plain_text

Kind = Literal["heading", "caption", "contents"]

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
        What Word finds there when it updates a reference: ``Table 3``, or a heading's words.
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
        When two blocks share an anchor.
    """
    targets: dict[str, Target] = {}
    taken: set[str] = set()
    for anchor, kind, label, number in _anchored(document):
        if anchor in targets:
            raise ValueError(f"two blocks have the anchor {anchor!r}")
        known = number if anchor in counted else ""
        targets[anchor] = Target(kind, _bookmark_name(anchor, taken), label, known)
    return targets


def _anchored(document: Document) -> Iterator[tuple[str, Kind, str, str]]:
    for block in document.blocks:
        match block:
            case Heading():
                yield block.anchor, "heading", plain_text(block.children), block.number
            case Table() | Figure():
                yield block.anchor, "caption", block.label, ""
            case Contents():
                yield block.anchor, "contents", block.title, ""
            case _:
                pass


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
