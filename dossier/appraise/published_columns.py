"""The columns of a table of published studies, and which quantity each one is."""

from __future__ import annotations

from typing import Final

MONTHS: Final = {
    f"{control}{time}_median_months": f"{control.replace('_', ' ')}{time}.median"
    for control in ("", "control_")
    for time in ("pfs", "os", "dfs", "dor")
} | {"follow_up_median_months": "follow_up.median"}
"""Medians in months, by column; `NR` is not reached. Each may have ``..._ci_lower_months``."""

SHARES: Final = {
    f"{control}{name}": f"{control.replace('_', ' ')}{name}"
    for control in ("", "control_")
    for name in ("orr", "dcr", "cbr_16w", "cbr_24w", "pcr")
} | {"grade_3_4_toxicity": "grade_3_4_toxicity"}

LANDMARKS: Final = {
    f"{control}{time}_{length}{letter}": (
        f"{control.replace('_', ' ')}{time} at {months} {'month' if months == 1 else 'months'}"
    )
    for control in ("", "control_")
    for time in ("pfs", "os", "dfs")
    for length, letter, months in (
        (6, "m", 6), (12, "m", 12), (1, "y", 12), (2, "y", 24), (3, "y", 36), (5, "y", 60),
    )
}  # fmt: skip

RATIOS: Final = {
    f"{time}_{measure}": f"{time}.{measure}"
    for time in ("os", "pfs", "dfs")
    for measure in ("hr", "rr")
}
FACTS: Final = (
    "qol_improved",
    "confirmatory_study",
    "toxicity_reduced",
    "toxicity_affects_wellbeing",
)
COUNTS: Final = ("n", "responders")
NOT_REACHED: Final = frozenset(("nr", "not reached", "ne", "nb", "niet bereikt"))
UNKNOWN: Final = frozenset(
    ("", "na", "n/a", "nan", "<na>", "nat", "none", "null", "unknown", "-", "onbekend")
)


def _limit_columns() -> tuple[str, ...]:
    columns = []
    for name in (*SHARES, *RATIOS, *LANDMARKS):
        columns += [f"{name}_ci_lower", f"{name}_ci_upper"]
    for name in MONTHS:
        stem = name.removesuffix("_months")
        columns += [f"{stem}_ci_lower_months", f"{stem}_ci_upper_months"]
    return tuple(columns)


FIGURES: Final = (*COUNTS, *SHARES, *MONTHS, *LANDMARKS, *RATIOS, *_limit_columns())
COLUMNS: Final = ("study", "design", "setting", *FIGURES, *FACTS)
