"""Results as JSON: the same bytes for the same numbers."""

from __future__ import annotations

import json
from typing import Any


def results_json(results: dict[str, Any]) -> bytes:
    """The results format as UTF-8 JSON with a final line break.

    Raises
    ------
    ValueError
        When a number is not finite: a missing number must be null beside a reason.
    """
    text = json.dumps(results, ensure_ascii=False, allow_nan=False, indent=1)
    return (text + "\n").encode()
