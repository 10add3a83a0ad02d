"""Files inside the PDF, as PDF/A-3 associates them with the document."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from typing import Any, Literal

import pikepdf
from pikepdf import Array, Dictionary, Name, String

_TYPES = {"json": "application/json", "yaml": "application/yaml", "yml": "application/yaml"}


@dataclass(frozen=True)
class Attachment:
    """A file to put inside.

    Parameters
    ----------
    name
        Its file name.
    content
        Its bytes.
    relation
        ``Data`` for the numbers that the document shows, ``Source`` for what they were made from.
    description
        Words for readers, in the language of the document.
    """

    name: str
    content: bytes
    relation: Literal["Data", "Source"]
    description: str


def write_attachments(
    pdf: pikepdf.Pdf, attachments: tuple[Attachment, ...], date: datetime.datetime
) -> None:
    """Embed files and associate them with the document.

    Parameters
    ----------
    pdf
        The file being finished.
    attachments
        Each with a name of its own.
    date
        Their date in the file, UTC; that of the document, so that the same files give the same
        bytes.
    """
    names: list[Any] = []
    specifications: list[Any] = []
    for each in sorted(attachments, key=lambda each: bytes(String(each.name))):
        kind = _TYPES.get(each.name.rpartition(".")[2].lower(), "application/octet-stream")
        stream = pdf.make_stream(each.content, Type=Name.EmbeddedFile, Subtype=Name("/" + kind))
        stream.Params = Dictionary(
            ModDate=String(date.strftime("D:%Y%m%d%H%M%SZ")),
            Size=len(each.content),
            CheckSum=String(hashlib.md5(each.content, usedforsecurity=False).digest()),
        )
        specification = pdf.make_indirect(
            Dictionary(
                Type=Name.Filespec,
                F=String(each.name),
                UF=String(each.name),
                Desc=String(each.description),
                AFRelationship=Name("/" + each.relation),
                EF=Dictionary(F=stream, UF=stream),
            )
        )
        names += [String(each.name), specification]
        specifications.append(specification)
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(names)))
    pdf.Root.AF = Array(specifications)
