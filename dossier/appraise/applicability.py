"""Whether a criterion is meant for a study, and what a reader must know before its verdict."""

from __future__ import annotations

from dossier.appraise import wording
from dossier.appraise.comparing import Facts
from dossier.appraise.criterion import Criterion
from dossier.appraise.evidence import Evidence

COMPARED = "single-arm with comparator"


def not_applicable(
    criterion: Criterion, evidence: Evidence, design: str, setting: str, facts: Facts
) -> wording.Words | None:
    """Why the criterion is not meant for the study; None where it is, or where that is unknown.

    A single-arm study is judged by a comparative criterion where published control figures are
    given and the criterion allows it.
    """
    applies = criterion.file.applies
    designs = {design, COMPARED} if design == "single-arm" and evidence.control else {design}
    if design and not designs & set(applies.design):
        wanted = [wording.text(each) for each in applies.design if each != COMPARED]
        return wording.text(
            "wrong design", wanted=wording.joined(wanted, " / "), found=wording.text(design)
        )
    if setting and setting not in applies.setting:
        wanted = [wording.text(each) for each in applies.setting]
        return wording.text(
            "wrong setting", wanted=wording.joined(wanted, " / "), found=wording.text(setting)
        )
    for fact in applies.declared:
        if facts.get(fact) is False:
            return wording.text("precondition denied", what=_question(criterion, fact))
    return None


def remarks(criterion: Criterion, design: str, setting: str, facts: Facts) -> list[wording.Words]:
    """Warnings of the file, and what was assumed because nobody said it."""
    applies = criterion.file.applies
    found = [warning.words() for warning in criterion.file.warnings]
    if design == "single-arm" and "single-arm" not in applies.design:
        found.append(wording.text("published control"))
    wanted = [each for each in applies.design if each != COMPARED]
    if not design and len(wanted) == 1:
        found.append(wording.text("design assumed", assumed=wording.text(wanted[0])))
    if not setting and len(applies.setting) == 1:
        found.append(wording.text("setting assumed", assumed=wording.text(applies.setting[0])))
    found += [
        wording.text("precondition open", what=_question(criterion, fact))
        for fact in applies.declared
        if fact not in facts
    ]
    return found


def _question(criterion: Criterion, fact: str) -> wording.Words:
    return criterion.file.facts[fact].question.words()
