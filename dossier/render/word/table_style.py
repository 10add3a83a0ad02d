"""The table style of a dossier: rules, a marked header row and quiet bands."""

from __future__ import annotations

from dossier.compose.document import HouseStyle
from dossier.render.word.formatting import Rule, rules, shading
from dossier.render.word.page import twips

CELL_MARGIN = 4.0
CELL_INDENT = 9.0


def header_shading(style: HouseStyle) -> str:
    """Background of header rows."""
    return shading(style.tones["neutral"])


def table_style(style: HouseStyle) -> str:
    """Word's plain table, which every document has, and the dossier's own on top of it."""
    side = twips(CELL_MARGIN)
    margins = (
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="{0}" w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="{0}" w:type="dxa"/></w:tblCellMar>'
    )
    frame = rules(
        top=Rule(style.accent, 1.0), bottom=Rule(style.accent, 1.0), insideH=Rule(style.rule, 0.5)
    )
    below_header = rules(bottom=Rule(style.accent, 1.0))
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        '<w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f"{margins.format(twips(5.4))}</w:tblPr></w:style>"
        '<w:style w:type="table" w:customStyle="1" w:styleId="DossierTable">'
        '<w:name w:val="Dossier Table"/><w:basedOn w:val="TableNormal"/>'
        '<w:uiPriority w:val="40"/><w:qFormat/>'
        '<w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblStyleColBandSize w:val="1"/>'
        f"<w:tblBorders>{frame}</w:tblBorders>{margins.format(side)}</w:tblPr>"
        '<w:tblStylePr w:type="firstRow"><w:trPr><w:tblHeader/></w:trPr><w:tcPr>'
        f"<w:tcBorders>{below_header}</w:tcBorders>{header_shading(style)}"
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
        f'<w:tblStylePr w:type="band2Horz"><w:tcPr>{shading(style.band)}</w:tcPr></w:tblStylePr>'
        "</w:style>"
    )
