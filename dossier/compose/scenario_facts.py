"""What templates may ask of the scenarios beside the base case."""

from __future__ import annotations

from typing import Any

from dossier.compose.facts import Count
from dossier.compose.figures import why_not_drawn
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.scenario_print import scenario_names

__all__ = ["scenario_facts"]

_TORNADOES = ("orr", "pfs.median")


def scenario_facts(material: Material) -> dict[str, Any]:
    """How many scenarios there are, and what can be printed and drawn of them."""
    found = material.what_if
    if found is None:
        return {
            "given": False,
            "tornado": (),
            "flipping": (),
            **dict.fromkeys(("n", "not_run", "prespecified", "post_hoc", "flips"), 0),
            **dict.fromkeys(("sweeps", "predictions", "stability", "compared"), 0),
        }
    at, matrix = material.what_if_at, found.matrix
    alternatives = matrix.rows[1:]
    planned = sum(row.scenario.prespecified for row in alternatives)
    return {
        "given": True,
        "n": Count(matrix.scenarios_run, f"{at}scenarios_run"),
        "not_run": Count(sum(row.reason is not None for row in alternatives), f"{at}not_estimated"),
        "prespecified": Count(planned, f"{at}prespecified"),
        "post_hoc": Count(matrix.scenarios_run - planned, f"{at}post_hoc"),
        "flips": Count(len(matrix.flipping), f"{at}flipping"),
        "flipping": tuple(
            literal(name)
            for row, name in zip(matrix.rows, scenario_names(material), strict=True)
            if row in matrix.flipping
        ),
        "tornado": tuple(
            name
            for name in _TORNADOES
            if name in matrix.base.figures and not why_not_drawn(material, "tornado", name)
        ),
        "sweeps": len(found.sweeps),
        "predictions": len(found.predictions),
        "stability": len(found.stability),
        "compared": len(found.compared),
    }
