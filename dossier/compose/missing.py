"""What the input lacks, and which parts of the dossier are empty because of it."""

from __future__ import annotations

from collections.abc import Mapping

from dossier.compose.material import Material

# What would have to be supplied, with the parts of the dossier that it would fill.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "characteristics": ("baseline",),
    "best_response": ("orr",),
    "progression": (
        "pfs",
        "dor",
        "time_to_response",
        "cbr_16w",
        "cbr_24w",
        "durability",
        "courses",
    ),
    "survival": ("os", "follow_up", "deaths"),
    "target_sizes": ("target_sizes",),
    "treatment_end": ("disposition", "exposure"),
    "adverse_events": ("adverse_events",),
    "quality_of_life": ("quality_of_life",),
    "prior_pfs": ("pfs_ratio",),
    "deviations": ("deviations",),
}


_OUTCOMES = ("best_response", "progression", "survival")
_FEW = 3


def needs(material: Material) -> tuple[str, ...]:
    """What would have to be supplied, by name."""
    missing = missing_parts(material)
    return tuple(name for name, parts in NEEDS.items() if any(part in missing for part in parts))


def lacks_little(material: Material) -> bool:
    """Whether a sentence says what is missing: few things, and no outcome among them."""
    lacking = needs(material)
    return len(lacking) <= _FEW and not set(_OUTCOMES) & set(lacking)


def missing_parts(material: Material) -> dict[str, str]:
    """Parts of the dossier that stay empty because the data lack them, in the order of `NEEDS`.

    A part is empty for another reason where there is nothing it could describe: no patient treated,
    no responder.

    Returns
    -------
    dict of str to str
        By name of the part, the reason as an estimate gave it, or ``""`` where the input has
        nothing of it at all.
    """
    return material.once(_missing)


def _missing(material: Material) -> dict[str, str]:
    results = material.results
    if not results.populations["treated"]:
        return {}
    found: dict[str, str] = {}
    for name in ("orr", "cbr_16w", "cbr_24w"):
        share = results.proportions.get(name)
        if share is not None and share.estimate is None and share.unknown:
            found[name] = share.reason or ""
    for name in ("pfs", "os", "dor", "follow_up"):
        time = results.times.get(name)
        if time is not None and time.reason is not None and time.unknown:
            found[name] = time.reason
    duration = results.times.get("dor")
    responders = 0 if duration is None else duration.n + duration.unknown
    if responders and results.time_to_response.median_days is None:
        found["time_to_response"] = ""
    kept = results.durability
    if kept is not None and kept.groups["all"].n == kept.groups["all"].unknown:
        if kept.groups["all"].n:
            found["durability"] = kept.groups["all"].share.reason or ""
        elif "cbr_16w" in found:
            found["durability"] = ""
    if not any(name in results.times and results.times[name].n for name in ("pfs", "os")):
        found["courses"] = ""
    measured = material.evaluation.cohort.assessments["target_sum_mm"]
    deaths = results.safety.deaths
    absent = {
        "baseline": not results.baseline,
        "deaths": deaths is None or deaths.deaths is None,
        "target_sizes": not measured.notna().any(),
        "disposition": not results.disposition,
        "exposure": results.exposure is None
        or (results.exposure.reason is not None and not results.exposure.doses),
        "adverse_events": not results.safety.given,
        "quality_of_life": results.quality_of_life is None or not results.quality_of_life.given,
        "pfs_ratio": results.pfs_ratio is None or not results.pfs_ratio.with_ratio,
        "deviations": results.deviations is None or not results.deviations.given,
    }
    found |= {name: "" for name, lacking in absent.items() if lacking}
    return {name: found[name] for parts in NEEDS.values() for name in parts if name in found}
