"""The structure tree: what each mark on a page is, in reading order.

Elements are made while the document is set; painting a page gives each element the marked
content that belongs to it. Block elements take their place in the tree when they are made, so
that a footnote follows its paragraph; elements inside a line take theirs when they are painted,
so that they stand between the words around them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Tag = Literal[
    "Document",
    "Sect",
    "Div",
    "H1",
    "H2",
    "H3",
    "P",
    "L",
    "LI",
    "Lbl",
    "LBody",
    "Table",
    "THead",
    "TBody",
    "TR",
    "TH",
    "TD",
    "Caption",
    "Figure",
    "TOC",
    "TOCI",
    "Reference",
    "Link",
    "Note",
]
EMPTY_ALLOWED = frozenset({"TBody", "TD", "TH"})
"""A table keeps its empty cells, or its rows become ragged; other empty elements are left out."""


@dataclass(frozen=True, slots=True)
class MarkedContent:
    """A marked stretch of a page's content: page index and number within the page."""

    page: int
    number: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation that belongs to an element; its index in `Structure.link_areas`."""

    index: int


@dataclass(slots=True, eq=False)
class Element:
    """A node of the structure tree.

    Parameters
    ----------
    tag
        Standard structure type of PDF 1.7.
    parent
        Element it belongs to; None for the root.
    attached
        Whether it has its place among its parent's children yet.
    alt, summary, title, identifier
        ``Alt``, table ``Summary``, ``T`` and ``ID``.
    scope, column_span
        Attributes of table cells.
    numbering
        ``ListNumbering`` of a list.
    box
        Bounding box of a figure on its page: left, bottom, right, top.
    """

    tag: Tag
    parent: Element | None = None
    attached: bool = True
    alt: str = ""
    summary: str = ""
    title: str = ""
    identifier: str = ""
    scope: Literal["", "Row", "Column"] = ""
    column_span: int = 1
    numbering: Literal["", "Disc", "Decimal"] = ""
    box: tuple[float, float, float, float] | None = None
    children: list[Element | MarkedContent | Annotation] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.parent is not None and self.attached:
            self.parent.children.append(self)

    def child(self, tag: Tag, **attributes: Any) -> Element:
        """Add an element at the end of the children."""
        return Element(tag, self, **attributes)

    def inline(self, tag: Tag, **attributes: Any) -> Element:
        """Make a child that takes its place when it is first painted."""
        return Element(tag, self, attached=False, **attributes)

    def attach(self) -> None:
        """Take the place among the parent's children, if not taken yet."""
        if not self.attached and self.parent is not None:
            self.parent.attach()
            self.parent.children.append(self)
            self.attached = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing was painted for this element or below it."""
        return self.tag not in EMPTY_ALLOWED and all(
            isinstance(child, Element) and child.is_empty for child in self.children
        )


@dataclass(frozen=True, slots=True, eq=False)
class LinkTarget:
    """Where a link goes.

    Parameters
    ----------
    element
        The ``Link`` element.
    anchor
        Name of a place in the document, or ``""``.
    url
        Address on the web, or ``""``.
    spoken
        Words for readers who cannot see the page.
    """

    element: Element
    spoken: str
    anchor: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class LinkArea:
    """A rectangle of a page that follows a link."""

    page: int
    box: tuple[float, float, float, float]
    target: LinkTarget


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a page, in points from the bottom left."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline."""

    level: int
    title: str
    anchor: str


@dataclass(slots=True)
class Structure:
    """Everything the pages say about themselves besides their marks.

    Attributes
    ----------
    root
        The ``Document`` element.
    marked
        By page, the element of each marked-content number.
    link_areas
        Rectangles that follow a link.
    places
        Where each anchor was painted.
    bookmarks
        The outline, in order.
    """

    root: Element = field(default_factory=lambda: Element("Document"))
    marked: list[list[Element]] = field(default_factory=list)
    link_areas: list[LinkArea] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    bookmarks: list[Bookmark] = field(default_factory=list)

    def mark(self, page: int, element: Element) -> int:
        """Number the next marked content of a page and give it to an element."""
        element.attach()
        while len(self.marked) <= page:
            self.marked.append([])
        number = len(self.marked[page])
        self.marked[page].append(element)
        element.children.append(MarkedContent(page, number))
        return number

    def add_link_area(
        self, page: int, box: tuple[float, float, float, float], target: LinkTarget
    ) -> None:
        """Make a rectangle of a page follow a link."""
        target.element.attach()
        target.element.children.append(Annotation(len(self.link_areas)))
        self.link_areas.append(LinkArea(page, box, target))
