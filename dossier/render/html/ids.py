"""Names of places in the page: one for every anchor, no name twice."""

from __future__ import annotations

import re

from dossier.compose.document import Document
from dossier.render.places import places_of


class Ids:
    """Gives every anchor of a document its id, and other places ids beside those.

    Parameters
    ----------
    document
        The document.

    Raises
    ------
    ValueError
        When two places share an anchor, or a reference leads to none.
    """

    def __init__(self, document: Document) -> None:
        self._taken: set[str] = set()
        self._of = {anchor: self.fresh(anchor) for anchor in places_of(document)}

    def of(self, anchor: str) -> str:
        """The id of what stands at an anchor."""
        return self._of[anchor]

    def link(self, anchor: str) -> str:
        """The address within the page of an anchor."""
        return f"#{self._of[anchor]}"

    def fresh(self, wish: str) -> str:
        """An id that nothing has yet, as near to the wish as an address may be."""
        name = re.sub(r"[^A-Za-z0-9_.-]+", "-", wish).strip("-") or "place"
        if not name[0].isalpha():
            name = f"place-{name}"
        candidate, count = name, 1
        # Two ids that differ in case only are two places, but not to every reader of the file.
        while candidate.lower() in self._taken:
            count += 1
            candidate = f"{name}-{count}"
        self._taken.add(candidate.lower())
        return candidate
