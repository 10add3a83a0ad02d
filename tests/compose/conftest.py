"""Tests of the compose stage share ``from fakes import evaluation, pack_copy``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
