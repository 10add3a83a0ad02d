"""Arms side by side, and each against the reference arm."""

from __future__ import annotations

from collections.abc import Callable

from dossier.compose.document import Cell, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import exact, months_of
from dossier.compose.tables.cells import absent, cell, dash, group, number, table
from dossier.compose.tables.p_values import p_value
from dossier.estimate.arm_comparison import ArmComparison, Difference
from dossier.estimate.model import Results

_RATES = ("orr", "cbr_16w")
_TIMES = ("pfs", "os")


def arms(material: Material) -> Table:
    """A line an arm: patients treated, rates and medians with their limits."""
    say = material.say
    level = material.numbers.level(material.settings.estimation.confidence)
    rates = _RATES[:1] if material.arms_apart else _RATES
    names = ("arm", "treated", *rates, *_TIMES, *(["pfs_hr"] if material.arms_apart else []))
    columns = [say(f"tables.arms.columns.{name}", level=level) for name in names]
    if not material.results.arms:
        return absent(material, "arms", columns, say("tables.arms.absent"))
    rows = [_arm(material, name, arm, rates) for name, arm in material.results.arms.items()]
    notes = [say("tables.arms.note")] if material.populations_differ() else []
    if not material.arms_apart:
        notes.append(say("tables.arms.others"))
    without = material.results.without_arm
    if without:
        notes.append(say("tables.arms.without", n=without))
    apart = "_apart" if material.arms_apart else ""
    notes.append(say(f"tables.arms.abbreviations{apart}"))
    widths = (0.15, 0.085, 0.22, 0.24, 0.165, 0.14)
    if material.arms_apart:
        widths = (0.15, 0.08, 0.25, 0.175, 0.18, 0.165)
    return table(material, "arms", columns, rows, widths, notes=notes)


def _arm(material: Material, name: str, arm: Results, rates: tuple[str, ...]) -> Row:
    path = f"arms.{name}"
    cells = [cell(literal(name)), number(arm.populations["treated"], f"{path}.populations.treated")]
    for rate in rates:
        share, place = arm.proportions[rate], f"{path}.endpoints.{rate}"
        shown = material.rate(share, place)
        if share.estimate is not None:
            shown = _with_limits(material, shown, material.share_limits(share, place))
        cells.append(cell(shown, "right"))
    for endpoint in _TIMES:
        time, place = arm.times[endpoint], f"{path}.endpoints.{endpoint}"
        shown = material.median(time, place, unit=False)
        known = time.median.ci_lower_days is not None or time.median.ci_upper_days is not None
        if time.reason is None and known:
            shown = _with_limits(material, shown, material.median_limits(time, place))
        cells.append(cell(shown, "right"))
    if material.arms_apart:
        cells.append(_of_reference(material, name))
    return tuple(cells)


def _of_reference(material: Material, name: str) -> Cell:
    """The hazard ratio of an arm for progression or death; words for the reference itself."""
    for place, each in enumerate(material.results.comparisons):
        if (each.arm, each.endpoint) == (name, "pfs"):
            return _hazard_ratio(material, each, f"comparisons.{place}")
    return cell(material.say("tables.arms.reference"), "right")


def comparisons(material: Material) -> Table:
    """A column an arm: hazard ratio, log-rank test, gain in median and in landmarks."""
    say, found = material.say, material.results.comparisons
    names = list(dict.fromkeys(each.arm for each in found))
    first = say("tables.comparisons.columns.measure")
    if not found:
        none = [first, say("tables.value")]
        return absent(material, "comparisons", none, say("tables.arms.absent"))
    reference = literal(found[0].reference)
    columns = [
        first,
        *(
            say("tables.comparisons.columns.arm", arm=literal(name), reference=reference)
            for name in names
        ),
    ]
    rows: list[Row] = []
    for endpoint in dict.fromkeys(each.endpoint for each in found):
        placed = [(place, each) for place, each in enumerate(found) if each.endpoint == endpoint]
        rows.append(group(material, f"endpoints.{endpoint}", len(columns)))
        rows += _endpoint(material, placed)
    notes = [say("tables.comparisons.note", reference=reference), *_reasons(material)]
    if not material.settings.cohort.reference_arm:
        notes.append(say("tables.comparisons.by_alphabet", reference=reference))
    notes.append(say("tables.comparisons.missing"))
    widths = (0.4, *[0.6 / len(names)] * len(names))
    return table(material, "comparisons", columns, rows, widths, notes=notes)


def _endpoint(material: Material, placed: list[tuple[int, ArmComparison]]) -> list[Row]:
    say, level = material.say, material.numbers.level(placed[0][1].confidence)

    def row(label: str, content: Callable[[ArmComparison, str], Cell]) -> Row:
        cells = (content(each, f"comparisons.{place}") for place, each in placed)
        return (cell(label, indent=1), *cells)

    def words(name: str, **values: object) -> str:
        return say(f"tables.comparisons.rows.{name}", level=level, **values)

    rows = [
        row(words("events"), lambda each, path: _events(material, each, path)),
        row(words("hazard_ratio"), lambda each, path: _hazard_ratio(material, each, path)),
        row(words("log_rank"), lambda each, path: _log_rank(material, each, path)),
        row(
            words("median_gain"),
            lambda each, path: _difference(
                material, each.median_gain, _months,
                (f"{path}.median_gain_months", f"{path}.median_gain_ci_lower_months",
                 f"{path}.median_gain_ci_upper_months"),
            ),
        ),
    ]  # fmt: skip
    for position in range(min(len(each.landmarks) for _, each in placed)):
        time = material.duration(placed[0][1].landmarks[position].label)

        def at(each: ArmComparison, path: str, position: int = position) -> Cell:
            place = f"{path}.landmarks.{position}"
            paths = (f"{place}.difference", f"{place}.ci_lower", f"{place}.ci_upper")
            return _difference(material, each.landmarks[position].difference, _points, paths)

        rows.append(row(words("landmark", time=time), at))
    return rows


def _events(material: Material, each: ArmComparison, path: str) -> Cell:
    shown = material.say.inlines(
        "tables.comparisons.events",
        events=Number(str(each.events), f"{path}.events"),
        n=Number(str(each.n), f"{path}.n"),
        events_reference=Number(str(each.events_reference), f"{path}.events_reference"),
        n_reference=Number(str(each.n_reference), f"{path}.n_reference"),
    )
    return cell(shown, "right")


def _hazard_ratio(material: Material, each: ArmComparison, path: str) -> Cell:
    cox, numbers = each.cox, material.numbers
    if cox is None or cox.hazard_ratio is None:
        return dash(material)
    ratio = (Number(numbers.decimal(cox.hazard_ratio, 2), f"{path}.hazard_ratio"),)
    if cox.lower is None or cox.upper is None:
        return cell(ratio, "right")
    limits = material.say.inlines(
        "format.limits",
        lower=Number(numbers.decimal(cox.lower, 2), f"{path}.ci_lower"),
        upper=Number(numbers.decimal(cox.upper, 2), f"{path}.ci_upper"),
    )
    return cell(_with_limits(material, ratio, limits), "right")


def _log_rank(material: Material, each: ArmComparison, path: str) -> Cell:
    value = None if each.cox is None else each.cox.log_rank_p
    if value is None:
        return dash(material)
    return cell(p_value(material, value, f"{path}.log_rank_p"), "right")


def _difference(
    material: Material,
    found: Difference,
    printed: Callable[[Material, float], str],
    paths: tuple[str, str, str],
) -> Cell:
    if found.estimate is None:
        return dash(material)
    shown: Inlines = (Number(printed(material, found.estimate), paths[0]),)
    if found.lower is None and found.upper is None:
        return cell(shown, "right")
    low, high = (
        Number(material.numbers.not_reached if x is None else printed(material, x), path)
        for x, path in zip((found.lower, found.upper), paths[1:], strict=True)
    )
    limits = material.say.inlines("tables.comparisons.limits", lower=low, upper=high)
    return cell(_with_limits(material, shown, limits), "right")


def _months(material: Material, days: float) -> str:
    return material.numbers.decimal(months_of(days), signed=True)


def _points(material: Material, share: float) -> str:
    return material.numbers.decimal(exact(share) * 100, signed=True)


def _with_limits(material: Material, estimate: Inlines, limits: Inlines) -> Inlines:
    return material.say.inlines("tables.with_limits", estimate=estimate, limits=limits)


def _reasons(material: Material) -> list[str]:
    """Why a hazard ratio is missing."""
    say = material.say
    notes: list[str] = []
    for each in material.results.comparisons:
        if each.cox is None:
            reason = say("tables.comparisons.no_estimate")
        elif each.cox.not_estimable is not None:
            reason = say.reason(str(each.cox.not_estimable))
        else:
            continue
        endpoint = say(f"endpoints_short.{each.endpoint}")
        values = {"arm": literal(each.arm), "endpoint": endpoint, "reason": reason}
        notes.append(say("tables.comparisons.reason", **values))
    return notes
