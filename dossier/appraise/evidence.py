"""What is known of a study: one observation for each quantity. The judge sees nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from dossier.appraise import quantities as q
from dossier.appraise.quantities import Quantity

Number = float | Fraction

LEVEL = 0.95  # of the limits that criteria speak of
OTHER_RATIO = "the settings ask for another PFS ratio (derivation.pfs_ratio_threshold)"


@dataclass(frozen=True)
class Observation:
    """One quantity as observed.

    Shares are 0-1, durations in days, everything else as it is.

    Parameters
    ----------
    value
        The estimate; None where it is unknown or a median is not reached. A `Fraction` where it is
        known exactly, e.g. 12 of 20 patients.
    lower, upper
        Confidence limits; None where unknown or not reached.
    n, events
        Patients behind the figure, and those with the outcome.
    path
        Place in results.json; ``""`` where there is none.
    at_least, at_most
        Bounds of a value that is not known itself, or that leaves out patients who may still turn
        out either way (``indeterminate``); a rule is then judged by the bounds.
    indeterminate
        How many such patients there are.
    unknown
        Patients whose outcome is not known, who are in neither ``n`` nor ``events``.
    longer_than
        A median that is not reached is known to be longer than this, because the curve is still
        above 50% there (``proof`` is ``follow-up``) or because its lower confidence limit says so
        (``limit``).
    reached
        False for a median that is not reached.
    reason
        Why the value is not known, in English as the estimate stage words it.
    missing
        Names of what would have to be known.
    published
        Whether the figure was published elsewhere instead of computed from patients.
    confidence
        Level of the limits.
    """

    value: Number | None = None
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    events: int | None = None
    path: str = ""
    at_least: Number | None = None
    at_most: Number | None = None
    longer_than: float | None = None
    proof: str = ""
    reached: bool = True
    reason: str | None = None
    missing: tuple[str, ...] = ()
    published: bool = False
    confidence: float = LEVEL
    unknown: int = 0
    indeterminate: int = 0

    def at_level(self) -> Observation:
        """The observation with the limits that a rule means by its limits: those at 95%."""
        if abs(self.confidence - LEVEL) < 1e-9:
            return self
        return replace(self, lower=None, upper=None)


Landmarks = Callable[[float], Observation | None]


@dataclass(frozen=True)
class Evidence:
    """Everything known of one study.

    Parameters
    ----------
    observations
        By canonical name of the quantity (`Quantity.name`).
    landmarks
        For each survival endpoint (``os``, ``control os``) a function that reads the curve at a
        day; None where it cannot.
    first_patients
        Fewest and most outcomes that there can be among the first patients treated, by share and
        number of patients: ``{("cbr_16w", 8): (2, 2)}``. A two-stage rule uses them.
    control
        ``"arm"`` (a control arm of the same study), ``"published"``, or ``""``.
    names
        How the source names a quantity that is missing, e.g. the column of a table; the canonical
        name where not listed.
    reason
        Why nothing else is known.
    wanted
        What would have to be known first, where there is one reason for all that is missing.
    """

    observations: Mapping[str, Observation] = field(default_factory=dict)
    landmarks: Mapping[str, Landmarks] = field(default_factory=dict)
    first_patients: Mapping[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    control: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    wanted: tuple[str, ...] = ()

    def observe(self, quantity: Quantity) -> Observation:
        """What is known of a quantity; always an observation, if only of what is missing."""
        found = self.observations.get(quantity.name)
        if found is not None:
            return found
        if quantity.of is not None:
            return self._gain(quantity, quantity.of)
        if quantity.measure == "landmark":
            return self._landmark(quantity)
        if quantity.name == "asco_clinical_benefit":
            return self._benefit_score()
        if quantity.measure in ("patients with", "patients assessed for"):
            return self._count(quantity)
        return self._unknown(quantity)

    def merged(self, other: Evidence) -> Evidence:
        """The evidence completed by another's where it has nothing of its own."""
        return Evidence(
            {**other.observations, **self.observations},
            {**other.landmarks, **self.landmarks},
            {**other.first_patients, **self.first_patients},
            self.control or other.control,
            {**other.names, **self.names},
            self.reason or other.reason,
            self.wanted or other.wanted,
        )

    def _unknown(self, quantity: Quantity) -> Observation:
        name = self.names.get(quantity.name, quantity.name)
        reason = self.reason
        if quantity.measure == "share at least" and "pfs_ratio.median" in self.observations:
            reason = OTHER_RATIO
        return Observation(missing=self.wanted or (name,), reason=reason)

    def _landmark(self, quantity: Quantity) -> Observation:
        days = quantity.at_days or 0.0
        for name, observation in self.observations.items():
            subject, at, text = name.partition(" at ")
            wanted = f"control {quantity.subject}" if quantity.control else quantity.subject
            if at and subject == wanted and _same_day(text, days):
                return observation
        read = self.landmarks.get(
            f"control {quantity.subject}" if quantity.control else quantity.subject
        )
        found = read(days) if read else None
        return found or self._unknown(quantity)

    def _benefit_score(self) -> Observation:
        """100 x (1 - hazard ratio for death), with the limits the other way round."""
        ratio = self.observe(q.ratio("os", "hr"))
        return replace(
            ratio,
            value=_score(ratio.value),
            lower=_score(ratio.upper),
            upper=_score(ratio.lower),
            path="",
        )

    def _count(self, quantity: Quantity) -> Observation:
        base = self.observations.get(quantity.subject)
        name = self.names.get(quantity.subject, quantity.subject)
        unknown = 0 if base is None else base.unknown
        if (
            base is None
            or base.n is None
            or base.events is None
            or (base.reason is not None and not unknown)
        ):
            reason = self.reason if base is None else base.reason
            return Observation(missing=self.wanted or (name,), reason=reason)
        path, published = base.path.removesuffix(".estimate"), base.published
        if quantity.measure != "patients with":
            place = path and f"{path}.n"
            return Observation(
                Fraction(base.n), n=base.n, events=base.events, path=place, published=published
            )
        return counted(
            base.events, base.n, unknown, path=path and f"{path}.events", name=name,
            published=published,
        )  # fmt: skip

    def _gain(self, quantity: Quantity, of: Quantity) -> Observation:
        treated, control = self.observe(of), self.observe(of.counterpart)
        published = treated.published or control.published
        if treated.value is not None and control.value is not None:
            value = _difference(treated.value, control.value)
            if quantity.measure == "relative gain":
                if control.value == 0:
                    return Observation(reason="the control's figure is 0", missing=(quantity.name,))
                value = value / float(control.value)
            return Observation(value, n=treated.n, published=published)
        lacking = (each.missing for each in (treated, control) if each.value is None)
        missing = tuple(dict.fromkeys(name for names in lacking for name in names))
        reason = treated.reason if treated.value is None else control.reason
        if (
            quantity.measure == "gain"
            and control.value is not None
            and treated.longer_than is not None
        ):
            return replace(
                treated,
                path="",
                lower=None,
                upper=None,
                longer_than=treated.longer_than - float(control.value),
                published=published,
                missing=missing or (of.name,),
            )
        return Observation(
            reached=treated.reached and control.reached,
            reason=reason,
            missing=missing or (quantity.name,),
            published=published,
        )


def counted(
    events: int, n: int, unknown: int, *, path: str, name: str, published: bool = False
) -> Observation:
    """A number of patients with an outcome; bounds where the outcome of some is not known.

    Parameters
    ----------
    events, n
        Patients with the outcome, among those whose outcome is known.
    unknown
        Patients whose outcome is not known: none of them may have it, or all.
    path, published
        As in `Observation`.
    name
        What would have to be known.
    """
    if not unknown:
        return Observation(Fraction(events), n=n, events=events, path=path, published=published)
    return Observation(
        n=n,
        events=events,
        unknown=unknown,
        path=path,
        at_least=events,
        at_most=events + unknown,
        reason=f"not known for {unknown} of {n + unknown} patients",
        missing=(name,),
        published=published,
    )


def _score(ratio: Number | None) -> float | None:
    return None if ratio is None else 100 * (1 - float(ratio))


def _difference(a: Number, b: Number) -> Number:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a - b
    return float(a) - float(b)


def _same_day(text: str, days: float) -> bool:
    from dossier.units import parse_duration

    try:
        return abs(parse_duration(text).days - days) <= 1e-9 * days
    except ValueError:
        return False
