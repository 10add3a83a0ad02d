"""The table style of a dossier: rules above, below and under the header, and quiet bands."""

from __future__ import annotations

from dossier.compose.document import HouseStyle
from dossier.render.word.formatting import Rule, rules, shading
from dossier.render.word.page import twips

CELL_MARGIN = 4.5
CELL_INDENT = 9.0
GROUP_RULE = 0.5


def header_rule(style: HouseStyle) -> str:
    """Edges of the last header row's cells."""
    return f"<w:tcBorders>{rules(bottom=Rule(style.accent, 0.75))}</w:tcBorders>"


def spanning_rule(style: HouseStyle) -> str:
    """Edges of a header cell above several columns of further headings."""
    return f"<w:tcBorders>{rules(bottom=Rule(style.rule, 0.5))}</w:tcBorders>"


def group_rule(style: HouseStyle) -> str:
    """Edges of a row that heads a group of rows."""
    return f"<w:tcBorders>{rules(top=Rule(style.rule, GROUP_RULE))}</w:tcBorders>"


def no_rule() -> str:
    """Edges of other header cells above further headings."""
    return '<w:tcBorders><w:bottom w:val="nil"/></w:tcBorders>'


def table_style(style: HouseStyle) -> str:
    """Word's plain table, which every document has, and the dossier's own on top of it."""
    frame = rules(top=Rule(style.accent, 1.0), bottom=Rule(style.accent, 0.75))
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        '<w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f"{_margins(5.4)}</w:tblPr></w:style>"
        '<w:style w:type="table" w:customStyle="1" w:styleId="DossierTable">'
        '<w:name w:val="Dossier Table"/><w:basedOn w:val="TableNormal"/>'
        '<w:uiPriority w:val="40"/><w:qFormat/>'
        '<w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblStyleColBandSize w:val="1"/>'
        f"<w:tblBorders>{frame}</w:tblBorders>{_margins(CELL_MARGIN)}</w:tblPr>"
        '<w:tblStylePr w:type="firstRow"><w:trPr><w:tblHeader/></w:trPr><w:tcPr>'
        f'{header_rule(style)}<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
        f'<w:tblStylePr w:type="band2Horz"><w:tcPr>{shading(style.band)}</w:tcPr></w:tblStylePr>'
        "</w:style>"
    )


def _margins(side: float) -> str:
    left, right = (f'<w:{edge} w:w="{twips(side)}" w:type="dxa"/>' for edge in ("left", "right"))
    top, bottom = (f'<w:{edge} w:w="0" w:type="dxa"/>' for edge in ("top", "bottom"))
    return f"<w:tblCellMar>{top}{left}{bottom}{right}</w:tblCellMar>"
