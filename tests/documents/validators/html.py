"""Checks of HTML files by engines that this project did not write.

A check returns the list of what is wrong; an empty list is a pass. A tool that is not installed
raises `MissingToolError`.

===========================  =====================================================================
`check_html`, `check_htmls`  both of the following
`check_html_markup`          the Nu Html Checker, the W3C's, of HTML and CSS; needs Java
`check_html_in_use`          axe-core in headless Chromium, wide and narrow; network and console
===========================  =====================================================================
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from json import loads
from pathlib import Path
from urllib.parse import unquote, urlsplit

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
    (faults,) = check_htmls([path]).values()
    return faults


def check_htmls(paths: Iterable[str | Path]) -> dict[Path, list[str]]:
    """Check several HTML files, see `check_html`. Keyed by the paths given."""
    files = [Path(path) for path in paths]
    markup, in_use = check_html_markup(files), check_html_in_use(files)
    return {file: markup[file] + in_use[file] for file in files}


def check_html_markup(paths: Iterable[str | Path]) -> dict[Path, list[str]]:
    """Check the HTML and CSS of files with the Nu Html Checker: errors and warnings."""
    files = {Path(path): _existing(path) for path in paths}
    jar = _package("vnu-jar") / "build" / "dist" / "vnu.jar"
    java = _program("java", "install a JDK, version 11 or later (Debian: default-jdk-headless)")
    quick = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # a process of a few seconds
    options = ("--format", "json", "--stdout")
    run = _run([java, *quick, "-jar", str(jar), *options, *map(str, files.values())])
    if not run.stdout.startswith("{"):
        raise RuntimeError(f"the Nu Html Checker did not finish:\n{run.stdout}{run.stderr}")
    found: dict[str, list[str]] = {file.as_uri(): [] for file in files.values()}
    for message in loads(run.stdout)["messages"]:
        kind, line = message.get("subType", message["type"]), message.get("lastLine", 0)
        address = Path(unquote(urlsplit(message["url"]).path)).as_uri()
        found[address].append(f"nu {kind}: {message['message']} @ line {line}")
    return {path: found[file.as_uri()] for path, file in files.items()}


def check_html_in_use(paths: Iterable[str | Path]) -> dict[Path, list[str]]:
    """Open files in headless Chromium, 1280 and 400 pixels wide, and run axe-core in each.

    Besides violations of axe: requests to anywhere, errors in the console (such as what the
    page's own policy stopped), and a page wider than its window.
    """
    files = {Path(path): _existing(path) for path in paths}
    node = _program("node", "install Node.js (Debian: nodejs)")
    for package in ("axe-core", "playwright-core"):
        _package(package)
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        script = str(HERE / "axe.mjs")
        run = _run([node, script, _chromium(), profile, *map(str, files.values())])
    if run.returncode != 0 or not run.stdout.startswith("{"):
        raise RuntimeError(f"axe did not finish:\n{run.stdout}{run.stderr}")
    found = loads(run.stdout)
    return {path: found[str(file)] for path, file in files.items()}


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
