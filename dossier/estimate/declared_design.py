"""A cohort under the two-stage design declared for it: whom it counts, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dossier.cohort.settings import TwoStage
from dossier.estimate.outcomes import Outcome
from dossier.estimate.two_stage import (
    Decision,
    OperatingCharacteristics,
    TwoStageDesign,
    TwoStageInference,
    infer,
    operating_characteristics,
)

__all__ = ["DesignResult", "StageCount", "design_of", "design_result", "design_without_result"]

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class StageCount:
    """The first patients of a design.

    Parameters
    ----------
    planned
        Patients the design counts.
    n
        Patients there are, not more than planned.
    events
        Those with the outcome.
    open
        Those whose outcome nobody can say yet.
    """

    planned: int
    n: int
    events: int
    open: int

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {"planned": self.planned, "n": self.n, "events": self.events, "open": self.open}


@dataclass(frozen=True)
class DesignResult:
    """What a two-stage design says of a cohort.

    Parameters
    ----------
    design, characteristics
        The design, and its error rates whatever the cohort did.
    decision
        What is certain, whatever becomes of the outcomes that are open and the patients to come.
    stage1, total
        Patients of stage 1, and of both stages, counted by start of treatment.
    inference
        UMVUE, p-value and limits; None with ``reason`` until the design is complete.
    confidence
        Level of the limits.
    reason
        Why there is no inference.
    note
        Whom the figures leave out.
    """

    design: TwoStageDesign
    characteristics: OperatingCharacteristics
    decision: Decision
    stage1: StageCount
    total: StageCount
    inference: TwoStageInference | None
    confidence: float
    reason: str | None = None
    note: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form; ``ci_upper`` as published, ``ci_upper_exact`` the limit that always holds."""
        design, found, rates = self.design, self.inference, self.characteristics
        result: dict[str, Any] = {
            "design": {
                "stage1": {"n": design.n1, "minimum": design.r1 + 1},
                "total": {"n": design.n, "minimum": design.r + 1},
                "null": design.p0,
                "alternative": design.p1,
            },
            "alpha": rates.alpha,
            "power": rates.power,
            "early_stop_null": rates.early_stop_p0,
            "early_stop_alternative": rates.early_stop_p1,
            "expected_n_null": rates.expected_n_p0,
            "expected_n_alternative": rates.expected_n_p1,
            "decision": str(self.decision),
            "stage1": self.stage1.to_dict(),
            "total": self.total.to_dict(),
            "n": None if found is None else found.patients,
            "events": None if found is None else found.responses,
            "estimate": None if found is None else found.mle,
            "umvue": None if found is None else found.umvue,
            "p_value": None if found is None else found.p_value,
            "ci_lower": None if found is None else found.lower,
            "ci_upper": None if found is None else found.upper,
            "ci_upper_exact": None if found is None else found.upper_exact,
            "confidence": self.confidence,
            "method": "UMVUE (Jung and Kim 2004); p-value and limits (Koyama and Chen 2008)",
        }
        stated = {"reason": self.reason, "note": self.note}
        return result | {key: text for key, text in stated.items() if text is not None}


def design_of(declared: TwoStage) -> TwoStageDesign:
    """The design as Simon writes it: a stage fails with one success fewer than its minimum."""
    return TwoStageDesign(
        r1=declared.stage1.minimum - 1,
        n1=declared.stage1.n,
        r=declared.total.minimum - 1,
        n=declared.total.n,
        p0=declared.null,
        p1=declared.alternative,
    )


def design_result(
    declared: TwoStage,
    outcome: Outcome,
    population: Mask,
    treatment_start: NDArray[np.datetime64],
    confidence: float,
    *,
    unknown_is_open: bool = False,
) -> DesignResult:
    """Apply the design to the patients it was made for: the first treated.

    Patients count in the order of their start of treatment, then of the file. One whose outcome is
    open keeps the place: filling it with a later patient would choose by outcome, since a failure
    is known sooner than a success, and the error rates of the design would not hold. Only patients
    who are not evaluable give their place to the next, as a protocol that replaces them does.
    Patients beyond the design are left out.

    Parameters
    ----------
    declared
        Section ``two_stage`` of cohort.yaml.
    outcome
        Of the design's endpoint.
    population
        Patients who can count, shape (patients,).
    treatment_start
        Of every patient; not a time where unknown, which counts last.
    confidence
        Level of the limits.
    unknown_is_open
        Whether an unknown outcome is open even where the endpoint counts it as none.
    """
    design = design_of(declared)
    places = np.flatnonzero(population)
    order = places[np.argsort(treatment_start[places], kind="stable")]
    success = outcome.success[order]
    open_ = outcome.open[order] | (outcome.unknown[order] & unknown_is_open)
    stage1, total = (_stage(success, open_, planned) for planned in (design.n1, design.n))
    decision = _decision(design, stage1, total)
    ended = stage1 if decision is Decision.STOPPED else total
    # What is missing first: stage 1, unless it has certainly been passed.
    reason = _incomplete(stage1 if stage1.events <= design.r1 else total)
    dated = bool(places.size) and not np.isnat(treatment_start[places]).all()
    return DesignResult(
        design=design,
        characteristics=operating_characteristics(design),
        decision=decision,
        stage1=stage1,
        total=total,
        inference=(
            infer(design, ended.events, ended.n, confidence=confidence) if reason is None else None
        ),
        confidence=confidence,
        reason=reason,
        note=_note(ended, len(order), dated=dated),
    )


def design_without_result(declared: TwoStage, confidence: float, reason: str) -> DesignResult:
    """The properties of a design that cannot be applied to these patients."""
    design = design_of(declared)
    return DesignResult(
        design=design,
        characteristics=operating_characteristics(design),
        decision=Decision.NOT_COMPLETE,
        stage1=StageCount(design.n1, 0, 0, 0),
        total=StageCount(design.n, 0, 0, 0),
        inference=None,
        confidence=confidence,
        reason=reason,
    )


def _stage(success: Mask, open_: Mask, planned: int) -> StageCount:
    first = slice(0, planned)
    return StageCount(
        planned, len(success[first]), int(success[first].sum()), int(open_[first].sum())
    )


def _decision(design: TwoStageDesign, stage1: StageCount, total: StageCount) -> Decision:
    """What holds whatever becomes of the open outcomes and of the patients still to come."""
    if _at_most(stage1) <= design.r1:
        return Decision.STOPPED
    if stage1.events <= design.r1:
        return Decision.NOT_COMPLETE
    if total.events > design.r:
        return Decision.POSITIVE
    if _at_most(total) <= design.r:
        return Decision.NEGATIVE
    return Decision.CONTINUE if total.n < total.planned else Decision.NOT_COMPLETE


def _at_most(stage: StageCount) -> int:
    return stage.events + stage.open + stage.planned - stage.n


def _incomplete(stage: StageCount) -> str | None:
    if stage.n < stage.planned:
        return f"{stage.n} of the first {stage.planned} patients so far"
    if stage.open:
        return f"the outcome of {stage.open} of the first {stage.planned} patients is open"
    return None


def _note(ended: StageCount, patients: int, *, dated: bool) -> str | None:
    notes = []
    if patients > ended.planned:
        by = "start of treatment" if dated else "their order in the file"
        notes.append(
            f"the design counts the first {ended.planned} patients by {by}; "
            f"{patients - ended.planned} later ones are left out here"
        )
    if ended.open:
        notes.append(
            "a patient whose outcome is open keeps the place: a failure is known sooner than a "
            "success, so a later patient must not take it"
        )
    return "; ".join(notes) or None
