"""YAML as people write it: plain values, the line of every key, and problems in plain words.

Only the safe core of YAML is read. Text stays text (``no``, ``on``, ``2024-05-31`` and ``12:30``
are not turned into something else), keys are always text, and what can do harm or hide a mistake
is refused: tags, a key written twice, a second document, deep nesting, aliases that multiply.
"""

from __future__ import annotations

from dossier.yaml_source.document import KeyPath, YamlDocument, parse_yaml, read_yaml
from dossier.yaml_source.validation import nearest, validate, validate_value

__all__ = [
    "KeyPath",
    "YamlDocument",
    "nearest",
    "parse_yaml",
    "read_yaml",
    "validate",
    "validate_value",
]
