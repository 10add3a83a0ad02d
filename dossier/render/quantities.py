"""Numbers and their units on one line: ``24 weeks``, ``10 mg``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from dossier.compose.document import Inline, Number, Text

NO_BREAK_SPACE = "\u00a0"


def whole_quantities(children: Sequence[Inline], units: str) -> Sequence[Inline]:
    r"""Inline runs in which a unit stays on the line of the number before it.

    Parameters
    ----------
    children
        The runs; those inside others are not looked at.
    units
        Words that are units, with spaces between them.

    Examples
    --------
    >>> whole_quantities((Text("at 24 weeks"),), "week weeks")[0].text
    'at 24\xa0weeks'
    """
    if not units:
        return children
    inside, first = _patterns(units)
    found: list[Inline] = []
    after_number = False
    for child in children:
        if isinstance(child, Text):
            text = inside.sub(NO_BREAK_SPACE, child.text) if " " in child.text else child.text
            if after_number and first.match(text):
                text = NO_BREAK_SPACE + text[1:]
            found.append(child if text == child.text else replace(child, text=text))
        else:
            found.append(child)
        after_number = isinstance(child, Number) and child.text[-1:].isdigit()
    return found


@cache
def _patterns(units: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A space between a number and a unit, and the same after a number in a run of its own."""
    words = "|".join(map(re.escape, units.split()))
    return re.compile(rf"(?<=\d) (?=(?:{words})(?!\w))"), re.compile(rf" (?:{words})(?!\w)")
