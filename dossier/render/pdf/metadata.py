"""What the file says about itself: XMP and Info, which must agree."""

from __future__ import annotations

import datetime
import unicodedata
from xml.sax.saxutils import escape

from dossier.compose.document import Document

TOOL = "dossier"
PRODUCER = "reportlab, pikepdf"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Keywords>{keywords}</pdf:Keywords>
<pdfaid:part>{part}</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li>
</rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def xmp(document: Document, *, part: int = 2) -> bytes:
    """The XMP packet that claims PDF/UA-1 and level A of a part of PDF/A."""
    values = {
        "title": document.title,
        "author": document.author,
        "subject": document.subject,
        "language": document.language,
        "date": utc(document).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tool": TOOL,
        "producer": PRODUCER,
        "keywords": keywords(document),
        "part": str(part),
    }
    return _XMP.format(**{key: escape(_clean(value)) for key, value in values.items()}).encode()


def info(document: Document) -> dict[str, str]:
    """Entries of the document information dictionary, the same facts as in the XMP packet."""
    date = utc(document).strftime("D:%Y%m%d%H%M%SZ")
    entries = {
        "Title": document.title,
        "Author": document.author,
        "Subject": document.subject,
        "Keywords": keywords(document),
        "Creator": TOOL,
        "Producer": PRODUCER,
        "CreationDate": date,
        "ModDate": date,
    }
    return {key: _clean(value) for key, value in entries.items()}


def keywords(document: Document) -> str:
    """The document's named values, which every viewer shows as keywords."""
    return "; ".join(f"{name}: {value}" for name, value in sorted(document.properties.items()))


def _clean(value: str) -> str:
    """Without control characters, which XML cannot hold."""
    return "".join(c for c in value if unicodedata.category(c) not in ("Cc", "Cs"))


def utc(document: Document) -> datetime.datetime:
    """The date of the document."""
    if document.date.tzinfo is None:
        return document.date.replace(tzinfo=datetime.UTC)
    return document.date.astimezone(datetime.UTC)
