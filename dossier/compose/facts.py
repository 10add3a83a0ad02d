"""What templates may name: facts about the cohort that print themselves.

``{{ endpoints.orr }}`` prints the whole number with its limits, ``{{ endpoints.orr.percent }}`` a
part of it. Conditions ask ``endpoints.orr.known`` or compare counts.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from dossier.compose.document import Number, Text, plain_text
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import months_of
from dossier.estimate.model import Landmark, Proportion, Simple, TimeToEvent


class Fact:
    """Something a template may look into; subclasses are dataclasses."""

    def names(self) -> list[str]:
        """Names a template may use after the dot."""
        return [field.name for field in fields(self) if field.name != "inlines"]  # type: ignore[arg-type]


class Count(int):
    """A number of patients with its place in results.json; compares and adds as a number."""

    path: str

    def __new__(cls, value: int, path: str) -> Count:
        """Make the count."""
        count = super().__new__(cls, value)
        count.path = path
        return count


@dataclass(frozen=True)
class Shown(Fact):
    """A fact that prints itself."""

    inlines: Inlines

    def __str__(self) -> str:
        return plain_text(self.inlines)


@dataclass(frozen=True)
class Rate(Shown):
    """A share of patients; ``known`` is false where nothing could be estimated, ``reason`` says
    why."""

    known: bool
    reason: str
    percent: Shown
    number: Shown
    rate: Shown
    ci: Shown
    limits: Shown
    n: Count
    events: Count
    too_early: Count
    unknown: Count


@dataclass(frozen=True)
class LandmarkShare(Shown):
    """The share event-free at a landmark."""

    label: str
    known: bool
    reason: str
    percent: Shown
    ci: Shown
    at_risk: Count


@dataclass(frozen=True)
class MedianTime(Shown):
    """A median time; ``reached`` is false where the curve stays above one half."""

    reached: bool
    number: Shown
    ci: Shown
    limits: Shown
    limits_known: bool
    lower_known: bool
    lower: Shown


@dataclass(frozen=True)
class Time(Shown):
    """A time-to-event endpoint; ``known`` is false where nothing could be estimated."""

    known: bool
    reason: str
    unknown_because: str
    n: Count
    total: int
    events: Count
    censored: Count
    unknown: Count
    median: MedianTime
    ci: Shown
    landmarks: tuple[LandmarkShare, ...]
    range: Shown


@dataclass(frozen=True)
class ObservedTime(Shown):
    """A time that was observed in every patient: median and range."""

    known: bool
    reason: str
    n: Count
    median: Shown
    number: Shown
    range: Shown


def text(value: str) -> Shown:
    """Words of the program or the data as a fact."""
    return Shown((Text(literal(value)),) if value else ())


def rate(material: Material, share: Proportion, path: str) -> Rate:
    """A share of patients for templates."""
    say = material.say
    limits = material.share_limits(share, path)
    ci = material.interval(limits, share.confidence)
    known = share.estimate is not None
    printed = material.rate(share, path)
    reason = say.reason(share.reason or "")
    whole = (
        say.inlines("format.rate_with_interval", rate=printed, interval=ci)
        if known
        else say.inlines("format.with_reason", text=printed, reason=reason)
    )
    return Rate(
        whole,
        known=known,
        reason=literal(reason),
        percent=Shown(material.percent(share, path)),
        number=Shown(material.percent_number(share, path)),
        rate=Shown(printed),
        ci=Shown(ci),
        limits=Shown(limits),
        n=Count(share.n, f"{path}.n"),
        events=Count(share.events, f"{path}.events"),
        too_early=Count(share.too_early, f"{path}.too_early"),
        unknown=Count(share.unknown, f"{path}.unknown"),
    )


def time(material: Material, endpoint: TimeToEvent, path: str) -> Time:
    """A time-to-event endpoint for templates."""
    say = material.say
    known = endpoint.reason is None
    reason = say.reason(endpoint.reason or "")
    median = _median(material, endpoint, path)
    printed = material.median(endpoint, path)
    if not known:
        whole = say.inlines("format.with_reason", text=printed, reason=reason)
    elif median.limits_known:
        whole = say.inlines(
            "format.median_with_interval", median=printed, interval=median.ci.inlines
        )
    else:
        whole = printed
    return Time(
        whole,
        known=known,
        reason=literal(reason),
        unknown_because=say.listed(
            tuple(
                say("format.counted_reason", reason=literal(say.reason(why)), n=patients)
                for why, patients in endpoint.unknown_reasons.items()
            )
        ),
        n=Count(endpoint.n, f"{path}.n"),
        total=endpoint.n + endpoint.unknown,
        events=Count(endpoint.events, f"{path}.events"),
        censored=Count(endpoint.censored, f"{path}.censored"),
        unknown=Count(endpoint.unknown, f"{path}.unknown"),
        median=median,
        ci=median.ci,
        landmarks=tuple(
            _landmark(material, landmark, f"{path}.landmarks.{position}", endpoint.confidence)
            for position, landmark in enumerate(endpoint.landmarks)
        ),
        range=Shown(material.observed_range(endpoint, path)),
    )


def _median(material: Material, endpoint: TimeToEvent, path: str) -> MedianTime:
    limits = material.median_limits(endpoint, path)
    ci = Shown(material.interval(limits, endpoint.confidence))
    lower = endpoint.median.ci_lower_days
    shown = material.numbers.not_estimable if lower is None else material.numbers.months(lower)
    return MedianTime(
        material.median(endpoint, path),
        reached=endpoint.median.days is not None,
        number=Shown(material.median(endpoint, path, unit=False)),
        ci=ci,
        limits=Shown(limits),
        limits_known=lower is not None or endpoint.median.ci_upper_days is not None,
        lower_known=lower is not None,
        lower=Shown((Number(shown, f"{path}.median.ci_lower_months"),)),
    )


def _landmark(
    material: Material, landmark: Landmark, path: str, confidence: float
) -> LandmarkShare:
    percent = material.landmark(landmark, path)
    ci = material.interval(material.share_limits(landmark, path), confidence)
    known = landmark.estimate is not None
    reason = material.say.reason(landmark.reason or "")
    if known and landmark.ci_lower is not None:
        whole = material.say.inlines("format.rate_with_interval", rate=percent, interval=ci)
    elif known:
        whole = percent
    else:
        whole = material.say.inlines("format.with_reason", text=percent, reason=reason)
    return LandmarkShare(
        whole,
        label=material.landmark_label(landmark),
        known=known,
        reason=literal(reason),
        percent=Shown(percent),
        ci=Shown(ci),
        at_risk=Count(landmark.at_risk, f"{path}.at_risk"),
    )


def observed_time(material: Material, times: Simple, path: str) -> ObservedTime:
    """Time to response for templates."""
    say, numbers = material.say, material.numbers
    known = times.median_days is not None
    if times.median_days is None or times.minimum_days is None or times.maximum_days is None:
        median: Inlines = (Number(numbers.not_estimable, f"{path}.median.months"),)
        bare = median
        extent: Inlines = (Text(numbers.dash),)
    else:
        median = (Number(numbers.months(times.median_days), f"{path}.median.months"),)
        bare = (Number(numbers.decimal(months_of(times.median_days)), f"{path}.median.months"),)
        extent = say.inlines(
            "format.limits",
            lower=Number(numbers.decimal(months_of(times.minimum_days)), f"{path}.minimum_months"),
            upper=Number(numbers.decimal(months_of(times.maximum_days)), f"{path}.maximum_months"),
        )
    reason = say.reason(times.reason or "")
    whole = (
        say.inlines("format.median_with_range", median=median, range=extent)
        if known
        else say.inlines("format.with_reason", text=median, reason=reason)
    )
    return ObservedTime(
        whole,
        known=known,
        reason=literal(reason),
        n=Count(times.n, f"{path}.n"),
        median=Shown(median),
        number=Shown(bare),
        range=Shown(extent),
    )
