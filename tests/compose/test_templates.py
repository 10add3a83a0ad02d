"""Template packs: values stay literal, templates stay in their folder, mistakes name their line."""

import re
from pathlib import Path

import pytest
from fakes import durable_benefit, evaluation, pack_copy

from dossier.compose.document import (
    BulletList,
    Callout,
    Emphasis,
    Footnote,
    Heading,
    LineBreak,
    Link,
    Number,
    PageBreak,
    Paragraph,
    Strong,
    Text,
    plain_text,
)
from dossier.compose.dossier import compose
from dossier.compose.reading import document_text
from dossier.errors import InputError, Problem
from dossier.locations import shipped

HOSTILE = (
    "**bold** {{7*7}} <script>alert(1)</script>",
    "| pipe | table |",
    "# heading\n\n- list\r\nline",
    "[link](https://example.org) ![x](y) `code` &amp; \\ ~~~",
    "{% raw %} {# comment #} {%",
    "\ue0000\ue001 mark \ue002a:1\ue003",
    "> [!met] quote",
    "a\tb\x00c\x07",
)


def blocks(tmp_path: Path, template: str, **changes: object) -> tuple[object, ...]:
    pack = pack_copy(tmp_path, summary=template)
    pack_yaml = pack / "pack.yaml"
    text = pack_yaml.read_text(encoding="utf-8")
    start, end = text.index("sections:"), text.index("# Tables and figures")
    pack_yaml.write_text(text[:start] + "sections: [summary]\n" + text[end:], encoding="utf-8")
    return compose(evaluation(**changes), template=str(pack)).blocks  # type: ignore[arg-type]


def problem(tmp_path: Path, template: str) -> Problem:
    with pytest.raises(InputError) as caught:
        blocks(tmp_path, template)
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_printed_literally(tmp_path: Path, title: str) -> None:
    found = blocks(tmp_path, "Start {{ cohort.title }} end\n", title=title)
    assert len(found) == 1
    assert isinstance(found[0], Paragraph)
    (run,) = found[0].children
    assert isinstance(run, Text)
    words = run.text.removeprefix("Start ").removesuffix(" end")
    for character in "*{}<>|`[]#&":
        assert words.count(character) == title.count(character)
    assert not set(words) & set("\n\r\x00\x07\ue000\ue001\ue002\ue003")


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_passes_through_the_whole_dossier(title: str) -> None:
    clean = document_text(compose(evaluation()))
    found = document_text(compose(evaluation(title=title)))
    assert found.count("\n") == clean.count("\n")
    assert "49" not in found.splitlines()[0]


def test_hostile_words_in_tables_and_queries_do_not_add_rows() -> None:
    verdict = durable_benefit(title={"en": HOSTILE[2]}, summary={"en": HOSTILE[0]})
    found = document_text(compose(evaluation(verdicts=(verdict,))))
    clean = document_text(compose(evaluation(verdicts=(durable_benefit(),))))
    assert found.count("\n") == clean.count("\n")


def test_markdown_becomes_blocks(tmp_path: Path) -> None:
    template = """# Title [#name]

A **strong *and stressed*** word,
a hard\\
break, a [link *there*](https://example.org/a?b=c) and
{{ endpoints.orr.percent }}.{{ footnote("Of ", endpoints.orr.n) }}

## Sub [-]

1. first
2. second

> [!{{ verdicts[0].tone }}] Verdict: {{ verdicts[0].verdict }}
> Some text
>
> and more.

> [!note]
> Small print.

{{ page_break() }}
"""
    heading, paragraph, sub, ordered, callout, note, end = blocks(tmp_path, template)
    assert heading == Heading(1, (Text("Title"),), "section_summary", "1")
    assert isinstance(paragraph, Paragraph)
    strong = Strong((Text("strong "), Emphasis((Text("and stressed"),))))
    assert paragraph.children[:5] == (
        Text("A "), strong, Text(" word, a hard"), LineBreak(), Text("break, a "),
    )  # fmt: skip
    assert paragraph.children[5] == Link("https://example.org/a?b=c", "link there")
    assert paragraph.children[7] == Number("16.0%", "endpoints.orr.estimate")
    assert paragraph.children[-1] == Footnote((Text("Of "), Number("25", "endpoints.orr.n")))
    assert isinstance(sub, Heading)
    assert (sub.number, sub.level, plain_text(sub.children)) == ("", 2, "Sub")
    assert ordered == BulletList(((Text("first"),), (Text("second"),)), ordered=True)
    assert isinstance(callout, Callout)
    assert (callout.tone, plain_text(callout.title)) == ("not_met", "Verdict: Not met")
    assert [plain_text(p) for p in callout.paragraphs] == ["Some text", "and more."]
    assert note == Paragraph((Text("Small print."),), "note")
    assert end == PageBreak()


def test_a_whole_number_keeps_its_identity(tmp_path: Path) -> None:
    (paragraph,) = blocks(tmp_path, "{{ endpoints.orr }}")
    assert isinstance(paragraph, Paragraph)
    assert plain_text(paragraph.children).replace("\u00a0", " ") == "16.0% (4/25), 95% CI 4.5–36.1"
    paths = [run.path for run in paragraph.children if isinstance(run, Number)]
    assert paths == [f"endpoints.orr.{part}" for part in ("estimate", "ci_lower", "ci_upper")]


def test_references_point_forwards_and_backwards(tmp_path: Path) -> None:
    template = """# First

See {{ ref("table:baseline") }}, {{ ref("figure:pfs") }} and {{ ref("section:later") }}.

{{ table("times") }}

{{ table("baseline") }}

{{ figure("pfs") }}

## Later [#later]

Back to {{ ref("section:summary") }}; no {{ ref("figure:os") }}.
"""
    found = [b for b in blocks(tmp_path, template) if isinstance(b, Paragraph)]
    words = [plain_text(b.children).replace("\u00a0", " ") for b in found]
    assert words[0] == "See Table 2, Figure 1 and Section 1.1."
    assert words[-1] == "Back to Section 1; no (not included)."


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ cohort.title.__class__ }}",
        "{{ cohort.title.format }}",
        "{{ ''.join.__globals__ }}",
        "{{ table.__globals__ }}",
        "{{ endpoints.orr.__init__.__globals__ }}",
        "{{ endpoints.orr.inlines }}",
        "{{ endpoints.__class__ }}",
        "{{ verdicts.__class__ }}",
        "{{ self.__dict__ }}",
        "{% for x in range(100000000) %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9999999 }}",
        "{{ '%1000000000d' % 1 }}",
        "{% include '../../pack.yaml' %}",
        "{% include '/etc/passwd' %}",
        "{% include '../en/words.yaml' %}",
        "{{ cohort.title | safe }}",
        "{{ cohort.update({'a': 1}) }}",
        "{{ lipsum() }}",
        "{{ cycler }}",
        "{{ True }}",
        "{{ None }}",
        "{{ endpoints }}",
        "{{ table }}",
    ],
)
def test_an_escape_from_the_sandbox_is_refused(tmp_path: Path, attack: str) -> None:
    found = problem(tmp_path, f"# Title\n\n{attack}\n")
    assert found.file == "my-pack/en/summary.md.j2"
    assert found.row == 3
    assert "object at 0x" not in str(found)


def test_a_fact_cannot_be_overwritten(tmp_path: Path) -> None:
    assert "cannot assign" in str(problem(tmp_path, "{% set endpoints.orr = 1 %}"))


def test_a_link_out_of_the_pack_is_not_followed(tmp_path: Path) -> None:
    pack = pack_copy(tmp_path, summary="{% include 'out.md.j2' %}\n")
    (tmp_path / "secret.md.j2").write_text("secret")
    (pack / "en" / "out.md.j2").symlink_to(tmp_path / "secret.md.j2")
    with pytest.raises(InputError, match=r"no template 'out\.md\.j2'"):
        compose(evaluation(), template=str(pack))


@pytest.mark.parametrize(
    ("template", "row", "words"),
    [
        ("# A\n\n{{ endpoints.orrr }}\n", 3, "did you mean 'orr'?"),
        ("# A\n\n{{ endpoint.orr }}\n", 3, "'endpoint' is not defined"),
        ("# A\n\n{{ endpoints.orr.percentage }}\n", 3, "did you mean 'percent'?"),
        ("# A\n\n{% if %}\n", 3, "cannot be read"),
        ("# A\n\n\n{% for x in verdicts %}\n", 4, "cannot be read"),
        ("# A\n\n{{ cohort.title | uper }}\n", 3, "uper"),
        ("# A\n\n{{ table('best_respons') }}\n", 3, "did you mean 'best_response'?"),
        ("# A\n\n{{ figure('pfss') }}\n", 3, "did you mean 'pfs'?"),
        ("# A\n\n{{ table('criterion', 'nothing') }}\n", 3, "no criterion 'nothing'"),
        ("# A\n\nText {{ table('times') }} text\n", 3, "stands on a line of its own"),
        ("# A\n\n{{ table('times') }}\n\n{{ table('times') }}\n", 5, "printed twice"),
        ("# A\n\nSee {{ ref('section:nowhere') }}.\n", 3, "no section 'nowhere'"),
        ("# A\n\nSee {{ ref('table:nowhere') }}.\n", 3, "no table 'nowhere'"),
        ("# A\n\nSee {{ ref('nowhere') }}.\n", 3, "is no reference"),
        ("# A\n\n<b>bold</b>\n", 3, "HTML is not allowed"),
        ("# A\n\ntext\nmore <i>text</i>\n", 4, "HTML is not allowed"),
        ("# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", 3, "tables are not written in Markdown"),
        ("# A\n\n![x](y.png)\n", 3, "pictures are not allowed"),
        ("# A\n\n---\n", 3, "page_break()"),
        ("# A\n\n`code`\n", 3, "code is not supported"),
        ("# A\n\n#### Deep\n", 3, "three levels"),
        ("# A\n\n- a\n  - b\n", 4, "lists have one level"),
        ("# A\n\n> quotation\n", 3, "starts with its kind"),
        ("# A\n\n> [!nice] Title\n", 3, "no such kind"),
        ("# A\n\n{% for v in verdicts %}\n\n**{{ v.titel }}**\n{% endfor %}\n", 5, "'title'"),
        ("# A\n\n{% include 'nothing.md.j2' %}\n", 3, "no template 'nothing.md.j2'"),
        ("# A\n\n{{ 1 / 0 }}\n", 3, "division"),
        ("# A\n\n{{ 1 + 'a' }}\n", 3, "unsupported operand"),
        ("# A\n\n{{ contents('pages', 'x') }}\n", 3, "no list of 'pages'"),
    ],
)
def test_a_mistake_names_file_and_line(tmp_path: Path, template: str, row: int, words: str) -> None:
    found = problem(tmp_path, template)
    assert (found.file, found.row) == ("my-pack/en/summary.md.j2", row)
    assert words in f"{found} {found.expected or ''}"


def test_a_mistake_in_an_included_template_names_that_template(tmp_path: Path) -> None:
    pack = pack_copy(tmp_path, response_sentence="one\n\n{{ nothing }}\n")
    with pytest.raises(InputError) as caught:
        compose(evaluation(), template=str(pack))
    (found,) = caught.value.problems
    assert (found.file, found.row) == ("my-pack/en/response_sentence.md.j2", 3)


def test_markdown_lines_are_those_of_the_template(tmp_path: Path) -> None:
    template = (
        "# A\n{% if true %}\n\n{% for x in [1, 2, 3] %}\nline\n\n{% endfor %}\n{% endif %}\n<b>\n"
    )
    assert problem(tmp_path, template).row == 9


def test_a_macro_gives_text_and_keeps_numbers(tmp_path: Path) -> None:
    template = "{% macro rate(r) %}rate *{{ r.percent }}*{% endmacro %}{{ rate(endpoints.orr) }}\n"
    (paragraph,) = blocks(tmp_path, template)
    assert isinstance(paragraph, Paragraph)
    assert plain_text(paragraph.children) == "rate *16.0%*"
    assert Number("16.0%", "endpoints.orr.estimate") in paragraph.children


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("pack.yaml", "page: A4", "page: A3", "A4 or Letter"),
        ("pack.yaml", "query_rows:", "query_row:", "did you mean 'query_rows'?"),
        ("pack.yaml", "  - summary", "  - sumary", "sumary.md.j2"),
        ("pack.yaml", '"#17365D"', "blue", "accent"),
        ("en/words.yaml", "  dash:", "  dashed:", "format.dash"),
        ("en/words.yaml", "{events}/{n})", "{events}/{m})", "a gap {m}"),
        ("en/words/tables.yaml", "tables:", "format: {dash: x}\n\ntables:", "format.dash"),
    ],
)
def test_a_mistake_in_a_pack_is_named(
    tmp_path: Path, name: str, old: str, new: str, words: str
) -> None:
    pack = pack_copy(tmp_path)
    text = (pack / name).read_text(encoding="utf-8")
    assert old in text
    (pack / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        compose(evaluation(), template=str(pack))
    assert words in str(caught.value)
    assert f"my-pack/{name}" in str(caught.value) or "sumary" in words


def test_an_unknown_pack_or_language_names_those_there_are() -> None:
    with pytest.raises(InputError, match="did you mean 'standard'"):
        compose(evaluation(), template="standart")
    with pytest.raises(InputError, match="expected one of en, nl"):
        compose(evaluation(), language="xx")


def test_everything_that_the_guide_names_can_be_printed(tmp_path: Path) -> None:
    guide = (shipped("templates") / "README.md").read_text(encoding="utf-8")
    rows = [line for line in guide.splitlines() if line.startswith("| `{{")]
    lines = ["# Title"]
    for row in rows:
        written = re.findall(r"`([^`]+)`", row.split("|")[1])
        first = re.search(r"\{\{ (.+?) \}\}", written[0])
        assert first
        for words in written:
            inner = words.removeprefix("{{ ").removesuffix(" }}")
            stem = re.sub(r"\.(percent|median|number)$", "", first[1])
            told = f"{{{{ {stem + inner if inner.startswith('.') else inner} }}}}"
            given = re.search(r"where `([\w.]+)`", row)
            lines.append(f"{{% if {given[1]} %}}{told}{{% endif %}}" if given else told)
    blocks_found = blocks(tmp_path, "\n\n".join([*lines, "# Methods [#methods]"]), responders=12)
    assert len(blocks_found) > 40
