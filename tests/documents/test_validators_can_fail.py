"""Each validator passes a small good file and names the fault in a broken one.

A validator that passes everything would prove nothing about a dossier.
"""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from reportlab.pdfgen.canvas import Canvas
from validators.validate import (
    MissingToolError,
    check_pdf,
    check_pdfs,
    check_word,
    check_word_accessibility,
    check_word_second_opinion,
    check_words,
    page_images,
    pdf_text,
    word_as_pdf,
    word_text,
)

# PDF ---------------------------------------------------------------------------------

XMP = b"""<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A square</rdf:li></rdf:Alt></dc:title>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def accessible_pdf() -> pikepdf.Pdf:
    """One page with one square, tagged as a figure with alternative text."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 200)).obj
    page.Contents = pdf.make_stream(b"/Figure <</MCID 0>> BDC 50 50 100 100 re f EMC")
    page.StructParents = 0
    page.Tabs = Name.S
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document))
    figure = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem, S=Name.Figure, P=document, Pg=page, K=0, Alt="A black square"
        )
    )
    figure.A = Dictionary(O=Name.Layout, BBox=Array([50, 50, 150, 150]))
    document.K = Array([figure])
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([document])))
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=Array([0, Array([figure])])))
    document.P = tree
    metadata = pdf.make_stream(XMP)
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Metadata = metadata
    pdf.Root.Lang = pikepdf.String("en-GB")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    return pdf


def saved(pdf: pikepdf.Pdf, path: Path) -> Path:
    pdf.save(path)
    return path


def without_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang


def without_alternative_text(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot.K[0].K[0].Alt


def with_untagged_content(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Contents.write(b"50 50 100 100 re f")


def without_title(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Metadata.write(XMP.replace(b"dc:title", b"dc:description"))


PDF_FAULTS: list[tuple[Callable[[pikepdf.Pdf], None], str]] = [
    (without_language, "ua1 7.2-"),
    (without_alternative_text, "ua1 7.3-1 "),
    (with_untagged_content, "ua1 7.1-3 "),
    (without_title, "ua1 7.1-9 "),
]


@pytest.mark.validator
def test_each_fault_of_a_pdf_is_found_and_the_good_file_passes(tmp_path: Path) -> None:
    good = saved(accessible_pdf(), tmp_path / "good – één bestand.pdf")
    broken = {}
    for break_it, _ in PDF_FAULTS:
        pdf = accessible_pdf()
        break_it(pdf)
        broken[break_it] = saved(pdf, tmp_path / f"{break_it.__name__}.pdf")

    failures = check_pdfs([good, *broken.values()], ["ua1"])

    assert failures[good] == []
    for break_it, rule in PDF_FAULTS:
        found = failures[broken[break_it]]
        assert found, break_it.__name__
        assert [failure for failure in found if not failure.startswith(rule)] == []


@pytest.mark.validator
def test_a_pdf_without_tags_fails_both_standards(tmp_path: Path) -> None:
    path = tmp_path / "untagged.pdf"
    canvas = Canvas(str(path), invariant=1)
    canvas.drawString(72, 720, "Nobody tagged this line.")
    canvas.save()

    failures = check_pdf(path)

    assert any(failure.startswith("ua1 7.1-11 ") for failure in failures)  # no structure tree
    assert any(failure.startswith("ua1 7.1-3 ") for failure in failures)  # untagged content
    assert any(failure.startswith("ua1 7.21.4.1-1 ") for failure in failures)  # font not embedded
    assert any(failure.startswith("2a ") for failure in failures)
    assert "Nobody tagged this line." in pdf_text(path)
    (image,) = page_images(path, tmp_path / "pages")
    assert image.read_bytes().startswith(b"\x89PNG")


@pytest.mark.validator
def test_a_file_that_is_no_pdf_fails(tmp_path: Path) -> None:
    path = tmp_path / "text.pdf"
    path.write_text("not a PDF")

    (failure,) = check_pdf(path, ["ua1"])

    assert failure.startswith("ua1 unreadable")


# Word --------------------------------------------------------------------------------

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"

HEADING = '<w:p><w:pPr><w:pStyle w:val="H1"/></w:pPr><w:r><w:t>Response</w:t></w:r></w:p>'
SUBHEADING = '<w:p><w:pPr><w:pStyle w:val="H2"/></w:pPr><w:r><w:t>Overall</w:t></w:r></w:p>'
REFERENCE = (
    '<w:p><w:r><w:t xml:space="preserve">See </w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> REF </w:instrText></w:r>'
    '<w:r><w:instrText xml:space="preserve">table_1 \\h </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>Table 1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
LINK = '<w:p><w:hyperlink w:anchor="table_1"><w:r><w:t>the table</w:t></w:r></w:hyperlink></w:p>'
CAPTION = (
    '<w:p><w:bookmarkStart w:id="1" w:name="table_1"/><w:r><w:t>Table 1</w:t></w:r>'
    '<w:bookmarkEnd w:id="1"/></w:p>'
)
CELL = (
    '<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>'
    "<w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
)
DESCRIPTION = '<w:tblDescription w:val="Patients with a response"/>'
TABLE_HEADER = "<w:trPr><w:tblHeader/></w:trPr>"
TABLE = (
    f'<w:tbl><w:tblPr><w:tblW w:w="4000" w:type="dxa"/>{DESCRIPTION}</w:tblPr>'
    '<w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid>'
    f"<w:tr>{TABLE_HEADER}{CELL.format('Response')}{CELL.format('Patients')}</w:tr>"
    f"<w:tr>{CELL.format('CR')}{CELL.format('3')}</w:tr></w:tbl>"
)
ALTERNATIVE_TEXT = 'descr="A line"'
PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="9525" cy="9525"/>'
    f'<wp:docPr id="1" name="Figure 1" {ALTERNATIVE_TEXT}/><a:graphic><a:graphicData uri="urn:x"/>'
    "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
)
END = '<w:p/><w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
BODY = HEADING + SUBHEADING + REFERENCE + LINK + CAPTION + TABLE + PICTURE + END

LANGUAGE = '<w:lang w:val="en-GB"/>'
STYLES = (
    f"<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{LANGUAGE}</w:rPr></w:rPrDefault>"
    "</w:docDefaults>"
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style>'
    "</w:styles>"
)
TITLE = "<dc:title>A small document</dc:title>"
CORE = (
    f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
    f' xmlns:dc="http://purl.org/dc/elements/1.1/">{TITLE}</cp:coreProperties>'
)


def word_file(path: Path, body: str = BODY, styles: str = STYLES, core: str = CORE) -> Path:
    types = {
        "word/document.xml": f"{MAIN_TYPE}.document.main+xml",
        "word/styles.xml": f"{MAIN_TYPE}.styles+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items()
    )
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType='
            f'"application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="r2" Type="{PACKAGE}/relationships/metadata/core-properties"'
            ' Target="docProps/core.xml"/></Relationships>'
        ),
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
        ),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": styles,
        "docProps/core.xml": core,
    }
    with zipfile.ZipFile(path, "w") as package:
        for name, text in parts.items():
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return path


WRONG_ORDER = CAPTION + '<w:p><w:r><w:t>late</w:t></w:r><w:pPr><w:jc w:val="left"/></w:pPr></w:p>'
WORD_FAULTS = {
    "element out of order": BODY.replace(CAPTION, WRONG_ORDER),
    "unknown element": BODY.replace(CAPTION, f"{CAPTION}<w:paragraph/>"),
    "value that is not allowed": BODY.replace('w:type="dxa"/></w:tcPr>', 'w:type="cm"/></w:tcPr>'),
    "attribute left out": BODY.replace(' w:name="table_1"/>', "/>"),
}


@pytest.mark.validator
def test_each_fault_of_a_word_file_is_found_and_the_good_file_passes(tmp_path: Path) -> None:
    good = word_file(tmp_path / "good – één bestand.docx")
    broken = {
        fault: word_file(tmp_path / f"{fault}.docx", body) for fault, body in WORD_FAULTS.items()
    }

    errors = check_words([good, *broken.values()])

    assert errors[good] == []
    assert [fault for fault, path in broken.items() if not errors[path]] == []


@pytest.mark.validator
def test_an_element_out_of_order_is_named_with_its_place(tmp_path: Path) -> None:
    path = word_file(tmp_path / "order.docx", WORD_FAULTS["element out of order"])

    (error,) = check_word(path)

    assert "unexpected child element" in error
    assert "pPr" in error
    assert "/word/document.xml" in error


@pytest.mark.validator
def test_the_second_opinion_can_fail_as_well(tmp_path: Path) -> None:
    good = word_file(tmp_path / "good.docx")
    broken = word_file(tmp_path / "order.docx", WORD_FAULTS["element out of order"])

    # It also asks for settings, fonts and a theme, which so small a file does without.
    (fault,) = set(check_word_second_opinion(broken)) - set(check_word_second_opinion(good))

    assert "pPr" in fault


@pytest.mark.validator
def test_a_file_that_is_no_word_file_fails(tmp_path: Path) -> None:
    path = tmp_path / "text.docx"
    path.write_text("not a Word file")

    assert check_word(path)
    assert check_word_second_opinion(path)


@pytest.mark.validator
def test_libreoffice_lays_a_word_file_out(tmp_path: Path) -> None:
    body = BODY.replace(PICTURE, "")
    pdf = word_as_pdf(word_file(tmp_path / "good.docx", body), tmp_path / "converted")

    assert "See Table 1" in pdf_text(pdf)


def test_word_text_is_what_a_reader_sees(tmp_path: Path) -> None:
    path = word_file(tmp_path / "good.docx")

    lines = [line for line in word_text(path).splitlines() if line]

    assert lines == [
        "Response",
        "Overall",
        "See Table 1",
        "the table",
        "Table 1",
        "Response\tPatients",
        "CR\t3",
    ]


# Word: accessibility -----------------------------------------------------------------


def test_the_accessible_word_file_has_no_finding(tmp_path: Path) -> None:
    assert check_word_accessibility(word_file(tmp_path / "good.docx")) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (TITLE, "<dc:title> </dc:title>", "no title"),
        (LANGUAGE, "", "no default language"),
        (ALTERNATIVE_TEXT, 'descr=""', "picture without alternative text: Figure 1"),
        (PICTURE, PICTURE + PICTURE, "drawing id used twice: 1"),
        (TABLE_HEADER, "", "table 1: no header row"),
        (DESCRIPTION, "", "table 1: no description"),
        (CELL.format("CR"), "", "table 1: vertically merged or ragged cells"),
        ("</w:tcPr>", "<w:vMerge/></w:tcPr>", "table 1: vertically merged or ragged cells"),
        (HEADING, "", "heading level jumps from 0 to 2"),
        (CAPTION, CAPTION + CAPTION, "bookmark defined twice: table_1"),
        (
            "table_1 \\h",
            "table_2 \\h",
            "field to a bookmark that does not exist: REF table_2 \\h",
        ),
        (
            'w:anchor="table_1"',
            'w:anchor="table_3"',
            "link to a bookmark that does not exist: table_3",
        ),
    ],
)
def test_accessibility_fault_is_found(tmp_path: Path, old: str, new: str, finding: str) -> None:
    assert sum(old in part for part in (BODY, STYLES, CORE)) == 1
    path = word_file(
        tmp_path / "fault.docx",
        BODY.replace(old, new),
        STYLES.replace(old, new),
        CORE.replace(old, new),
    )

    assert check_word_accessibility(path) == [finding]


# Missing tools -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "tool"),
    [
        (check_pdf, "java"),
        (pdf_text, "pdftotext"),
        (lambda path: page_images(path, path.parent), "pdftoppm"),
        (lambda path: word_as_pdf(path, path.parent), "soffice"),
    ],
)
def test_a_missing_program_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Callable[[Path], object], tool: str
) -> None:
    path = tmp_path / "file.pdf"
    path.touch()
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingToolError, match=f"^{tool} is not installed: "):
        call(path)


def test_the_missing_npm_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OOXML_VALIDATOR_CLI", raising=False)
    monkeypatch.setattr("validators.validate.HERE", tmp_path)

    with pytest.raises(MissingToolError, match="npm install"):
        check_word(word_file(tmp_path / "good.docx"))
