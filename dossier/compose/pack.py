"""Template packs: a folder with ``pack.yaml`` and, for each language, words and templates.

::

    my-pack/
        pack.yaml            sections in order, house style, limits of long tables
        en/words.yaml        words of tables, figures and running lines
        en/summary.md.j2     one template a section
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from dossier.compose.document import HouseStyle, Words
from dossier.compose.wording import Wording
from dossier.errors import InputError, Problem
from dossier.locations import shipped
from dossier.yaml_source import nearest, read_yaml, validate

TEMPLATE_ENDING = ".md.j2"

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
Points = Annotated[float, Field(ge=0, le=400)]
Size = Annotated[float, Field(ge=4, le=72)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tones(_Section):
    """Background of a verdict; the words say the same."""

    met: Colour = "#DDEFE3"
    not_met: Colour = "#F8DEDA"
    not_assessable: Colour = "#FBF0D0"
    not_applicable: Colour = "#E7E9ED"
    neutral: Colour = "#EAF0F7"


class Style(_Section):
    """House style: lengths in points, colours as ``#RRGGBB``."""

    page: Literal["A4", "Letter"] = "A4"
    margin_left: Points = 62.0
    margin_right: Points = 62.0
    margin_top: Points = 74.0
    margin_bottom: Points = 66.0
    word_font: str = "Arial"
    body_size: Size = 10.0
    table_size: Size = 8.5
    note_size: Size = 8.0
    heading_sizes: tuple[Size, Size, Size] = (16.0, 12.5, 10.5)
    title_size: Size = 26.0
    accent: Colour = "#17365D"
    rule: Colour = "#B0B7C3"
    band: Colour = "#F2F5F9"
    link: Colour = "#0B4F8A"
    tones: Tones = Tones()

    def house_style(self) -> HouseStyle:
        """The style as renderers take it."""
        values: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(HouseStyle)}
        return HouseStyle(**(values | {"tones": self.tones.model_dump()}))


class Limits(_Section):
    """Where long tables stop and figures end; what is left out is stated below them.

    Parameters
    ----------
    query_rows
        Data queries listed one by one.
    adverse_event_rows
        Up to so many classes and terms every one is printed; beyond, those of
        ``adverse_event_share`` of the patients or more, or with a patient at grade 3 or higher.
    category_rows
        Values of one baseline characteristic.
    at_risk_share
        A survival curve is drawn while at least this share of its patients is at risk.
    responders_for_figure
        Fewest responders for a curve of duration of response.
    """

    query_rows: Annotated[int, Field(ge=0)] = 100
    adverse_event_rows: Annotated[int, Field(ge=1)] = 60
    adverse_event_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    category_rows: Annotated[int, Field(ge=1)] = 12
    at_risk_share: Annotated[float, Field(ge=0, le=1)] = 0.1
    responders_for_figure: Annotated[int, Field(ge=1)] = 5


class PackSettings(_Section):
    """``pack.yaml``."""

    id: str
    version: str
    title: dict[str, str]
    languages: dict[str, str] = Field(min_length=1)
    sections: tuple[str, ...] = Field(min_length=1)
    leave_out: tuple[str, ...] = ()
    limits: Limits = Limits()
    style: Style = Style()


@dataclass(frozen=True)
class Pack:
    """A template pack in one language.

    Parameters
    ----------
    folder
        Folder of the language, with the templates.
    name
        Folder as named in problems, e.g. ``standard/en``.
    settings
        ``pack.yaml``.
    say
        The words.
    language
        Short code, e.g. ``en``.
    """

    folder: Path
    name: str
    settings: PackSettings
    say: Wording
    language: str

    @property
    def language_tag(self) -> str:
        """BCP 47 tag of the documents, e.g. ``en-GB``."""
        return self.settings.languages[self.language]

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
    folder = _folder(template)
    document = read_yaml(folder / "pack.yaml", f"{folder.name}/pack.yaml")
    settings, problems = validate(document, PackSettings)
    if settings is None:
        raise InputError(problems)
    if language not in settings.languages:
        known = ", ".join(sorted(settings.languages))
        problem = Problem(
            f"the template pack {folder.name!r} has no templates in this language",
            file=document.name,
            column="languages",
            value=language,
            expected=f"one of {known}",
        )
        raise InputError([problem])
    name = f"{folder.name}/{language}"
    missing = [
        Problem("the template is missing", f"{name}/{section}{TEMPLATE_ENDING}")
        for section in settings.sections
        if not (folder / language / f"{section}{TEMPLATE_ENDING}").is_file()
    ]
    if missing:
        raise InputError(missing)
    words = read_yaml(folder / language / "words.yaml", f"{name}/words.yaml")
    if not isinstance(words.value, dict):
        raise InputError([Problem("the file holds no words", words.name)])
    say = Wording(words.value, words.name, language)
    return Pack(folder / language, name, settings, say, language)


def _folder(template: str) -> Path:
    own = Path(template)
    if (own / "pack.yaml").is_file():
        return own.resolve()
    packs = shipped("templates")
    names = sorted(p.name for p in packs.iterdir() if (p / "pack.yaml").is_file())
    if template in names:
        return packs / template
    meant = nearest(template, names)
    hint = f", did you mean {meant!r}?" if meant else ""
    expected = f"one of {', '.join(names)}, or a folder with a pack.yaml"
    problem = Problem(
        f"there is no such template pack{hint}", None, value=template, expected=expected
    )
    raise InputError([problem])
