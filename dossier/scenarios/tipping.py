"""How far a criterion is from another verdict: the fewest patients who must be otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from dossier.appraise.cohort_evidence import evidence_of_cohort
from dossier.appraise.comparing import judge_rule
from dossier.appraise.criterion import CompiledRule, Criterion
from dossier.appraise.evidence import Evidence
from dossier.appraise.facts import facts_of
from dossier.appraise.sentence import Comparison
from dossier.appraise.verdict import CriterionVerdict, Verdict
from dossier.cohort.settings import Settings
from dossier.estimate.arms import judged_arm
from dossier.estimate.model import Proportion, Results
from dossier.estimate.outcomes import proportion
from dossier.scenarios.arm_tipping import COMPARED, arm_flips
from dossier.scenarios.judging import Bench, criterion_quantities
from dossier.scenarios.running import Case
from dossier.scenarios.time_flips import TimeFlips, fewest_time_flips

__all__ = ["LEVERS", "Tipping", "tipping_points"]

RATES: Final[tuple[str, ...]] = ("orr", "dcr", "cbr_16w", "cbr_24w")
TIMES: Final[tuple[str, ...]] = ("pfs", "os", "dor")

LEVERS: Final[Mapping[str, str]] = {
    "more": "so many patients of the denominator who have not the outcome would have it",
    "fewer": "so many patients with the outcome would not have it",
    "not evaluable to responder": "so many patients whose best response is NE would have a "
    "response; their benefit and times stay as they are",
    "censored to event": "so many censored patients would have had the event on the day they were "
    "censored",
    "event to censored": "so many patients with the event would be censored on that day instead",
    "censored to event, judged arm": "so many censored patients of the arm that is judged would "
    "have had the event on the day they were censored",
    "event to censored, judged arm": "so many patients with the event in the arm that is judged "
    "would be censored on that day instead",
    "censored to event, reference arm": "so many censored patients of the reference arm would have "
    "had the event on the day they were censored",
    "event to censored, reference arm": "so many patients with the event in the reference arm "
    "would be censored on that day instead",
}
"""What is changed, by lever; everything else stays as it is."""

ARM_LEVERS: Final = tuple(lever for lever in LEVERS if lever.endswith(" arm"))
"""Those of studies whose arms are compared."""


@dataclass(frozen=True)
class Tipping:
    """The fewest changes of one kind that give a criterion another verdict or grade.

    Parameters
    ----------
    criterion, endpoint, lever
        What is judged, which endpoint is changed, and how (a key of `LEVERS`).
    before, after
        Verdict, with its grade; ``after`` is ``""`` where nothing flips it.
    changes
        How many patients; None where not even all of those available flip it.
    available
        Patients who could be changed.
    share
        Changes as a share of those available.
    patients
        For times, one set of patients that flips it.
    proven
        Whether no smaller number does: false where a curve that lies exactly on 50% might.
    reason
        Why there is no number.
    """

    criterion: str
    endpoint: str
    lever: str
    before: str
    after: str
    changes: int | None
    available: int
    patients: tuple[str, ...] = ()
    proven: bool = True
    reason: str | None = None

    @property
    def share(self) -> float | None:
        """Changes as a share of those available."""
        return None if self.changes is None else self.changes / self.available

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        result: dict[str, Any] = {
            "criterion": self.criterion,
            "endpoint": self.endpoint,
            "lever": self.lever,
            "meaning": LEVERS[self.lever],
            "before": self.before,
            "changes": self.changes,
            "available": self.available,
        }
        if self.changes is not None:
            result |= {"after": self.after, "share": self.share, "proven_fewest": self.proven}
        if self.patients:
            result["patients"] = list(self.patients)
        return result if self.reason is None else result | {"reason": self.reason}


def tipping_points(case: Case, criteria: Sequence[Criterion], bench: Bench) -> tuple[Tipping, ...]:
    """Every lever of every criterion of a case.

    Only what a criterion looks at is changed, one endpoint at a time. Where arms are compared, the
    patients of each arm are changed and both arms are estimated again.
    """
    if case.results.arms and case.derived.cohort.settings.cohort.design == "randomised":
        return tuple(_of_arms(case, criteria, bench))
    found: list[Tipping] = []
    for criterion in criteria:
        before = bench.judge(criterion, case.evidence)
        if before.verdict is Verdict.NOT_APPLICABLE:
            continue
        judging = _Judging(case, criterion, bench, before)
        looked_at = {each.subject for each in criterion_quantities(criterion) if not each.control}
        rates = [n for n in RATES if n in looked_at or (n == "orr" and "responders" in looked_at)]
        for name in rates:
            found += judging.rate_levers(name)
        if "orr" in rates:
            found.append(judging.not_evaluable())
        for name in TIMES:
            if name in looked_at:
                found += judging.time_levers(name)
    return tuple(found)


def _of_arms(case: Case, criteria: Sequence[Criterion], bench: Bench) -> Iterator[Tipping]:
    for criterion in criteria:
        before = bench.judge(criterion, case.evidence)
        if before.verdict is Verdict.NOT_APPLICABLE:
            continue
        judging = _Judging(case, criterion, bench, before)
        looked_at = {each.subject for each in criterion_quantities(criterion)}
        for name in COMPARED:
            if name in looked_at:
                yield from judging.arm_levers(name)


@dataclass(frozen=True, eq=False)
class _Judging:
    """One criterion, judged again with other numbers."""

    case: Case
    criterion: Criterion
    bench: Bench
    before: CriterionVerdict

    @property
    def settings(self) -> Settings:
        return self.case.derived.cohort.settings

    def said(self, results: Results) -> str:
        """Verdict and grade with other results."""
        evidence = evidence_of_cohort(results, self.settings)
        return _words(self.bench.judge(self.criterion, evidence))

    def rules_said(self, results: Results, rules: Sequence[CompiledRule]) -> tuple[Verdict, ...]:
        """Verdicts of some rules with other results: much cheaper than the whole criterion."""
        evidence: Evidence = evidence_of_cohort(results, self.settings)
        facts = facts_of(self.criterion, self.settings.declared)
        return tuple(judge_rule(rule, evidence, facts).verdict for rule in rules)

    def rules_of(self, subjects: Sequence[str]) -> list[CompiledRule]:
        return [
            rule
            for rule in self.criterion.rules.values()
            if isinstance(rule.condition, Comparison)
            and rule.condition.quantity.subject in subjects
        ]

    # -- rates

    def rate_levers(self, name: str) -> Iterator[Tipping]:
        """More and fewer patients with an outcome."""
        rate = self.case.results.proportions.get(name)
        if rate is None or rate.estimate is None:
            reason = "not estimated" if rate is None else (rate.reason or "not estimated")
            for lever in ("more", "fewer"):
                yield self._tipping(name, lever, None, 0, reason=reason)
            return
        yield self._fewest(
            name, "more", rate.n - rate.events, lambda k: self._with_events({name: k})
        )
        yield self._fewest(name, "fewer", rate.events, lambda k: self._with_events({name: -k}))

    def not_evaluable(self) -> Tipping:
        """Patients not evaluable who would be responders."""
        frame, counted = self.case.derived.frame, self.case.counted
        best = frame["best_response"].to_numpy(dtype=object)
        available = int(((best == "NE") & counted.evaluable).sum())
        lever = "not evaluable to responder"
        rate = self.case.results.proportions["orr"]
        if rate.estimate is None:
            return self._tipping("orr", lever, None, available, reason=rate.reason)
        available = min(available, rate.n - rate.events)
        return self._fewest(
            "orr", lever, available, lambda k: self._with_events({"orr": k, "dcr": k})
        )

    def _fewest(
        self, name: str, lever: str, available: int, changed: Callable[[int], Results]
    ) -> Tipping:
        rules = self.rules_of((name, "dcr", "responders") if name == "orr" else (name,))
        said = self.rules_said(self.case.results, rules)
        low = 0
        # Each rule changes once as patients are added, so that the next change is found by halving.
        while low < available and self.rules_said(changed(available), rules) != said:
            high = available
            while high - low > 1:
                middle = (low + high) // 2
                if self.rules_said(changed(middle), rules) == said:
                    low = middle
                else:
                    high = middle
            results = changed(high)
            after = self.said(results)
            if after != _words(self.before):
                return self._tipping(name, lever, high, available, after)
            low, said = high, self.rules_said(results, rules)
        reason = "no patients" if not available else "no number of these patients flips it"
        return self._tipping(name, lever, None, available, reason=reason)

    def _with_events(self, more: Mapping[str, int]) -> Results:
        """The results with more, or fewer, patients with an outcome."""
        results, how = self.case.results, self.settings.estimation
        changed: dict[str, Proportion] = {}
        for name, k in more.items():
            old = results.proportions[name]
            if old.estimate is None:
                continue
            events = min(old.events + k, old.n)
            new = proportion(events, old.n, how, too_early=old.too_early, unknown=old.unknown)
            changed[name] = replace(new, two_stage=_stages_with(old, k))
        return replace(results, proportions={**results.proportions, **changed})

    # -- times

    def time_levers(self, name: str) -> Iterator[Tipping]:
        """Censored patients with the event, and events censored."""
        frame, counted = self.case.derived.frame, self.case.counted
        inside = counted.treated
        if name == "dor":
            inside = inside & frame["responder"].to_numpy(dtype=np.bool_)
        days = frame[f"{name}_days"].to_numpy(dtype=float)
        event = frame[f"{name}_event"].to_numpy(dtype=float)
        places = np.flatnonzero(inside & ~np.isnan(days) & ~np.isnan(event))
        time = self.case.results.times[name]
        conditions = [rule.condition for rule in self.rules_of((name,))]
        for lever, wanted in (("censored to event", 0.0), ("event to censored", 1.0)):
            available = int((event[places] == wanted).sum())
            if time.reason is not None or not available:
                reason = time.reason or "no patients"
                yield self._tipping(name, lever, None, available, reason=reason)
                continue
            flips = fewest_time_flips(
                days[places],
                event[places] == 1,
                to_event=wanted == 0,
                conditions=conditions,
                flipped=self._flipped_time(name, places),
            )
            yield self._time_tipping(name, lever, places, available, flips)

    def arm_levers(self, name: str) -> Iterator[Tipping]:
        """The same in the arm that is judged and its reference, with the comparison of both."""
        if judged_arm(self.case.results, self.settings.cohort) is None:
            reason = "none of several arms was chosen to be judged"
            yield self._tipping(name, ARM_LEVERS[0], None, 0, reason=reason)
            return
        ids = self.case.derived.frame["patient_id"].to_numpy(dtype=object)
        for found in arm_flips(self.case, name, self.said):
            turned = "censored to event" if found.to_event else "event to censored"
            changes = None if found.places is None else len(found.places)
            tipping = self._tipping(
                name, f"{turned}, {found.side}", changes, found.available, found.after, found.reason
            )
            chosen = () if found.places is None else tuple(str(each) for each in ids[found.places])
            yield replace(tipping, patients=chosen, proven=found.proven)

    def _flipped_time(self, name: str, places: Any) -> Callable[[Any], str | None]:
        """What the criterion says with other event flags; None where it says the same."""
        from dossier.scenarios.population_estimate import time_with_events

        rules = self.rules_of((name,))
        before = self.rules_said(self.case.results, rules)

        def said(event: Any) -> str | None:
            time = time_with_events(
                self.case.derived, name, places, event, self.settings.estimation
            )
            results = replace(self.case.results, times={**self.case.results.times, name: time})
            if self.rules_said(results, rules) == before:
                return None
            after = self.said(results)
            return None if after == _words(self.before) else after

        return said

    def _time_tipping(
        self, name: str, lever: str, places: Any, available: int, flips: TimeFlips | None
    ) -> Tipping:
        if flips is None:
            reason = "no number of these patients flips it"
            return self._tipping(name, lever, None, available, reason=reason)
        ids = self.case.derived.frame["patient_id"].to_numpy(dtype=object)[places[flips.places]]
        return replace(
            self._tipping(name, lever, len(flips.places), available, flips.after),
            patients=tuple(str(each) for each in ids),
            proven=flips.proven,
        )

    def _tipping(
        self,
        endpoint: str,
        lever: str,
        changes: int | None,
        available: int,
        after: str = "",
        reason: str | None = None,
    ) -> Tipping:
        return Tipping(
            self.criterion.id, endpoint, lever, _words(self.before), after, changes, available,
            reason=reason,
        )  # fmt: skip


def _stages_with(rate: Proportion, more: int) -> Any:
    """The stages of a design with more, or fewer, successes: the first patients change first.

    The fewest changes that flip a rule on the first patients are those among them.
    """
    found = rate.two_stage
    if found is None:
        return None

    def stage(old: Any) -> Any:
        return replace(old, events=min(max(old.events + more, 0), old.n - old.open))

    return replace(found, stage1=stage(found.stage1), total=stage(found.total))


def _words(verdict: CriterionVerdict) -> str:
    return verdict.verdict.value + (f" (grade {verdict.grade})" if verdict.grade else "")
