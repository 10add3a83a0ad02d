"""What an adverse event led to, as far as the words in the file tell."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from dossier.cohort.columns import ACTIONS, TABLES

__all__ = ["actions_in"]

_SYNONYMS: Final = next(c for c in TABLES["adverse_events"] if c.name == "action_taken").synonyms
_SEVERAL: Final = re.compile(r"\s*[;,+/|]\s*")


@lru_cache(maxsize=4096)
def actions_in(text: str) -> frozenset[str]:
    """The actions a text names, of those known (`dossier.cohort.columns.ACTIONS`); several may
    stand in one cell. Empty where the text names none that is known.

    Examples
    --------
    >>> sorted(actions_in("DRUG INTERRUPTED; DOSE REDUCED"))
    ['dose reduced', 'drug interrupted']
    """
    found = {_SYNONYMS.get(part.upper(), part) for part in (text, *_SEVERAL.split(text))}
    return frozenset(found.intersection(ACTIONS))
