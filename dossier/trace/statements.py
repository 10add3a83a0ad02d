"""What comes from no patient, and from where instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_WORDS = ("label", "name", "kind", "reason", "note", "title", "column", "endpoint", "soc", "term")
_METHODS = {"method": "the method", "confidence": "the level of the limits"}


def statement(keys: Sequence[str], results: dict[str, Any]) -> str:
    """One sentence that says where a value comes from that no patient has a part in.

    Parameters
    ----------
    keys
        Keys of its path.
    results
        The results format.
    """
    first, last = keys[0], keys[-1]
    match list(keys):
        case ["arms", _, *rest]:
            return statement(rest, results)
        case ["without_arm"]:
            return "treated patients in none of the arms: trace populations.treated"
        case ["schema"]:
            return "the version of the format of results.json"
        case ["cohort", *rest]:
            return f"stated in cohort.yaml, cohort.{'.'.join(rest)}"
        case ["settings", *rest]:
            return f"a setting: {'.'.join(rest)} in cohort.yaml, or its default"
        case ["provenance", *_]:
            return "about the run: software, files and their hashes"
        case ["changes", *_]:
            return (
                "compares this evaluation with the previous dossier: dossier diff shows all of it"
            )
        case ["notes", *_]:
            return "a fact about the derivation as a whole"
        case ["criteria", place, "stability", *_]:
            criterion = results["criteria"][int(place)]["id"]
            return f"from resamples of the treated patients, each judged by {criterion}"
        case ["criteria", place, *_]:
            criterion = results["criteria"][int(place)]["id"]
            return f"stated by the criterion {criterion}, or decided by its rules together"
        case ["bootstrap", *_]:
            return "from resamples of the patients behind the same number under endpoints"
        case ["baskets", *_]:
            return "from the counts of all baskets together: trace baskets.baskets.<n>.raw"
        case ["subgroups", "columns", _, "heterogeneity", *_]:
            return "compares the groups: trace the response rate of each"
        case ["subgroups", *_]:
            return "about the grouping: a setting, or the treated patients with and without a value"
    if last in _WORDS:
        return "words that explain the numbers beside them"
    if last in _METHODS:
        return f"{_METHODS[last]}: a setting, estimation in cohort.yaml"
    if last == "threshold":
        return "a setting: derivation.pfs_ratio_threshold in cohort.yaml, or its default"
    if "lasting" in keys:
        return "a duration: a setting, estimation.lasting_response in cohort.yaml"
    if "dor" in keys and "landmarks" in keys:
        return "a landmark: a setting, estimation.response_landmarks in cohort.yaml"
    if "landmarks" in keys:
        return "a landmark: a setting, estimation.landmarks in cohort.yaml"
    return f"this version traces no patients behind this number of {first}"
