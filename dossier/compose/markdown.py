"""The Markdown of template packs as blocks of the document model.

Supported: headings of level 1 to 3 (``## Words [#name]``, ``[-]`` for one without a number),
paragraphs, strong and emphasised words, hard breaks, links, lists of one level, and callouts::

    > [!met] Title
    > Text.

The word in brackets is the tone; ``lead`` and ``note`` make a paragraph of that style instead of a
box. Anything else is refused with its file and line.
"""

from __future__ import annotations

import re
from functools import cache
from typing import cast, get_args
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from dossier.compose.document import (
    Block,
    BulletList,
    Callout,
    Emphasis,
    Heading,
    Inline,
    LineBreak,
    Link,
    Paragraph,
    Strong,
    Text,
    Tone,
    plain_text,
)
from dossier.compose.insertions import Insertions, Markdown, Placed
from dossier.errors import InputError, Problem

_TONES: tuple[str, ...] = get_args(Tone)
_STYLES = ("lead", "note")
_ATTRIBUTES = re.compile(r"\s*\[(#[\w-]+|-)\]\s*$")
_CALLOUT = re.compile(r"\[!(.+?)\][ \t]*(.*)")
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
_DEEPEST = 3

_REFUSED = {
    "html_block": "HTML is not allowed in a template; a comment is written {# ... #}",
    "html_inline": "HTML is not allowed in a template; a comment is written {# ... #}",
    "table": 'tables are not written in Markdown; print one with {{ table("...") }}',
    "image": 'pictures are not allowed here; print a figure with {{ figure("...") }}',
    "hr": "a line of dashes is not supported; a page break is written {{ page_break() }}",
    "fence": "code blocks are not supported",
    "code_inline": "code is not supported",
}


@cache
def _parser() -> MarkdownIt:
    # HTML and tables are recognised so that they can be refused by name; indented text is text.
    return MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")


def blocks_of(markdown: Markdown, section: str, insertions: Insertions) -> tuple[Block, ...]:
    """Blocks of one section; its first heading bears the name of the section.

    Raises
    ------
    InputError
        Where the Markdown holds something that a document cannot show.
    """
    return _Reader(markdown, section, insertions).blocks()


class _Reader:
    def __init__(self, markdown: Markdown, section: str, insertions: Insertions) -> None:
        self._markdown = markdown
        self._section = section
        self._insertions = insertions
        self._named = False

    def blocks(self) -> tuple[Block, ...]:
        tree = SyntaxTreeNode(_parser().parse(self._markdown.text))
        return tuple(block for node in tree.children for block in self._block(node))

    def _block(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        match node.type:
            case "heading":
                return (self._heading(node),)
            case "paragraph":
                placed = self._insertions.alone(node.children[0].content)
                if placed is not None:
                    return tuple(block for item in placed for block in item.blocks)
                return (Paragraph(self._inlines(node.children[0])),)
            case "bullet_list" | "ordered_list":
                items = tuple(self._item(item) for item in node.children)
                return (BulletList(items, ordered=node.type == "ordered_list"),)
            case "blockquote":
                return self._callout(node)
            case _:
                raise self._refused(node, _line(node))

    def _heading(self, node: SyntaxTreeNode) -> Heading:
        level = int(node.tag[1:])
        if level > _DEEPEST:
            raise self._problem("headings go no deeper than three levels (###)", _line(node))
        inline = node.children[0]
        attributes = _ATTRIBUTES.search(inline.content)
        children = self._inlines(inline)
        name = ""
        if attributes:
            children = _without_end(children, attributes[0].rstrip())
            name = attributes[1].removeprefix("#") if attributes[1] != "-" else ""
        if not self._named:
            self._named, name = True, self._section
        anchor = _name(name or f"{self._section} {plain_text(children)}")
        # A number that is never printed tells numbering to pass the heading by.
        number = "-" if attributes and attributes[1] == "-" else ""
        return Heading(level, children, f"section_{anchor}", number)

    def _item(self, node: SyntaxTreeNode) -> tuple[Inline, ...]:
        if len(node.children) != 1 or node.children[0].type != "paragraph":
            line = _line(node.children[1] if len(node.children) > 1 else node)
            raise self._problem("an item of a list is one paragraph; lists have one level", line)
        return self._inlines(node.children[0].children[0])

    def _callout(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        paragraphs = node.children
        if not paragraphs or any(p.type != "paragraph" for p in paragraphs):
            raise self._problem("a callout holds paragraphs only", _line(node))
        content = paragraphs[0].children[0].content
        first, _, rest = content.partition("\n")
        opening = _CALLOUT.fullmatch(first.strip())
        expected = ", ".join([*_TONES, *_STYLES])
        if opening is None:
            message = "a quotation starts with its kind in brackets, such as > [!neutral] Title"
            raise self._problem(message, _line(node), expected=expected)
        kind = plain_text(self._resolved(opening[1], _line(node)))
        if kind not in (*_TONES, *_STYLES):
            raise self._problem("no such kind of callout", _line(node), kind, expected)
        bodies = [self._parsed(rest, _line(node) + 1)] if rest.strip() else []
        bodies += [self._inlines(p.children[0]) for p in paragraphs[1:]]
        title = self._parsed(opening[2], _line(node)) if opening[2] else ()
        if kind in _STYLES:
            runs = [title, *bodies] if title else bodies
            return tuple(Paragraph(run, "lead" if kind == "lead" else "note") for run in runs)
        return (Callout(title, tuple(bodies), cast("Tone", kind)),)

    def _parsed(self, text: str, line: int) -> tuple[Inline, ...]:
        tokens = _parser().parseInline(text)
        return self._inlines(SyntaxTreeNode(tokens).children[0], line)

    def _inlines(self, inline: SyntaxTreeNode, line: int | None = None) -> tuple[Inline, ...]:
        return self._runs(inline.children, _line(inline) if line is None else line)[0]

    def _runs(self, nodes: list[SyntaxTreeNode], line: int) -> tuple[tuple[Inline, ...], int]:
        """Inline runs, and the line reached, so that a refusal names the line within its block."""
        runs: list[Inline] = []
        for node in nodes:
            match node.type:
                case "text" | "text_special":
                    runs.extend(self._resolved(node.content, line))
                case "softbreak":
                    line += 1
                    runs.append(Text(" "))
                case "hardbreak":
                    line += 1
                    runs.append(LineBreak())
                case "strong" | "em":
                    inner, line = self._runs(node.children, line)
                    runs.append(Strong(inner) if node.type == "strong" else Emphasis(inner))
                case "link":
                    inner, line = self._runs(node.children, line)
                    href = unquote(str(node.attrs.get("href", "")))
                    runs.append(Link(plain_text(self._resolved(href, line)), plain_text(inner)))
                case _:
                    raise self._refused(node, line)
        return joined(tuple(runs)), line

    def _resolved(self, text: str, line: int) -> tuple[Inline, ...]:
        runs: list[Inline] = []
        for item in self._insertions.split(text):
            if isinstance(item, Placed):
                raise self._problem(f"{item.what} stands on a line of its own", line)
            if isinstance(item, str):
                runs.append(Text(item))
            else:
                runs.extend(item)
        return tuple(runs)

    def _refused(self, node: SyntaxTreeNode, line: int) -> InputError:
        message = _REFUSED.get(node.type, f"{node.type.replace('_', ' ')} is not supported")
        return self._problem(message, line)

    def _problem(
        self, message: str, line: int, value: str | None = None, expected: str | None = None
    ) -> InputError:
        lines = self._markdown.lines
        file, row = lines[min(line, len(lines) - 1)]
        return InputError([Problem(message, file=file, row=row, value=value, expected=expected)])


def joined(runs: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Neighbouring pieces of text as one."""
    result: list[Inline] = []
    for run in runs:
        if isinstance(run, Text) and result and isinstance(result[-1], Text):
            result[-1] = Text(result[-1].text + run.text)
        elif not (isinstance(run, Text) and not run.text):
            result.append(run)
    return tuple(result)


def _without_end(children: tuple[Inline, ...], end: str) -> tuple[Inline, ...]:
    last = children[-1] if children else None
    if isinstance(last, Text):
        kept = Text(last.text.rstrip().removesuffix(end.strip()).rstrip())
        return (*children[:-1], kept) if kept.text else children[:-1]
    return children


def _name(text: str) -> str:
    return _NOT_A_NAME.sub("_", text.lower()).strip("_") or "unnamed"


def _line(node: SyntaxTreeNode) -> int:
    return node.map[0] if node.map else 0
