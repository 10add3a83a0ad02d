"""Tests of the appraise stage share ``from studies import verdict_of``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
