"""Names of places in the page: one for every anchor, no name twice."""

from __future__ import annotations

import re

from dossier.compose.document import Contents, Document, Figure, Heading, Table


class Ids:
    """Gives every anchor of a document its id, and other places ids beside those.

    Parameters
    ----------
    document
        The document.

    Raises
    ------
    ValueError
        When two blocks share an anchor.
    """

    def __init__(self, document: Document) -> None:
        self._of: dict[str, str] = {}
        self._taken: set[str] = set()
        for block in document.blocks:
            if isinstance(block, Heading | Table | Figure | Contents):
                if block.anchor in self._of:
                    raise ValueError(f"two places have the anchor {block.anchor!r}")
                self._of[block.anchor] = self.fresh(block.anchor)

    def of(self, anchor: str) -> str:
        """The id of a heading, table, figure or list of contents."""
        return self._of[anchor]

    def link(self, anchor: str, words: str) -> str:
        """The address within the page of an anchor that ``words`` refer to.

        Raises
        ------
        ValueError
            When nothing has that anchor.
        """
        if anchor not in self._of:
            raise ValueError(
                f"the cross-reference {words!r} leads to {anchor!r}, "
                "which no heading, table, figure or list has as its anchor"
            )
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
