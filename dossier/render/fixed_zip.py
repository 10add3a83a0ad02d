"""Zip packages whose bytes depend on their content alone, not on the clock or the machine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_FIRST_IN_PACKAGE = ("[Content_Types].xml", "_rels/.rels")
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the zip format knows no earlier date


def fixed_zip(package: bytes, replaced: Mapping[str, bytes] | None = None) -> bytes:
    """Pack an Office package again: parts in a fixed order, all with the same date.

    Parameters
    ----------
    package
        A zip file.
    replaced
        New contents of some of its parts, by name.
    """
    contents = replaced or {}
    repacked = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(repacked, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        names = sorted(source.namelist(), key=lambda name: (name not in _FIRST_IN_PACKAGE, name))
        for name in names:
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, contents[name] if name in contents else source.read(name))
    return repacked.getvalue()
