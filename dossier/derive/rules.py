"""The derivation rules as values: an id that reaches every patient's result, and a description
that reaches the methods section of the dossier."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One rule of derivation.

    Parameters
    ----------
    id
        Stable identifier, e.g. ``BOR-PR``.
    text
        One sentence per language (``en``, ``nl``); ``{name}`` stands for a key of the derivation
        settings and is filled in when the rule is printed.
    source
        Guideline, paper or convention the rule follows.
    """

    id: str
    text: dict[str, str]
    source: str
