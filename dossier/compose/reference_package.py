"""The reference document of a pack as a package: found, measured and parsed, or refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any, NoReturn

from dossier.errors import InputError, Problem

MOST_BYTES = 20_000_000
MOST_UNPACKED = 5_000_000
MOST_RATIO = 300

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

_WORD_FILE = "a Word document saved as .docx"
_STYLES, _DOCUMENT, _THEME = "word/styles.xml", "word/document.xml", "word/theme/theme1.xml"
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)


class ReferencePackage:
    """The three parts that are looked at; nothing else of the package is unpacked.

    Parameters
    ----------
    folder
        The pack's folder, which the document must stand in.
    name
        Path of the document in that folder.
    file, row
        The pack's file and line that name it, for problems.

    Attributes
    ----------
    styles, document, theme
        Root elements of the parts; a document may have no theme.

    Raises
    ------
    InputError
        When it is no Word document of a reasonable size, or one of the parts is no XML.
    """

    def __init__(self, folder: Path, name: str, file: str, row: int | None) -> None:
        self._folder = folder
        self._name = name
        self._file = file
        self._row = row
        parts = self._parts()
        self.styles = self._parsed(_STYLES, parts[_STYLES], f"{WORD}styles")
        self.document = self._parsed(_DOCUMENT, parts[_DOCUMENT], f"{WORD}document")
        self.theme = (
            self._parsed(_THEME, parts[_THEME], f"{DRAWING}theme") if _THEME in parts else None
        )

    def refuse(self, message: str, expected: str) -> NoReturn:
        """Raise a problem that names the line of the pack.

        Raises
        ------
        InputError
            Always.
        """
        problem = Problem(
            message, self._file, self._row, "style.reference", None, self._name, expected
        )
        raise InputError([problem])

    def _parts(self) -> dict[str, bytes]:
        path = self._path()
        try:
            with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
                members = {member.filename: member for member in package.infolist()}
                for part in (_STYLES, _DOCUMENT):
                    if part not in members:
                        self.refuse(f"the reference document has no {part}", _WORD_FILE)
                return {
                    part: self._unpacked(package, members[part])
                    for part in (_STYLES, _DOCUMENT, _THEME)
                    if part in members
                }
        except InputError:
            raise
        except _UNREADABLE:
            self.refuse("the reference document cannot be read", _WORD_FILE)

    def _path(self) -> Path:
        inside = "a path inside the pack's folder"
        folder = self._folder.resolve()
        try:
            path = (folder / self._name).resolve()
        except (OSError, ValueError, RuntimeError):
            self.refuse("the path of the reference document cannot be used", inside)
        if not path.is_relative_to(folder):
            self.refuse("the reference document stands outside the pack", inside)
        if not path.is_file():
            self.refuse("there is no such reference document", inside)
        if path.stat().st_size > MOST_BYTES:
            self.refuse(
                "the reference document is too large", f"at most {MOST_BYTES // 1_000_000} MB"
            )
        return path

    def _unpacked(self, package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
        most = f"at most {MOST_UNPACKED // 1_000_000} MB; its text can be deleted, its styles stay"
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile(member.filename)
        packed = max(member.compress_size, 1)
        if member.file_size > MOST_UNPACKED or member.file_size / packed > MOST_RATIO:
            self.refuse(f"{member.filename} of the reference document is too large", most)
        with package.open(member) as source:
            content = source.read(MOST_UNPACKED + 1)
        if len(content) > MOST_UNPACKED:
            self.refuse(f"{member.filename} of the reference document is too large", most)
        return content

    def _parsed(self, part: str, content: bytes, tag: str) -> Any:
        from lxml import etree  # only where a pack has a reference document

        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        doctype = f"{part} of the reference document has a DOCTYPE"
        if b"<!DOCTYPE" in content:
            self.refuse(doctype, "XML without one")
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError):
            self.refuse(f"{part} of the reference document cannot be read", _WORD_FILE)
        if root.getroottree().docinfo.internalDTD is not None:
            self.refuse(doctype, "XML without one")
        if root.tag != tag:
            self.refuse(
                f"{part} of the reference document is not Word's",
                f"{_WORD_FILE}, not as Strict Open XML",
            )
        return root
