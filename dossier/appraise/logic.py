"""Kleene's three-valued logic: what is unknown stays unknown unless the rest decides."""

from __future__ import annotations

from collections.abc import Iterable

from dossier.appraise.verdict import Verdict

MET, NOT_MET, OPEN = Verdict.MET, Verdict.NOT_MET, Verdict.NOT_ASSESSABLE


def both(verdicts: Iterable[Verdict]) -> Verdict:
    """All of them: not met when one is not met, met when all are, else open.

    Examples
    --------
    >>> both([Verdict.NOT_ASSESSABLE, Verdict.NOT_MET]).value
    'not_met'
    """
    found = set(verdicts)
    if NOT_MET in found:
        return NOT_MET
    return OPEN if OPEN in found else MET


def either(verdicts: Iterable[Verdict]) -> Verdict:
    """Any of them: met when one is met, not met when none can be, else open.

    Examples
    --------
    >>> either([Verdict.NOT_ASSESSABLE, Verdict.MET]).value
    'met'
    """
    found = set(verdicts)
    if MET in found:
        return MET
    return OPEN if OPEN in found else NOT_MET


def opposite(verdict: Verdict) -> Verdict:
    """Not: unknown stays unknown."""
    return {MET: NOT_MET, NOT_MET: MET}.get(verdict, OPEN)


def agreed(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on which all possibilities agree, else open."""
    found = set(verdicts)
    return found.pop() if len(found) == 1 else OPEN


def shown(verdict: Verdict) -> Verdict:
    """Whether it was shown: what is unknown was not."""
    return MET if verdict is MET else NOT_MET
