"""What went into a dossier: software, data, criteria and settings, each with its hash."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dossier.cohort.model import Cohort, SourceFile
from dossier.version import __version__


@dataclass(frozen=True)
class Manifest:
    """Everything a dossier was made from.

    Parameters
    ----------
    software, version
        Name and version of the program.
    data_cutoff
        The data cut-off, None where neither declared nor found in the data.
    cutoff_declared
        Whether cohort.yaml states the cut-off; otherwise it is the latest date in the data.
    date
        The fixed date of the documents: SOURCE_DATE_EPOCH, else the data cut-off, else the start
        of the Unix epoch, so that the same input always gives the same bytes.
    sources
        The files, with hashes.
    settings_sha256
        Hash of all settings, defaults included.
    criteria
        SHA-256 of each criteria file, by identifier.
    """

    software: str
    version: str
    data_cutoff: datetime.date | None
    cutoff_declared: bool
    date: datetime.datetime
    sources: tuple[SourceFile, ...]
    settings_sha256: str
    criteria: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Section ``provenance`` of results.json."""
        result: dict[str, Any] = {
            "software": {"name": self.software, "version": self.version},
            "data_cutoff_declared": self.cutoff_declared,
            "document_date": self.date.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "data": [
                {"table": s.table, "file": s.name, "sha256": s.sha256, "rows": s.rows}
                for s in self.sources
            ],
            "settings_sha256": self.settings_sha256,
            "criteria": dict(sorted(self.criteria.items())),
        }
        if self.data_cutoff is not None:
            result["data_cutoff"] = self.data_cutoff.isoformat()
        return result


def manifest(cohort: Cohort, criteria: Mapping[str, str]) -> Manifest:
    """Collect what a dossier of this cohort is made from.

    Parameters
    ----------
    cohort
        The cohort as read.
    criteria
        SHA-256 of each criteria file, by identifier.
    """
    settings = json.dumps(
        cohort.settings.model_dump(mode="json"), sort_keys=True, ensure_ascii=False
    )
    return Manifest(
        software="dossier",
        version=__version__,
        data_cutoff=cohort.data_cutoff,
        cutoff_declared=cohort.data_cutoff_declared,
        date=_document_date(cohort.data_cutoff),
        sources=cohort.sources,
        settings_sha256=hashlib.sha256(settings.encode()).hexdigest(),
        criteria=dict(criteria),
    )


def _document_date(cutoff: datetime.date | None) -> datetime.datetime:
    """SOURCE_DATE_EPOCH (reproducible-builds.org), else the cut-off at midnight UTC."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC)
    if cutoff is not None:
        return datetime.datetime(cutoff.year, cutoff.month, cutoff.day, tzinfo=datetime.UTC)
    return datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
