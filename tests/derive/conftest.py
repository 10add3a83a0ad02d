"""Tests of the derive stage share ``from patient_stories import cohort_of``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
