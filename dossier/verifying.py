"""Prove that a dossier on disk is what its data, criteria and software give."""

from __future__ import annotations

import datetime
import hashlib
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

from dossier.building import (
    LANGUAGE,
    RESULTS_HASH,
    TEMPLATE,
    render,
    results_of,
    template_of,
    with_changes,
)
from dossier.cohort.model import Cohort
from dossier.errors import InputError, Problem
from dossier.evaluation import Evaluation, Progress, evaluate, named_criteria
from dossier.sources import sources_of

__all__ = ["Check", "Verification", "verify"]

DOCUMENTS: Final = ("dossier.docx", "dossier.pdf", "dossier.html", "dossier.xlsx")
_OF_DESIGN: Final = " (two_stage)"
_COHORT_FILES: Final = ("cohort.yaml", "cohort.yml")


@dataclass(frozen=True)
class Check:
    """One thing that was compared.

    Parameters
    ----------
    subject
        What: ``software``, ``data``, ``settings``, ``criteria``, ``results`` or ``documents``.
    name
        Which file, criterion or place in results.json.
    same
        Whether it is as recorded.
    recorded, found
        Both values, where they differ.
    remark
        What the difference is, where two values do not say it.
    """

    subject: str
    name: str
    same: bool
    recorded: str = ""
    found: str = ""
    remark: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON form, without what is empty."""
        result: dict[str, Any] = {"subject": self.subject, "name": self.name, "same": self.same}
        stated = {"recorded": self.recorded, "found": self.found, "remark": self.remark}
        return result | {key: value for key, value in stated.items() if value}


@dataclass(frozen=True)
class Verification:
    """Everything that was compared.

    Parameters
    ----------
    checks
        In the order of the work: what went in, the numbers, the documents.
    values
        How many values of results.json were compared.
    not_checked
        Files of the folder that nothing is claimed of.
    """

    checks: tuple[Check, ...]
    values: int
    not_checked: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the dossier is proven."""
        return all(check.same for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        """The format ``dossier.verification/1``."""
        return {
            "schema": "dossier.verification/1",
            "verified": self.same,
            "values_compared": self.values,
            "checks": [check.to_dict() for check in self.checks],
            "not_checked": list(self.not_checked),
        }


def verify(
    folder: str | Path,
    cohort: str | Path | None = None,
    *,
    criteria: Sequence[str | Path] = (),
    template: str | None = None,
    previous: str | Path | None = None,
    progress: Progress = lambda _: None,
) -> Verification:
    """Make a dossier again from its data and compare everything with what is on disk.

    Hashes of data, settings and criteria are compared with those recorded, every value of
    results.json with a new evaluation, and every document byte by byte with a new one, so that a
    number changed by hand in a document is found too.

    Parameters
    ----------
    folder
        Where the dossier is: results.json and the documents.
    cohort
        Its data. Where None, the cohort.yaml whose hash the results record is looked for in the
        folder, the folders above it and the working directory: a dossier names no path, because
        its bytes do not depend on where it was made.
    criteria
        Files of criteria that cohort.yaml does not name and that are not shipped.
    template
        The template pack, where it is no shipped one and not that of cohort.yaml.
    previous
        What the dossier was compared with, where cohort.yaml does not name it.
    progress
        Called with a few words as the work goes on.

    Raises
    ------
    InputError
        When there is no dossier, when its data or criteria are not found, or cannot be read.
    """
    from dossier.cohort.read import read_cohort

    folder = Path(folder)
    content, recorded = _results_in(folder)
    progress("Reading the cohort")
    read = read_cohort(cohort if cohort is not None else _cohort_of(folder, recorded))
    references, overrides = _criteria_of(recorded, read, criteria)
    evaluation = evaluate(read, references, overrides=overrides, progress=progress)
    if "changes" in recorded:
        if previous is None and not read.settings.dossier.previous:
            message = "this dossier was compared with a previous one that cohort.yaml does not name"
            raise InputError([Problem(message, str(folder), expected="--previous")])
        evaluation = with_changes(evaluation, previous, progress)
    evaluation = _dated(evaluation, recorded)
    found = json.loads(json.dumps(results_of(evaluation, progress)[0]))
    checks = list(_what_went_in(recorded, found))
    values = _leaves(recorded)
    checks += _numbers(values, _leaves(found))
    again = _Again(folder, content, evaluation, references, template) if _alike(checks) else None
    progress("Making the documents again")
    checks += _documents(folder, content, again)
    known = {"results.json", *DOCUMENTS, *(check.name for check in checks)}
    others = sorted(set(_files(folder)) - known)
    return Verification(tuple(checks), len(values), tuple(others))


# -- what is on disk


def _results_in(folder: Path) -> tuple[bytes, dict[str, Any]]:
    file = folder / "results.json"
    if not file.is_file():
        message = "there is no dossier here: results.json is missing"
        raise InputError([Problem(message, str(folder), expected="a folder written by build")])
    try:
        content = file.read_bytes()
        found = json.loads(content)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError([Problem(f"this cannot be read: {error}", str(file))]) from None
    schema = found.get("schema") if isinstance(found, dict) else None
    if schema != "dossier.results/1" or not isinstance(found.get("provenance"), dict):
        message = "this is no results.json of a dossier"
        raise InputError([Problem(message, str(file), expected="schema dossier.results/1")])
    return content, found


_MOST_FOLDERS: Final = 500


def _cohort_of(folder: Path, recorded: Mapping[str, Any]) -> Path:
    sources = recorded["provenance"].get("data", ())
    wanted = {each["sha256"] for each in sources if each["table"] == "settings"}
    places = [folder.resolve(), *folder.resolve().parents[:3], Path.cwd()]
    # Of the folders beside the dossier those inside too: examples/study beside out.
    places += islice(_folders_in(folder.resolve().parent), _MOST_FOLDERS)
    for place in dict.fromkeys(places):
        for candidate in [place, *_folders_in(place)]:
            for name in _COHORT_FILES:
                file = candidate / name
                if file.is_file() and _sha256(file.read_bytes()) in wanted:
                    return file
    message = "the data of this dossier are not found beside it, or cohort.yaml was changed"
    raise InputError([Problem(message, str(folder), expected="--cohort with where they are")])


def _folders_in(place: Path) -> list[Path]:
    try:
        return sorted(
            each for each in place.iterdir() if each.is_dir() and not each.name.startswith(".")
        )
    except OSError:
        return []


# -- the same again


def _criteria_of(
    recorded: Mapping[str, Any], cohort: Cohort, files: Sequence[str | Path]
) -> tuple[list[str | Path], list[str]]:
    """References of the criteria of the results in their order, and the thresholds replaced."""
    from dossier.appraise.loading import load_criterion

    known: dict[str, str | Path] = {}
    for reference in (*files, *named_criteria(cohort)):
        known.setdefault(load_criterion(reference).id, reference)
    references: list[str | Path] = []
    overrides: list[str] = []
    problems = []
    for entry in recorded.get("criteria", ()):
        reference = known.get(entry["id"], entry["id"])
        try:
            load_criterion(reference)
        except InputError:
            message = f"the criterion {entry['id']!r} of the dossier is not found"
            problems.append(Problem(message, expected="its file, with -c FILE"))
        references.append(reference)
        overrides += [
            f"{entry['id']}.{text}"
            for text in entry.get("overrides", ())
            if not text.endswith(_OF_DESIGN)  # the design is among the settings
        ]
    if problems:
        raise InputError(problems)
    return references, overrides


def _dated(evaluation: Evaluation, recorded: Mapping[str, Any]) -> Evaluation:
    """With the date of the documents, which may have been set from outside."""
    text = str(recorded["provenance"].get("document_date", ""))
    try:
        date = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC)
    except ValueError:
        return evaluation
    return replace(evaluation, manifest=replace(evaluation.manifest, date=date))


# -- comparisons


def _what_went_in(recorded: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Check]:
    old, new = recorded["provenance"], found["provenance"]
    yield _check("software", "version", _software(old), _software(new))
    before = {each["file"]: each["sha256"] for each in old.get("data", ())}
    after = {each["file"]: each["sha256"] for each in new.get("data", ())}
    for name in dict.fromkeys((*before, *after)):
        yield _check("data", name, before.get(name, "not there"), after.get(name, "not there"))
    yield _check(
        "settings", "settings in force", old.get("settings_sha256", ""), new["settings_sha256"]
    )
    for name in dict.fromkeys((*old.get("criteria", {}), *new["criteria"])):
        one, two = (each.get("criteria", {}).get(name, "not there") for each in (old, new))
        yield _check("criteria", name, one, two)


def _software(provenance: Mapping[str, Any]) -> str:
    software = provenance.get("software", {})
    return f"{software.get('name', '')} {software.get('version', '')}".strip()


def _check(subject: str, name: str, recorded: str, found: str) -> Check:
    same = recorded == found
    return Check(subject, name, same, "" if same else recorded, "" if same else found)


def _numbers(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Check]:
    different = [
        path
        for path in dict.fromkeys((*before, *after))
        if before.get(path) != after.get(path) and not path.startswith("provenance.")
    ]
    if not different:
        yield Check("results", "results.json", same=True)
    for path in different:
        one, two = (each.get(path, "not there") for each in (before, after))
        yield Check("results", path, same=False, recorded=one, found=two)


def _leaves(value: Any, path: str = "") -> dict[str, str]:
    """Every value by its place, as JSON."""
    found: dict[str, str] = {}
    pairs: Iterator[tuple[str, Any]] | None = None
    if isinstance(value, dict) and value:
        pairs = ((str(key), each) for key, each in value.items())
    elif isinstance(value, list) and value:
        pairs = ((str(place), each) for place, each in enumerate(value))
    if pairs is None:
        return {path: json.dumps(value, ensure_ascii=False)}
    for key, each in pairs:
        found |= _leaves(each, f"{path}.{key}" if path else key)
    return found


def _alike(checks: Sequence[Check]) -> bool:
    return all(check.same for check in checks)


def _files(folder: Path) -> list[str]:
    return [
        each.relative_to(folder).as_posix() for each in sorted(folder.rglob("*")) if each.is_file()
    ]


@dataclass(eq=False)
class _Again:
    """The files of the dossier, made again once for each language and template pack."""

    folder: Path
    results: bytes
    evaluation: Evaluation
    criteria: Sequence[str | Path]
    template: str | None
    _made: dict[tuple[str | None, str], dict[str, bytes]] = field(default_factory=dict)

    def candidates(self, said: Mapping[str, str]) -> Iterator[dict[str, bytes]]:
        """The files by the packs that may have made them.

        Raises
        ------
        InputError
            When the last of the packs cannot make them.
        """
        own = template_of(self.evaluation.cohort)
        named = said.get(TEMPLATE, "").rpartition(" ")[0] or own
        packs = [self.template] if self.template else list(dict.fromkeys((own, named)))
        for place, pack in enumerate(packs, start=1):
            try:
                yield self._files(said.get(LANGUAGE), pack)
            except InputError:
                if place == len(packs):
                    raise

    def _files(self, language: str | None, pack: str) -> dict[str, bytes]:
        key = (language, pack)
        if key not in self._made:
            formats = [name[8:] for name in DOCUMENTS if (self.folder / name).is_file()]
            self._made[key] = render(
                self.evaluation,
                formats,
                language=language,
                template=pack,
                figures=(self.folder / "figures").is_dir(),
                sources=self._sources(),
            )
        return self._made[key]

    def _sources(self) -> dict[str, bytes] | None:
        """What the PDF holds where it was made to hold its sources."""
        held = _holds_files(self.folder / "dossier.pdf")
        return sources_of(self.evaluation, self.criteria) if held else None


def _holds_files(path: Path) -> bool:
    """Whether files are associated with a PDF."""
    import pikepdf

    if not path.is_file():
        return False
    try:
        with pikepdf.open(path) as pdf:
            return pikepdf.Name.AF in pdf.Root
    except pikepdf.PdfError:
        return False


def _documents(folder: Path, results: bytes, again: _Again | None) -> Iterator[Check]:
    """Every document and figure file: whether it belongs to the results, and is what they give."""
    said: dict[str, str] = {}
    for name in DOCUMENTS:
        file = folder / name
        if not file.is_file():
            continue
        content = file.read_bytes()
        try:
            said = _properties_of(name, content)
        except (ValueError, KeyError, OSError, zipfile.BadZipFile, ET.ParseError):
            yield _differs(name, "it cannot be read")
            continue
        if RESULTS_HASH not in said:
            yield _differs(name, "it does not say which results it shows")
        elif said[RESULTS_HASH] != _sha256(results):
            yield _differs(
                name, "it shows other results than results.json holds",
                said[RESULTS_HASH], _sha256(results),
            )  # fmt: skip
        else:
            yield _made_again(name, content, said, again)
    for name in _files(folder):
        if name.startswith("figures/"):
            yield _made_again(name, (folder / name).read_bytes(), said, again)


def _made_again(name: str, content: bytes, said: Mapping[str, str], again: _Again | None) -> Check:
    if again is None:
        return _differs(name, "not made again: what it rests on differs")
    try:
        if any(files.get(name) == content for files in again.candidates(said)):
            return Check("documents", name, same=True)
    except InputError as error:
        return _differs(name, f"it cannot be made again: {error.problems[0].message}")
    return _differs(name, "it was changed after it was written, or made by another template pack")


def _differs(name: str, remark: str, recorded: str = "", found: str = "") -> Check:
    return Check("documents", name, same=False, recorded=recorded, found=found, remark=remark)


def _properties_of(name: str, content: bytes) -> dict[str, str]:
    """What a document says about itself."""
    if name.endswith(".pdf"):
        import pikepdf

        try:
            with pikepdf.open(io.BytesIO(content)) as pdf:
                keywords = str(pdf.docinfo.get("/Keywords", ""))
        except pikepdf.PdfError as error:
            raise ValueError(str(error)) from None
        pairs = (each.rpartition(": ") for each in keywords.split("; "))
        return {key: value for key, _, value in pairs}
    if name.endswith(".html"):
        text = content.decode("utf-8", "replace")
        found = re.findall(r'<meta name="dossier:([^"]*)" content="([^"]*)">', text)
        return {html.unescape(key): html.unescape(value) for key, value in found}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        part = package.read("docProps/custom.xml")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise ValueError("this part has a document type")
    root = ET.fromstring(part)  # noqa: S314 (entities were refused above)
    return {str(each.get("name")): "".join(each.itertext()) for each in root}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
