"""Checks of HTML files by engines that this project did not write.

A check returns the list of what is wrong; an empty list is a pass. A tool that is not installed
raises `MissingToolError`.

====================  ============================================================================
`check_html`          both of the following
`check_html_in_use`   axe-core in headless Chromium, wide and narrow, and requests to the network
`check_html_markup`   the Nu Html Checker, which is the W3C's, of HTML and CSS; needs Java
====================  ============================================================================
"""

from __future__ import annotations

import shutil
import tempfile
from json import loads
from pathlib import Path

from validators.validate import HERE, MissingToolError, _existing, _program, _run

_REMEDY = "npm install --no-save --no-package-lock --prefix tests/documents/validators"
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def check_html(path: str | Path) -> list[str]:
    """Check one HTML file: its markup, and how it serves a reader in a browser.

    Returns
    -------
    list of str
        One entry a fault.

    Raises
    ------
    MissingToolError
        Without Java, Node.js, Chromium or the npm packages beside this file.
    """
    return check_html_markup(path) + check_html_in_use(path)


def check_html_markup(path: str | Path) -> list[str]:
    """Check the HTML and CSS of one file with the Nu Html Checker; errors and warnings."""
    jar = _package("vnu-jar") / "build" / "dist" / "vnu.jar"
    java = _program("java", "install a JDK, version 11 or later (Debian: default-jdk-headless)")
    run = _run([java, "-jar", str(jar), "--format", "json", "--stdout", str(_existing(path))])
    if not run.stdout.startswith("{"):
        raise RuntimeError(f"the Nu Html Checker did not finish:\n{run.stdout}{run.stderr}")
    return [
        f"nu {message.get('subType', message['type'])}: {message['message']}"
        f" @ line {message.get('lastLine', 0)}"
        for message in loads(run.stdout)["messages"]
    ]


def check_html_in_use(path: str | Path) -> list[str]:
    """Open one file in headless Chromium, 1280 and 400 pixels wide, and run axe-core in it.

    Besides violations of axe: requests to anywhere, errors in the console (such as what the
    page's own policy stopped), and a page wider than its window.
    """
    node = _program("node", "install Node.js (Debian: nodejs)")
    for package in ("axe-core", "playwright-core"):
        _package(package)
    file = _existing(path)
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        run = _run([node, str(HERE / "axe.mjs"), _chromium(), profile, str(file)])
    if run.returncode != 0 or not run.stdout.startswith("{"):
        raise RuntimeError(f"axe did not finish:\n{run.stdout}{run.stderr}")
    return list(loads(run.stdout)[str(file)])


def _package(name: str) -> Path:
    folder = HERE / "node_modules" / name
    if not folder.is_dir():
        raise MissingToolError(name, _REMEDY)
    return folder


def _chromium() -> str:
    for name in _PROGRAMS:
        if found := shutil.which(name):
            return found
    raise MissingToolError("chromium", "install Chromium (Debian: chromium)")
