"""Cells of a workbook that hold an error, or a formula that was never calculated.

The reader of the cells gives both as empty, and an empty date of death says that nobody died.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Final

__all__ = ["NOT_CALCULATED", "cells_in_error"]

NOT_CALCULATED: Final = "#NOT CALCULATED!"
_ATTRIBUTE: Final = re.compile(rb'([\w:]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RESULT: Final = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
_PLACE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def cells_in_error(content: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """What stands in the cells of a sheet that have no value, by row and column from 0.

    Parameters
    ----------
    content
        The bytes of a file; only those of an XLSX workbook are looked at.
    sheet
        Name of the sheet.

    Returns
    -------
    dict
        The error (``#REF!``), or `NOT_CALCULATED` for a formula without a result.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            name = _member_of(archive, sheet)
            xml = archive.read(name) if name else b""
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError):
        return {}
    if b'="e"' not in xml and b"='e'" not in xml and not _FORMULA.search(xml):
        return {}
    return dict(_found(xml))


def _found(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for cell in _CELL.finditer(xml):
        kind, body = _attributes(cell[1]), cell[2] or b""
        result = _RESULT.search(body)
        if kind.get("t") == "e":
            told = html.unescape(result[1].decode("utf-8", "replace")) if result else "#ERROR!"
        elif _FORMULA.search(body) and not result and kind.get("t") not in ("str", "inlineStr"):
            told = NOT_CALCULATED  # a result of no letters is text: t="str"
        else:
            continue
        if place := _PLACE.fullmatch(kind.get("r", "")):
            yield (int(place[2]) - 1, _column(place[1])), told


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        found[1].decode("ascii", "replace"): html.unescape(
            (found[2] or found[3] or b"").decode("utf-8", "replace")
        )
        for found in _ATTRIBUTE.finditer(tag)
    }


def _member_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The file of a sheet in the archive."""
    wanted = None
    for tag in re.findall(rb"<(?:\w+:)?sheet\b([^>]*)>", archive.read("xl/workbook.xml")):
        found = _attributes(tag)
        if found.get("name") == sheet:
            wanted = next((value for key, value in found.items() if key.endswith(":id")), None)
    links = archive.read("xl/_rels/workbook.xml.rels")
    for tag in re.findall(rb"<(?:\w+:)?Relationship\b([^>]*)>", links):
        found = _attributes(tag)
        if wanted is not None and found.get("Id") == wanted:
            target = found.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
    return None
