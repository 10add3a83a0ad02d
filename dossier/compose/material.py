"""What facts, tables and figures are made from: the evaluation, the words, and printed estimates.

An estimate is printed in the same form wherever it stands, each part with its place in
results.json.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

from dossier.cohort.settings import Settings
from dossier.compose.document import Inline, Number, Text
from dossier.compose.numbers import Numbers, months_of
from dossier.compose.pack import Limits
from dossier.compose.wording import Wording
from dossier.estimate.model import Landmark, Proportion, Results, TimeToEvent
from dossier.evaluation import Evaluation
from dossier.scenarios.what_if import WhatIf

Inlines = tuple[Inline, ...]
T = TypeVar("T")


@dataclass(frozen=True)
class Material:
    """One evaluation and the means to print it in one language.

    Parameters
    ----------
    evaluation
        The evaluation.
    say
        The words of the language.
    limits
        Where long tables stop.
    what_if
        The evaluation as the base case beside scenarios; None where there are none.
    what_if_at
        Where that stands in the file of results: in results.json below ``scenarios.``, in
        what-if.json at the top (``""``).
    leave_out
        Tables and figures that the pack leaves out, and rows of ``key_facts``, e.g.
        ``key_facts.zi_number``.
    whole
        Of the material of one arm, that of all of them.
    """

    evaluation: Evaluation
    say: Wording
    limits: Limits
    what_if: WhatIf | None = None
    what_if_at: str = "scenarios."
    leave_out: frozenset[str] = frozenset()
    whole: Material | None = None
    _made: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, make: Callable[[Material], T]) -> T:
        """What a function makes of this material; it is called only the first time."""
        if make not in self._made:
            self._made[make] = make(self)
        found: T = self._made[make]
        return found

    @property
    def arms_apart(self) -> bool:
        """Whether only each arm by itself is described: patients were randomised to arms."""
        return bool(self.results.arms) and self.settings.cohort.design == "randomised"

    def of_arm(self, arm: str) -> Material:
        """The same with the results of one arm alone; paths begin where that stands."""
        if arm not in self._made:
            evaluation = replace(self.evaluation, results=self.results.arms[arm])
            self._made[arm] = replace(self, evaluation=evaluation, whole=self)
        found: Material = self._made[arm]
        return found

    @cached_property
    def numbers(self) -> Numbers:
        """Number formats of the language."""
        return Numbers(self.say)

    @property
    def results(self) -> Results:
        """The cohort's numbers."""
        return self.evaluation.results

    @property
    def settings(self) -> Settings:
        """cohort.yaml."""
        return self.evaluation.cohort.settings

    # --- shares ----------------------------------------------------------------------------------

    def rate(self, share: Proportion, path: str) -> Inlines:
        """``16.0% (4/25)``, or ``not estimable``."""
        if share.estimate is None:
            return (Number(self.numbers.not_estimable, f"{path}.estimate"),)
        return (Number(self.numbers.rate(share.events, share.n), f"{path}.estimate"),)

    def percent(self, share: Proportion, path: str) -> Inlines:
        """``16.0%``, or ``not estimable``."""
        if share.estimate is None or share.n == 0:
            return (Number(self.numbers.not_estimable, f"{path}.estimate"),)
        text = self.numbers.percent(Fraction(share.events, share.n))
        return (Number(text, f"{path}.estimate"),)

    def percent_number(self, share: Proportion, path: str) -> Inlines:
        """``16.0``, for words that say per cent themselves; or ``not estimable``."""
        if share.estimate is None or share.n == 0:
            return self.percent(share, path)
        text = self.numbers.decimal(Fraction(share.events, share.n) * 100)
        return (Number(text, f"{path}.estimate"),)

    def share_limits(self, share: Proportion | Landmark, path: str) -> Inlines:
        """Limits of a share without their level, ``4.5–36.1``."""
        if share.ci_lower is None and share.ci_upper is None:
            return (Number(self.numbers.not_estimable, f"{path}.ci_lower"),)
        lower, upper = (
            self.numbers.not_estimable
            if x is None
            else self.numbers.decimal(Fraction(repr(x)) * 100)
            for x in (share.ci_lower, share.ci_upper)
        )
        return self._limits(lower, f"{path}.ci_lower", upper, f"{path}.ci_upper")

    def interval(self, limits: Inlines, confidence: float) -> Inlines:
        """``95% CI 4.5–36.1``."""
        level = self.numbers.level(confidence)
        return self.say.inlines("format.interval", level=level, limits=limits)

    # --- times -----------------------------------------------------------------------------------

    def median(self, time: TimeToEvent, path: str, *, unit: bool = True) -> Inlines:
        """``4.2 months``, ``not reached`` or ``not estimable``; without ``unit`` the number."""
        place = f"{path}.median.months"
        if time.reason is not None:
            return (Number(self.numbers.not_estimable, place),)
        if time.median.days is None:
            return (Number(self.numbers.not_reached, place),)
        days = time.median.days
        text = self.numbers.months(days) if unit else self.numbers.decimal(months_of(days))
        return (Number(text, place),)

    def median_limits(self, time: TimeToEvent, path: str) -> Inlines:
        """Limits of the median in months, ``2.1–not reached``."""
        lower, upper = time.median.ci_lower_days, time.median.ci_upper_days
        if time.reason is not None or (lower is None and upper is None):
            return (Number(self.numbers.not_estimable, f"{path}.median.ci_lower_months"),)
        low, high = (
            self.numbers.not_reached if x is None else self.numbers.decimal(months_of(x))
            for x in (lower, upper)
        )
        return self._limits(
            low, f"{path}.median.ci_lower_months", high, f"{path}.median.ci_upper_months"
        )

    def landmark(self, landmark: Landmark, path: str) -> Inlines:
        """``41.0%``, or ``not estimable``."""
        if landmark.estimate is None:
            return (Number(self.numbers.not_estimable, f"{path}.estimate"),)
        return (Number(self.numbers.percent(landmark.estimate), f"{path}.estimate"),)

    def observed_range(self, time: TimeToEvent, path: str) -> Inlines:
        """``1.2–24.0+``; a plus marks a time that is censored."""
        if time.range_days is None:
            return (Text(self.numbers.dash),)
        (low, low_open), (high, high_open) = time.range_days
        plus = self.say("format.censored")
        texts = [
            self.numbers.decimal(months_of(days)) + (plus if censored else "")
            for days, censored in ((low, low_open), (high, high_open))
        ]
        return self._limits(
            texts[0], f"{path}.range.minimum_months", texts[1], f"{path}.range.maximum_months"
        )

    def landmark_label(self, landmark: Landmark) -> str:
        """A landmark in the words of the language, ``6 months``."""
        return self.duration(landmark.label)

    def duration(self, label: str) -> str:
        """A duration as the settings write it, in the words of the language, ``6 months``."""
        amount, _, unit = label.partition(" ")
        plural = unit if unit.endswith("s") else unit + "s"
        number = self.numbers.plain(float(amount))
        return self.say(f"format.units.{plural}", number=number)

    def _limits(self, lower: str, lower_path: str, upper: str, upper_path: str) -> Inlines:
        return self.say.inlines(
            "format.limits", lower=Number(lower, lower_path), upper=Number(upper, upper_path)
        )

    # --- facts of the document -------------------------------------------------------------------

    def cutoff(self) -> str:
        """The data cut-off and whether somebody declared it."""
        manifest = self.evaluation.manifest
        if manifest.data_cutoff is None:
            return self.say("document.cutoff_unknown")
        key = "declared" if manifest.cutoff_declared else "latest"
        return self.say(f"document.cutoff_{key}", date=self.say.date(manifest.data_cutoff))

    def cutoff_date(self) -> str:
        """The data cut-off alone."""
        day = self.evaluation.manifest.data_cutoff
        return self.say("document.not_known") if day is None else self.say.date(day)

    def document_date(self) -> str:
        """The date that cohort.yaml gives the document; empty where it gives none."""
        date = self.settings.dossier.document_date
        return "" if date is None else self.say.date(date)

    def populations_differ(self) -> bool:
        """Whether not every treated patient is evaluable for response."""
        sizes = self.results.populations
        return sizes["treated"] != sizes["response_evaluable"]
