"""What templates may name of benefit after 16 weeks and of single patients: ``durability``,
``decision_16w``, ``pfs_ratio`` and ``exceptional``."""

from __future__ import annotations

from typing import Any

from dossier.compose.facts import Count, rate, text
from dossier.compose.material import Material

_COUNTS = ("n", "kept", "lost", "too_early", "unknown")


def durability_facts(material: Material) -> dict[str, Any]:
    """Patients with benefit at 16 weeks by what became of it; ``all``, ``response`` and
    ``stable_disease``. ``given`` is false where nobody had it."""
    found = material.results.durability
    if found is None:
        return {"given": False}
    facts: dict[str, Any] = {"given": bool(found.groups["all"].n)}
    for name, group in found.groups.items():
        path = f"durability.{name}"
        facts[name] = {key: Count(getattr(group, key), f"{path}.{key}") for key in _COUNTS}
        facts[name]["share"] = rate(material, group.share, f"{path}.share")
    return facts


def decision_facts(material: Material) -> dict[str, Any]:
    """Treated patients at the decision at 16 weeks; ``continued`` is false where the input has no
    end of treatment."""
    decision = material.results.decision
    if decision is None:
        return {"given": False}
    benefit = decision.states["benefit"]
    facts: dict[str, Any] = {
        "given": bool(decision.all.n),
        "n": Count(decision.all.n, "decision_16w.n"),
        **{name: Count(row.n, f"decision_16w.{name}.n") for name, row in decision.states.items()},
        "continued": bool(decision.all.continued),
    }
    for name, words in (("response", "response"), ("stable_disease", "stable disease")):
        part = benefit.reasons.get(words)
        facts[name] = (
            0 if part is None else Count(part.n, f"decision_16w.benefit.reasons.{words}.n")
        )
    if decision.all.continued:
        path = "decision_16w{}.continued.yes"
        facts["went_on"] = Count(decision.all.continued["yes"], path.format(""))
        for name, row in decision.states.items():
            facts[f"went_on_{name}"] = Count(row.continued["yes"], path.format(f".{name}"))
    return facts


def ratio_facts(material: Material) -> dict[str, Any]:
    """The PFS ratio; ``given`` is false where the input has no earlier progression-free survival,
    and ``known`` where no patient has a ratio."""
    found, path = material.results.pfs_ratio, "endpoints.pfs_ratio"
    if found is None:
        return {"given": False, "known": False}
    return {
        "given": True,
        "known": found.with_ratio > 0,
        "share": rate(material, found.share, path),
        "threshold": text(material.numbers.plain(found.threshold)),
        "with_ratio": Count(found.with_ratio, f"{path}.with_ratio"),
        "indeterminate": Count(found.indeterminate, f"{path}.indeterminate"),
        "not_given": Count(found.not_given, f"{path}.not_given"),
    }


def exceptional_facts(material: Material) -> dict[str, Any]:
    """Exceptional responders; ``given`` is false where nothing is known of them."""
    found, path = material.results.exceptional, "endpoints.exceptional_responders"
    if found is None:
        return {"given": False}
    months = material.settings.derivation.exceptional_pfs_months
    return {
        "given": found.share.estimate is not None,
        "share": rate(material, found.share, path),
        "months": text(material.numbers.plain(months)),
        "complete_counts": material.settings.derivation.exceptional_complete_response,
        "followed_too_short": Count(found.followed_too_short, f"{path}.followed_too_short"),
    }
