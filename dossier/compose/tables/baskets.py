"""Response rates by basket: alone, shrunken towards each other, and under other priors."""

from __future__ import annotations

from dossier.compose.document import Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import exact
from dossier.compose.tables.cells import Content, absent, cell, dash, table
from dossier.estimate.baskets import Basket, BasketRates, Shrunken


def baskets(material: Material) -> Table:
    """A line a basket: its own rate, the shrunken one, chances to exceed each threshold."""
    say, found, numbers = material.say, material.results.baskets, material.numbers
    level = numbers.level(material.settings.estimation.confidence)
    names = ("basket", "raw", "shrunken")
    columns = [say(f"tables.baskets.columns.{name}", level=level) for name in names]
    if found is None:
        return absent(material, "baskets", columns, say("figures.baskets.absent"))
    asked = material.settings.estimation.baskets
    thresholds = () if asked is None or found.reason is not None else asked.thresholds
    columns += [
        say("tables.baskets.columns.above", threshold=numbers.percent(threshold, 0))
        for threshold in thresholds
    ]
    rows = [
        _basket(material, found, basket, f"baskets.baskets.{place}", len(thresholds))
        for place, basket in enumerate(found.baskets)
    ]
    notes: list[Content] = [
        say("tables.baskets.note", endpoint=say.lower(say(f"endpoints.{found.endpoint}")))
    ]
    if found.reason is not None:
        reason = literal(say.reason(found.reason))
        notes.append(say("tables.baskets.not_shrunken", reason=reason))
    if found.missing:
        notes.append(say("tables.baskets.missing", n=found.missing))
    notes.append(say("tables.baskets.abbreviations"))
    share = 0.38 / len(thresholds) if thresholds else 0.0
    widths = (0.22 if thresholds else 0.6, 0.21, 0.19, *[share] * len(thresholds))
    return table(material, "baskets", columns, rows, widths, notes=notes)


def basket_priors(material: Material) -> Table:
    """A line a basket: the shrunken rate under each prior of how much baskets differ."""
    say, found, numbers = material.say, material.results.baskets, material.numbers
    level = numbers.level(material.settings.estimation.confidence)
    columns = [say("tables.baskets.columns.basket")]
    if found is None or found.reason is not None:
        reason = say("figures.baskets.absent")
        if found is not None:
            reason = literal(say.reason(found.reason or ""))
        return absent(material, "basket_priors", columns, reason)
    scales = sorted(found.heterogeneity)
    columns += [_scale(material, found, scale) for scale in scales]
    rows: list[Row] = []
    for place, basket in enumerate(found.baskets):
        path = f"baskets.baskets.{place}"
        cells = (
            cell(_with_limits(material, *_under(found, basket, scale, path)), "right")
            for scale in scales
        )
        rows.append((cell(_label(material, found, basket)), *cells))
    places = {scale: place for place, scale in enumerate(found.heterogeneity)}
    means = (
        cell(
            Number(
                numbers.decimal(found.heterogeneity[scale], 2),
                f"baskets.heterogeneity.{places[scale]}.mean",
            ),
            "right",
        )
        for scale in scales
    )
    rows.append((cell(say("tables.basket_priors.heterogeneity"), strong=True), *means))
    notes = [say("tables.basket_priors.note", level=level)]
    widths = (0.28, *[0.72 / len(scales)] * len(scales))
    return table(material, "basket_priors", columns, rows, widths, notes=notes)


def _scale(material: Material, found: BasketRates, scale: float) -> str:
    key = "main" if scale == found.heterogeneity_scale else "scale"
    return material.say(f"tables.basket_priors.columns.{key}", scale=material.numbers.plain(scale))


def _under(found: BasketRates, basket: Basket, scale: float, path: str) -> tuple[Shrunken, str]:
    if scale == found.heterogeneity_scale and basket.shrunken is not None:
        return basket.shrunken, f"{path}.shrunken"
    position = list(basket.sensitivity).index(scale)
    return basket.sensitivity[scale], f"{path}.sensitivity.{position}"


def _label(material: Material, found: BasketRates, basket: Basket) -> Content:
    return literal(material.say.baseline_value(found.column, basket.label))


def _basket(
    material: Material, found: BasketRates, basket: Basket, path: str, thresholds: int
) -> Row:
    raw, shrunken = basket.raw, basket.shrunken
    own = material.rate(raw, f"{path}.raw")
    if raw.estimate is not None:
        limits = material.share_limits(raw, f"{path}.raw")
        own = material.say.inlines("tables.with_limits", estimate=own, limits=limits)
    start = (cell(_label(material, found, basket)), cell(own, "right"))
    if shrunken is None:
        return (*start, dash(material))
    above = (
        cell(
            Number(_probability(material, probability), f"{path}.shrunken.above.{k}.probability"),
            "right",
        )
        for k, probability in enumerate(list(shrunken.above.values())[:thresholds])
    )
    shown = _with_limits(material, shrunken, f"{path}.shrunken")
    return (*start, cell(shown, "right"), *above)


def _with_limits(material: Material, rate: Shrunken, path: str) -> Inlines:
    numbers, say = material.numbers, material.say
    low, high = (
        Number(numbers.decimal(exact(limit) * 100), f"{path}.{name}")
        for limit, name in ((rate.ci_lower, "ci_lower"), (rate.ci_upper, "ci_upper"))
    )
    limits = say.inlines("format.limits", lower=low, upper=high)
    mean = Number(numbers.percent(rate.mean), f"{path}.mean")
    return say.inlines("tables.with_limits", estimate=(mean,), limits=limits)


def _probability(material: Material, value: float) -> str:
    """A probability in percent; one that would round to none or all is given as a bound."""
    numbers, say = material.numbers, material.say
    if value < 0.001:
        return say("tables.baskets.below", percent=numbers.percent(0.001))
    if value > 0.999:
        return say("tables.baskets.beyond", percent=numbers.percent(0.999))
    return numbers.percent(value)
