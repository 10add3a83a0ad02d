"""What all tests share: the Hypothesis profile, and what to do where a validator is missing."""

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

# Tests import the document validators as ``from validators.validate import check_pdf``.
sys.path.insert(0, str(Path(__file__).parent / "documents"))

from validators.validate import MissingToolError

# The same examples on every machine, and no failure because a machine is slow.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci")

REQUIRED = "DOSSIER_REQUIRE_VALIDATORS"


def pytest_configure(config: pytest.Config) -> None:
    if "s" not in config.option.reportchars:
        config.option.reportchars += "s"  # a skipped validator says why


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _skipped_without_its_tool(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _skipped_without_its_tool(item))


def _skipped_without_its_tool(item: pytest.Item) -> Generator[None, object, object]:
    """Skip a test marked ``validator`` that lacks a tool, unless the tools are required."""
    try:
        return (yield)
    except MissingToolError as missing:
        if item.get_closest_marker("validator") is None or os.environ.get(REQUIRED) == "1":
            raise
        pytest.skip(f"{missing} ({REQUIRED}=1 makes this a failure)")
