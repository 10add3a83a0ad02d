"""Template packs: a folder with ``pack.yaml`` and, for each language, words and templates.

::

    my-pack/
        pack.yaml            sections in order, house style, limits of long tables
        en/words.yaml        words of running lines, numbers and signs
        en/words/*.yaml      more words, in as many files as are handy
        en/summary.md.j2     one template a section

A pack that says ``extends: standard`` holds only what differs: its settings and words are laid over
those of the other pack, and a template it does not have is taken from there. Languages never mix: a
template that a pack has in one language must stand there in every language that is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from dossier.compose.contrast import legible, light, require_legible
from dossier.compose.document import HouseStyle, Logo, Words
from dossier.compose.logo import LogoSettings, read_logo
from dossier.compose.look import ReferenceLook
from dossier.compose.reference import read_reference
from dossier.compose.wording import Wording
from dossier.errors import InputError, Problem
from dossier.locations import shipped
from dossier.yaml_source import nearest, read_yaml, validate_value

TEMPLATE_ENDING = ".md.j2"
STANDARD = "standard"

_NO_TEMPLATE = "the template is missing"

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
Ink = Annotated[Colour, AfterValidator(legible)]
Ground = Annotated[Colour, AfterValidator(light)]
Typeface = Annotated[str, StringConstraints(pattern=r"^\w[\w .-]{0,59}$")]
Points = Annotated[float, Field(ge=0, le=400)]
Size = Annotated[float, Field(ge=4, le=72)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tones(_Section):
    """Background of a verdict; the words say the same."""

    met: Ground = "#DDEFE3"
    not_met: Ground = "#F8DEDA"
    not_assessable: Ground = "#FBF0D0"
    not_applicable: Ground = "#E7E9ED"
    neutral: Ground = "#EAF0F7"


class Style(_Section):
    """House style: lengths in points, colours as ``#RRGGBB``.

    ``reference`` names a Word document in the pack's folder whose styles the Word file takes over.
    """

    page: Literal["A4", "Letter"] = "A4"
    margin_left: Points = 62.0
    margin_right: Points = 62.0
    margin_top: Points = 74.0
    margin_bottom: Points = 66.0
    word_font: Typeface = "Arial"
    body_size: Size = 10.0
    table_size: Size = 8.5
    note_size: Size = 8.0
    heading_sizes: tuple[Size, Size, Size] = (16.0, 12.5, 10.5)
    title_size: Size = 26.0
    accent: Ink = "#17365D"
    rule: Colour = "#B0B7C3"
    band: Ground = "#F2F5F9"
    link: Ink = "#0B4F8A"
    tones: Tones = Tones()
    logo: LogoSettings | None = None
    reference: str = ""

    @model_validator(mode="after")
    def _links_can_be_read(self) -> Style:
        """Links stand in cells of tables and boxes too."""
        tones = {f"tones.{name}": ground for name, ground in self.tones.model_dump().items()}
        require_legible(self.link, {"band": self.band, **tones}, "link")
        return self

    def house_style(self) -> HouseStyle:
        """The style as renderers take it, without the files that are read with the pack."""
        values: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(HouseStyle)}
        values |= {"tones": self.tones.model_dump(), "logo": None, "reference": None}
        return HouseStyle(**values)


class Limits(_Section):
    """Where long tables stop and figures end; what is left out is stated below them.

    Parameters
    ----------
    query_rows
        Data queries of one kind listed one by one; more of them become one row.
    adverse_event_rows
        Up to so many classes and terms every one is printed; beyond, those of
        ``adverse_event_share`` of the patients or more, or with a patient at grade 3 or higher.
    category_rows
        Values of one baseline characteristic.
    at_risk_share
        A survival curve is drawn while at least this share of its patients is at risk.
    responders_for_figure
        Fewest responders for a curve of duration of response.
    patients_for_courses
        Most treated patients for the figures that draw each patient's course (swimmer, spider).
    waterfall_bars
        Most bars of a waterfall.
    scenario_rows
        Rows of a table of scenarios.
    scenarios_apart
        Scenarios up to which each has its own row; of more, those that change nothing share one.
    patients_named
        Patients named of those behind a changed verdict.
    changes_named
        Changed verdicts that a text without tables of scenarios names.
    """

    query_rows: Annotated[int, Field(ge=0)] = 5
    adverse_event_rows: Annotated[int, Field(ge=1)] = 60
    adverse_event_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    category_rows: Annotated[int, Field(ge=1)] = 12
    at_risk_share: Annotated[float, Field(ge=0, le=1)] = 0.1
    responders_for_figure: Annotated[int, Field(ge=1)] = 5
    patients_for_courses: Annotated[int, Field(ge=0)] = 60
    waterfall_bars: Annotated[int, Field(ge=0)] = 150
    scenario_rows: Annotated[int, Field(ge=1)] = 60
    scenarios_apart: Annotated[int, Field(ge=0)] = 12
    patients_named: Annotated[int, Field(ge=0)] = 8
    changes_named: Annotated[int, Field(ge=0)] = 6


class PackSettings(_Section):
    """``pack.yaml``, laid over that of the pack it extends.

    Parameters
    ----------
    criteria
        Whether the document knows of criteria and verdicts; a purely descriptive one does not.
    leave_out
        Tables and figures that are not printed, and rows of ``key_facts``.
    """

    id: str
    version: str
    extends: str = ""
    title: dict[str, str]
    description: dict[str, str] = Field(default_factory=dict)
    languages: dict[str, str] = Field(min_length=1)
    sections: tuple[str, ...] = Field(min_length=1)
    leave_out: tuple[str, ...] = ()
    criteria: bool = True
    limits: Limits = Limits()
    style: Style = Style()


@dataclass(frozen=True)
class Layer:
    """The folder of one language of a pack, or of a pack it extends.

    Parameters
    ----------
    folder
        Where templates and words stand.
    name
        As named in problems, e.g. ``standard/en``.
    """

    folder: Path
    name: str

    def lacks(self, file: str) -> bool:
        """Whether the pack has a file in another language only."""
        others = self.folder.parent.glob(f"*/{file}")
        return not (self.folder / file).is_file() and any(path.is_file() for path in others)


@dataclass(frozen=True)
class Pack:
    """A template pack in one language.

    Parameters
    ----------
    layers
        Its own folder of the language, then those of the packs it extends.
    settings
        ``pack.yaml``.
    say
        The words.
    language
        Short code, e.g. ``en``.
    logo
        As read, where it has one.
    reference
        Look of its reference document, where it has one.
    """

    layers: tuple[Layer, ...]
    settings: PackSettings
    say: Wording
    language: str
    logo: Logo | None = None
    reference: ReferenceLook | None = None

    @property
    def name(self) -> str:
        """Folder as named in problems, e.g. ``standard/en``."""
        return self.layers[0].name

    def layer_of(self, template: str) -> Layer | None:
        """The folder that a template is taken from; None where no pack has it.

        Raises
        ------
        InputError
            When a pack has the template in another language only.
        """
        for layer in self.layers:
            if (layer.folder / template).is_file():
                return layer
            if layer.lacks(template):
                raise InputError([Problem(_NO_TEMPLATE, f"{layer.name}/{template}")])
        return None

    def label(self, template: str) -> str:
        """A template as named in problems, e.g. ``standard/en/summary.md.j2``."""
        found = (x for x in self.layers if (x.folder / template).is_file())
        return f"{next(found, self.layers[0]).name}/{template}"

    @property
    def language_tag(self) -> str:
        """BCP 47 tag of the documents, e.g. ``en-GB``."""
        return self.settings.languages[self.language]

    def house_style(self) -> HouseStyle:
        """The look of its documents."""
        style = self.settings.style.house_style()
        return replace(style, logo=self.logo, reference=self.reference)

    def words(self) -> Words:
        """Words that renderers print themselves."""
        return Words(**{f.name: self._kept(f"renderer.{f.name}") for f in fields(Words)})

    def _kept(self, key: str) -> str:
        """A text whose gaps the renderer fills, left as they are."""
        gaps = {name: f"{{{name}}}" for name in ("page", "pages", "table", "section", "number")}
        return self.say(key, **gaps)


def open_pack(template: str, language: str) -> Pack:
    """Open a shipped pack by name, or a pack in a folder.

    Raises
    ------
    InputError
        When there is no such pack or language, or a file of it is missing or wrong.
    """
    folders = _with_those_it_extends(find_pack(template))
    settings = _settings(folders)
    own = folders[0]
    if language not in settings.languages:
        known = ", ".join(sorted(settings.languages))
        problem = Problem(
            f"the template pack {own.name!r} has no templates in this language",
            file=f"{own.name}/pack.yaml",
            column="languages",
            value=language,
            expected=f"one of {known}",
        )
        raise InputError([problem])
    layers = tuple(Layer(folder / language, f"{folder.name}/{language}") for folder in folders)
    words: dict[str, Any] = {}
    for layer in reversed(layers):
        words = _laid_over(words, words_of_layer(layer, needed=layer is layers[-1]))
    say = Wording(words, f"{layers[0].name}/words.yaml", language)
    pack = Pack(
        layers,
        settings,
        say,
        language,
        logo=_logo(settings, folders, language),
        reference=_reference(folders),
    )
    missing = [
        Problem(_NO_TEMPLATE, pack.label(f"{section}{TEMPLATE_ENDING}"))
        for section in settings.sections
        if pack.layer_of(f"{section}{TEMPLATE_ENDING}") is None
    ]
    if missing:
        raise InputError(missing)
    return pack


def pack_settings(template: str) -> PackSettings:
    """``pack.yaml`` of a pack, laid over that of the pack it extends.

    Raises
    ------
    InputError
        When there is no such pack, or its file is wrong.
    """
    return _settings(_with_those_it_extends(find_pack(template)))


def shipped_packs() -> tuple[str, ...]:
    """Names of the packs that come with the program, the standard one first."""
    folders = (path.parent.name for path in shipped("templates").glob("*/pack.yaml"))
    return tuple(sorted(folders, key=lambda name: (name != STANDARD, name)))


def find_pack(template: str) -> Path:
    """Folder of a shipped pack by its name, or of a pack in a folder.

    Raises
    ------
    InputError
        When there is no such pack.
    """
    own = Path(template)
    if (own / "pack.yaml").is_file():
        return own.resolve()
    names = shipped_packs()
    if template in names:
        return shipped("templates") / template
    meant = nearest(template, names)
    hint = f", did you mean {meant!r}?" if meant else ""
    expected = f"one of {', '.join(names)}, or a folder with a pack.yaml"
    problem = Problem(
        f"there is no such template pack{hint}", None, value=template, expected=expected
    )
    raise InputError([problem])


def _with_those_it_extends(folder: Path) -> tuple[Path, ...]:
    """The folder of a pack, then those of the packs it extends, nearest first."""
    folders = [folder]
    while True:
        last = folders[-1]
        document = read_yaml(last / "pack.yaml", f"{last.name}/pack.yaml")
        base = document.value.get("extends") if isinstance(document.value, dict) else None
        if not isinstance(base, str) or not base:
            return tuple(folders)
        following = shipped("templates") / base if base in shipped_packs() else last.parent / base
        if not (following / "pack.yaml").is_file() or following.resolve() in folders:
            message = (
                "the packs extend each other in a circle"
                if (following / "pack.yaml").is_file()
                else "there is no such template pack to extend"
            )
            expected = f"one of {', '.join(shipped_packs())}, or a pack in the same folder"
            row = document.line(("extends",))
            raise InputError([Problem(message, document.name, row, "extends", base, expected)])
        folders.append(following.resolve())


def _settings(folders: tuple[Path, ...]) -> PackSettings:
    """``pack.yaml`` of each folder laid over that of the next; each is checked as it is added."""
    merged: Any = {}
    checked: list[PackSettings] = []
    for folder in reversed(folders):
        document = read_yaml(folder / "pack.yaml", f"{folder.name}/pack.yaml")
        own = document.value
        merged = _laid_over(merged, own) if isinstance(own, dict) and merged else own
        settings, problems = validate_value(
            merged, PackSettings, name=document.name, line=document.line
        )
        if settings is None:
            raise InputError(problems)
        checked.append(settings)
    return checked[-1]


def _logo(settings: PackSettings, folders: tuple[Path, ...], language: str) -> Logo | None:
    logo = settings.style.logo
    if logo is None:
        return None
    places: dict[str, tuple[str, int | None]] = {}
    for folder in reversed(folders):
        document = read_yaml(folder / "pack.yaml", f"{folder.name}/pack.yaml")
        style = document.value.get("style") or {}
        for key in style.get("logo") or {}:
            places[key] = (document.name, document.line(("style", "logo", key)))
    return read_logo(logo, folders, language, places)


def _reference(folders: tuple[Path, ...]) -> ReferenceLook | None:
    """Look of the reference document that the nearest pack names, in the folder of that pack."""
    for folder in folders:
        document = read_yaml(folder / "pack.yaml", f"{folder.name}/pack.yaml")
        name = (document.value.get("style") or {}).get("reference")
        if name is not None:
            row = document.line(("style", "reference"))
            return read_reference(folder, name, file=document.name, row=row) if name else None
    return None


def words_of_layer(layer: Layer, *, needed: bool) -> dict[str, Any]:
    """The words of one folder: ``words.yaml`` and the files in ``words/``, taken together."""
    main = f"{layer.name}/words.yaml"
    parts = sorted((layer.folder / "words").glob("*.yaml"))
    if (layer.folder / "words.yaml").is_file():
        parts.insert(0, layer.folder / "words.yaml")
    elif needed or layer.lacks("words.yaml"):
        raise InputError([Problem("the words are missing", main)])
    words: dict[str, Any] = {}
    problems: list[Problem] = []
    for part in parts:
        name = f"{layer.name}/{part.relative_to(layer.folder).as_posix()}"
        document = read_yaml(part, name)
        if not isinstance(document.value, dict):
            problems.append(Problem("the file holds no words", name))
            continue
        for path in _in_both(words, document.value):
            message = "the text stands in another file of the language too"
            problems.append(Problem(message, name, document.line(path), ".".join(path)))
        words = _laid_over(words, document.value)
    if problems:
        raise InputError(problems)
    return words


def _in_both(words: Mapping[str, Any], more: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Where both hold something that is not a group in both."""
    found: list[tuple[str, ...]] = []
    for key in words.keys() & more.keys():
        one, other = words[key], more[key]
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            found += [(key, *path) for path in _in_both(one, other)]
        else:
            found.append((key,))
    return sorted(found)


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Groups of values with those of another file in their place, key by key."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        both = isinstance(value, Mapping) and isinstance(under, Mapping)
        merged[key] = _laid_over(under, value) if both else value  # type: ignore[arg-type]
    return merged
