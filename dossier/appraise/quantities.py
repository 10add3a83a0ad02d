"""What a criterion may speak of: the closed vocabulary, with its words in English and Dutch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Words = Mapping[str, str]


class Kind(StrEnum):
    """What sort of number a quantity is; it decides the units a threshold may have."""

    SHARE = "share"
    DURATION = "duration"
    RATIO = "ratio"
    COUNT = "count"
    NUMBER = "number"
    EURO = "euro"


UNITS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.SHARE: ("%",),
    Kind.DURATION: ("months", "weeks", "days", "years"),
    Kind.RATIO: ("",),
    Kind.COUNT: ("",),
    Kind.NUMBER: ("",),
    Kind.EURO: ("euro",),
}
"""Units of a threshold; the first is assumed where only a threshold that is not known stands."""

SHARES: Final[dict[str, Words]] = {
    "orr": {"en": "objective response rate", "nl": "objectief responspercentage"},
    "dcr": {"en": "disease control rate", "nl": "ziektecontrolepercentage"},
    "cbr_16w": {"en": "clinical benefit at 16 weeks", "nl": "klinisch voordeel na 16 weken"},
    "cbr_24w": {"en": "clinical benefit at 24 weeks", "nl": "klinisch voordeel na 24 weken"},
    "pcr": {"en": "pathological complete response", "nl": "pathologische complete respons"},
    "grade_3_4_toxicity": {"en": "grade 3–4 toxicity", "nl": "toxiciteit graad 3–4"},
}
TIMES: Final[dict[str, Words]] = {
    "pfs": {"en": "progression-free survival", "nl": "progressievrije overleving"},
    "os": {"en": "overall survival", "nl": "totale overleving"},
    "dfs": {"en": "disease-free survival", "nl": "ziektevrije overleving"},
    "dor": {"en": "duration of response", "nl": "responsduur"},
    "follow_up": {"en": "follow-up", "nl": "follow-upduur"},
    "time_to_response": {"en": "time to response", "nl": "tijd tot respons"},
    "time_on_treatment": {"en": "time on treatment", "nl": "behandelduur"},
}
COMPARED: Final = ("pfs", "os", "dfs")
COUNTS: Final[dict[str, Words]] = {
    "n": {"en": "number of patients", "nl": "aantal patiënten"},
    "responders": {
        "en": "patients with a confirmed response",
        "nl": "patiënten met een bevestigde respons",
    },
}
NUMBERS: Final[dict[str, Words]] = {
    "pfs_ratio.median": {"en": "median PFS ratio", "nl": "mediane PFS-ratio"},
    "asco_clinical_benefit": {
        "en": "ASCO clinical benefit score, 100 x (1 - hazard ratio)",
        "nl": "ASCO-score voor klinisch voordeel, 100 x (1 - hazardratio)",
    },
}


@dataclass(frozen=True)
class Quantity:
    """Something that can be observed.

    Parameters
    ----------
    name
        The canonical phrase, e.g. ``pfs.median``, ``gain in median os``, ``pfs at 6 months``.
    kind
        What sort of number it is.
    measure
        ``value`` (a share, count or number as it is), ``median``, ``hr``, ``rr``, ``landmark``,
        ``patients with``, ``patients assessed for``, ``share above``, ``gain``, ``relative gain``.
    subject
        The share or time measured, e.g. ``orr``, ``pfs``.
    control
        Whether it is the control's figure.
    at_days, at_text
        The landmark, in days and as written.
    cut
        The PFS ratio above which patients are counted.
    of
        What a gain is the gain of (the treatment's figure).
    """

    name: str
    kind: Kind
    measure: str
    subject: str
    control: bool = False
    at_days: float | None = None
    at_text: str = ""
    cut: float | None = None
    of: Quantity | None = None

    @property
    def has_limits(self) -> bool:
        """Whether it is an estimate, so that confidence limits can belong to it."""
        return self.measure != "patients assessed for" and self.name != "n"

    @property
    def counterpart(self) -> Quantity:
        """The control's figure of the same kind."""
        return Quantity(
            f"control {self.name}",
            self.kind,
            self.measure,
            self.subject,
            control=True,
            at_days=self.at_days,
            at_text=self.at_text,
        )

    def in_words(self, language: str) -> str:
        """The quantity in plain words, ``en`` or ``nl``.

        Examples
        --------
        >>> gain_in(median("os")).in_words("nl")
        'winst in mediane totale overleving'
        """
        dutch = language == "nl"
        if self.of is not None:
            inner = self.of.in_words(language)
            if self.measure == "gain":
                return f"winst in {inner}" if dutch else f"gain in {inner}"
            return f"relatieve winst in {inner}" if dutch else f"relative gain in {inner}"
        words = self._words(language)
        text = {
            "median": f"mediane {words}" if dutch else f"median {words}",
            "hr": f"hazardratio voor {words}" if dutch else f"hazard ratio for {words}",
            "rr": f"relatief risico voor {words}" if dutch else f"relative risk for {words}",
            "landmark": f"{words} op {_duration_nl(self.at_text)}"
            if dutch
            else f"{words} at {self.at_text}",
            "patients with": f"patiënten met {words}" if dutch else f"patients with {words}",
            "patients assessed for": f"patiënten beoordeeld op {words}"
            if dutch
            else f"patients assessed for {words}",
            "share at least": "aandeel patiënten met een PFS-ratio van ten minste "
            f"{_plain(self.cut, dutch)}"
            if dutch
            else f"share of patients with a PFS ratio of at least {_plain(self.cut, dutch)}",
        }.get(self.measure, words)
        if self.control:
            return f"{text} van de controlegroep" if dutch else f"{text} of the control"
        return text

    def _words(self, language: str) -> str:
        for table in (SHARES, TIMES, COUNTS, NUMBERS):
            if self.subject in table:
                return table[self.subject][language]
        return self.subject


def share(subject: str) -> Quantity:
    """A share of patients, e.g. ``orr``."""
    return Quantity(subject, Kind.SHARE, "value", subject)


def count(subject: str) -> Quantity:
    """A number of patients: ``n`` or ``responders``."""
    return Quantity(subject, Kind.COUNT, "value", subject)


def number(subject: str) -> Quantity:
    """A plain number, e.g. ``pfs_ratio.median``."""
    return Quantity(subject, Kind.NUMBER, "value", subject)


def median(subject: str) -> Quantity:
    """A Kaplan-Meier median."""
    return Quantity(f"{subject}.median", Kind.DURATION, "median", subject)


def ratio(subject: str, measure: str) -> Quantity:
    """A hazard ratio (``hr``) or relative risk (``rr``)."""
    return Quantity(f"{subject}.{measure}", Kind.RATIO, measure, subject)


def landmark(subject: str, days: float, text: str) -> Quantity:
    """Survival at a time."""
    return Quantity(
        f"{subject} at {text}", Kind.SHARE, "landmark", subject, at_days=days, at_text=text
    )


def patients(subject: str, *, assessed: bool = False) -> Quantity:
    """Patients with an outcome, or assessed for it."""
    measure = "patients assessed for" if assessed else "patients with"
    return Quantity(f"{measure} {subject}", Kind.COUNT, measure, subject)


def share_with_ratio(cut: float) -> Quantity:
    """Share of patients whose PFS ratio is at least a cut."""
    name = f"share with pfs_ratio at least {cut:g}"
    return Quantity(name, Kind.SHARE, "share at least", "pfs_ratio", cut=cut)


def gain_in(of: Quantity, *, relative: bool = False) -> Quantity:
    """What the treatment has more than the control; relative to the control where asked."""
    measure = "relative gain" if relative else "gain"
    inner = f"median {of.subject}" if of.measure == "median" else of.name
    return Quantity(
        f"{measure} in {inner}", Kind.SHARE if relative else of.kind, measure, of.subject, of=of
    )


def names() -> tuple[str, ...]:
    """The plain names of the vocabulary, for lists and nearest-name messages."""
    return (
        *SHARES,
        *(f"{time}.median" for time in TIMES),
        *(f"{time}.hr" for time in COMPARED),
        *(f"{time}.rr" for time in COMPARED),
        *COUNTS,
        *NUMBERS,
    )


def phrases() -> tuple[tuple[str, str], ...]:
    """The ways to name something that are more than one word, with an example of each."""
    return (
        ("lower limit of X, upper limit of X", "lower limit of os.hr"),
        ("X lower limit, X upper limit", "pfs.median lower limit"),
        ("control X", "control os.median"),
        ("TIME at DURATION", "pfs at 6 months"),
        ("gain in median TIME", "gain in median os"),
        ("gain in TIME at DURATION, gain in SHARE", "gain in os at 24 months"),
        ("relative gain in SHARE", "relative gain in pcr"),
        ("patients with SHARE", "patients with cbr_16w"),
        ("patients assessed for SHARE", "patients assessed for cbr_16w"),
        ("share with pfs_ratio at least NUMBER", "share with pfs_ratio at least 1.3"),
        ("declared FACT", "declared qol_improved"),
    )


_DUTCH_UNITS: Final = {
    "day": "dag", "days": "dagen", "week": "week", "weeks": "weken", "month": "maand",
    "months": "maanden", "year": "jaar", "years": "jaar",
}  # fmt: skip


def _duration_nl(text: str) -> str:
    amount, _, unit = text.partition(" ")
    return f"{amount.replace('.', ',')} {_DUTCH_UNITS.get(unit, unit)}"


def unit_in_words(unit: str, language: str, *, one: bool = False) -> str:
    """A unit in words: ``months`` is ``maanden`` in Dutch."""
    word = unit[:-1] if one and unit in UNITS[Kind.DURATION] else unit
    return _DUTCH_UNITS.get(word, word) if language == "nl" else word


def _plain(value: float | None, dutch: bool) -> str:
    text = f"{value:g}" if value is not None else ""
    return text.replace(".", ",") if dutch else text
