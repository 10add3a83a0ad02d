"""What a response is in this cohort: confirmed, seen once, or as the study recorded it."""

from __future__ import annotations

from dossier.compose.material import Material
from dossier.estimate.model import Response


def unconfirmed_known(response: Response) -> bool:
    """Whether responses without confirmation are known; where the study gave the best response
    itself there is only one."""
    return response.n == 0 or sum(response.unconfirmed_counts.values()) > 0


def response_kind(material: Material) -> str:
    """What a response is here: ``confirmed``, ``single`` (one assessment is enough) or ``given``
    (as the study recorded it)."""
    if not unconfirmed_known(material.results.best_response):
        return "given"
    return "confirmed" if material.settings.derivation.confirmation else "single"
