"""What a page is filled with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from dossier.render.pdf.painter import Painter
    from dossier.render.pdf.textbox import TextBox

FOOTNOTE_RULE_SPACE = 15.0
"""Height of the short rule above the footnotes with the space around it."""

_ROUNDING = 0.01


def footnotes_height(notes: Sequence[TextBox], *, first: bool) -> float:
    """Height that footnotes take from a page; the first ones bring the rule with them."""
    if not notes:
        return 0.0
    return sum(note.height + note.after for note in notes) + (FOOTNOTE_RULE_SPACE if first else 0.0)


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of a page.

    Parameters
    ----------
    height
        Free height, in points.
    has_footnotes
        Whether the page has footnotes already, and with them the rule.
    """

    height: float
    has_footnotes: bool = False

    def fits(self, height: float, notes: Sequence[TextBox] = ()) -> bool:
        """Whether something and its footnotes fit."""
        needed = height + footnotes_height(notes, first=not self.has_footnotes)
        return needed <= self.height + _ROUNDING

    def without(self, height: float, notes: Sequence[TextBox] = ()) -> Room:
        """What is left after something and its footnotes."""
        taken = height + footnotes_height(notes, first=not self.has_footnotes)
        return Room(self.height - taken, self.has_footnotes or bool(notes))


class Piece(Protocol):
    """Something of known height that stands in the column of text.

    Attributes
    ----------
    before, after
        Space around it; between two pieces the larger one counts.
    height
        Without that space.
    keep_with_next
        Whether the start of the next piece must be on the same page.
    footnotes
        Footnotes with their marks in it, in order.
    anchors
        Names of the places it holds.
    """

    @property
    def before(self) -> float:
        """Space above."""
        ...

    @property
    def after(self) -> float:
        """Space below."""
        ...

    @property
    def height(self) -> float:
        """Height."""
        ...

    @property
    def keep_with_next(self) -> bool:
        """Whether it is kept with the next."""
        ...

    @property
    def footnotes(self) -> Sequence[TextBox]:
        """Its footnotes."""
        ...

    @property
    def anchors(self) -> Sequence[str]:
        """Its anchors."""
        ...

    def opening(self) -> tuple[float, Sequence[TextBox]]:
        """Height, with its footnotes, of the least that may stand at the foot of a page."""
        ...

    def split(self, room: Room, *, forced: bool) -> tuple[Piece, Sequence[Piece | NewPage]] | None:
        """Divide into what fits and the rest.

        Parameters
        ----------
        room
            What is left of the page; the whole does not fit.
        forced
            On an empty page: give up good looks, but make progress.

        Returns
        -------
        tuple or None
            None when the piece should move to the next page instead.
        """
        ...

    def draw(self, painter: Painter, x: float, top: float) -> None:
        """Paint with the top left corner at (x, top)."""
        ...


@dataclass(frozen=True, slots=True)
class Space:
    """Empty height."""

    height: float
    before: float = 0.0
    after: float = 0.0
    keep_with_next: bool = True
    footnotes: tuple[TextBox, ...] = ()
    anchors: tuple[str, ...] = ()

    def opening(self) -> tuple[float, Sequence[TextBox]]:
        """All of it."""
        return self.height, ()

    def split(
        self,
        room: Room,  # noqa: ARG002
        *,
        forced: bool,
    ) -> tuple[Piece, Sequence[Piece]] | None:
        """Shrink to nothing rather than hinder."""
        return (Space(0.0), ()) if forced else None

    def draw(self, painter: Painter, x: float, top: float) -> None:
        """Nothing to paint."""


class NewPage:
    """The next piece starts a new page."""
