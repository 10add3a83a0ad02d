"""The styles part: defaults, and every style of a dossier, all derived from the house style."""

from __future__ import annotations

from dossier.compose.document import HouseStyle
from dossier.render.word.block_styles import block_styles
from dossier.render.word.formatting import INK, characters, layout
from dossier.render.word.reference import dressed
from dossier.render.word.table_style import table_style
from dossier.render.word.text_styles import text_styles
from dossier.render.word.xml import DECLARATION, declared, escaped

_LATENT = (
    '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1"'
    ' w:defUnhideWhenUsed="1" w:defQFormat="0" w:count="376"/>'
)
_NO_LIST = (
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
)


def styles_xml(style: HouseStyle, language: str) -> str:
    """The styles part.

    Parameters
    ----------
    style
        The house style.
    language
        Language of the text, BCP 47.

    Raises
    ------
    ValueError
        When a colour is not ``#RRGGBB``.
    """
    look = characters(font=escaped(style.word_font), ink=INK, size=style.body_size)
    languages = f'<w:lang w:val="{escaped(language)}" w:eastAsia="en-US" w:bidi="ar-SA"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{look}{languages}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault><w:pPr>{layout(before=0, after=0)}</w:pPr></w:pPrDefault></w:docDefaults>"
    )
    styles = (*text_styles(style), *block_styles(style))
    content = "".join(each.xml() for each in dressed(styles, style))
    return (
        f"{DECLARATION}<w:styles {declared('w')}>{defaults}{_LATENT}"
        f"{content}{_NO_LIST}{table_style(style)}</w:styles>"
    )
