"""House style as sizes, leadings, spaces and colours of every kind of text."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, replace

from dossier.compose.document import HouseStyle, Tone
from dossier.fonts import Face

PAGE_SIZES = {"A4": (595.28, 841.89), "Letter": (612.0, 792.0)}
INK = "#1B1F24"
QUIET_INK = "#4A525C"


@dataclass(frozen=True, slots=True)
class Ink:
    """How characters look: face, size, colour and distance above the baseline."""

    face: Face
    size: float
    color: str = INK
    rise: float = 0.0

    def bold(self) -> Ink:
        """The same in bold."""
        return replace(
            self, face="bold-italic" if self.face in ("italic", "bold-italic") else "bold"
        )

    def italic(self) -> Ink:
        """The same in italics."""
        return replace(
            self, face="bold-italic" if self.face in ("bold", "bold-italic") else "italic"
        )

    def superscript(self) -> Ink:
        """The same, small and raised."""
        return replace(self, size=self.size * 0.68, rise=self.rise + self.size * 0.34)


@dataclass(frozen=True, slots=True)
class TextLook:
    """A kind of paragraph: ink, distance of baselines, and space around it."""

    ink: Ink
    leading: float
    before: float = 0.0
    after: float = 0.0


class Look:
    """What the house style means for each kind of block.

    Parameters
    ----------
    style
        The house style of the document.

    Raises
    ------
    ValueError
        When the margins leave no room for text.
    """

    def __init__(self, style: HouseStyle) -> None:
        self.style = style
        self.page_width, self.page_height = PAGE_SIZES[style.page]
        self.left = style.margin_left
        self.top = self.page_height - style.margin_top
        self.bottom = style.margin_bottom
        self.width = self.page_width - style.margin_left - style.margin_right
        self.height = self.top - self.bottom
        if self.width < 144 or self.height < 216:
            raise ValueError("the margins of the house style leave no room for text")

        body, small, note = style.body_size, style.table_size, style.note_size
        self.body = TextLook(Ink("regular", body), body * 1.4, after=body * 0.7)
        self.lead = TextLook(
            Ink("regular", body * 1.15), body * 1.15 * 1.42, before=2, after=body * 1.1
        )
        self.note = TextLook(Ink("regular", note, QUIET_INK), note * 1.36, after=note * 0.5)
        self.list_item = replace(self.body, after=body * 0.35)
        self.caption = TextLook(Ink("regular", small + 0.5), (small + 0.5) * 1.33, 12, 5)
        self.figure_caption = replace(self.caption, before=7, after=4)
        self.table = TextLook(Ink("regular", small), small * 11 / 8.5)
        self.table_notes = replace(self.note, leading=note * 1.32, after=2)
        self.footnote = TextLook(Ink("regular", note, INK), note * 1.32, after=1.5)
        self.furniture = TextLook(Ink("regular", 8, QUIET_INK), 10.5)
        self.title = TextLook(Ink("bold", style.title_size, style.accent), style.title_size * 1.2)
        self.subtitle = TextLook(Ink("regular", body * 1.45, INK), body * 2.0, before=14, after=16)
        self.title_line = TextLook(Ink("regular", body * 1.1, QUIET_INK), body * 1.6)
        self.callout_title = TextLook(Ink("bold", body + 0.5), (body + 0.5) * 1.35, after=2.5)
        self.callout_text = replace(self.body, after=body * 0.45)
        large, middle, small_heading = style.heading_sizes
        self.headings = (
            TextLook(Ink("bold", large, style.accent), large * 1.28, 26, 9),
            TextLook(Ink("bold", middle, style.accent), middle * 1.32, 18, 5.5),
            TextLook(Ink("bold", small_heading, style.accent), small_heading * 1.35, 13, 3.5),
        )
        self.contents = (
            TextLook(Ink("bold", body), body * 1.3, before=body * 0.5, after=1.2),
            TextLook(Ink("regular", body), body * 1.3, after=1.2),
            TextLook(Ink("regular", body - 0.5, QUIET_INK), body * 1.35, after=1.5),
        )
        self.listing = TextLook(Ink("regular", body), body * 1.3, after=1.5)

    def tone(self, tone: Tone) -> str:
        """The background colour of a verdict."""
        return self.style.tones.get(tone, self.style.band)

    def tone_bar(self, tone: Tone) -> str:
        """The same colour, deep enough for a bar beside a callout."""
        red, green, blue = (int(self.tone(tone)[i : i + 2], 16) / 255 for i in (1, 3, 5))
        hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
        deep = colorsys.hls_to_rgb(hue, 0.38, min(saturation, 0.5))
        return "#" + "".join(f"{round(255 * part):02X}" for part in deep)
