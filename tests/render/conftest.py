"""Tests of the renderers share ``from sample import sample_document``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
