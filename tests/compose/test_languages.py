"""Every pack says the same in every language, and nothing of another one."""

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import durable_benefit, evaluation, pack_copy, query, time_to_event
from query_texts import query_texts

from dossier.cohort.read import read_cohort
from dossier.compose.document import Document, Figure
from dossier.compose.dossier import compose
from dossier.compose.numbers import Numbers
from dossier.compose.pack import Layer, open_pack, pack_settings, shipped_packs, words_of_layer
from dossier.compose.reading import document_text
from dossier.compose.wording import Wording
from dossier.errors import InputError
from dossier.evaluation import Evaluation, evaluate
from dossier.locations import shipped
from dossier.scenarios.what_if import sensitivity

TEMPLATES = shipped("templates")
EXAMPLES = TEMPLATES.parent / "examples"
PACKS = shipped_packs()
GAP = re.compile(r"\{(\w+)\}")

# Words of running English that no Dutch text holds.
ENGLISH = re.compile(
    r"\b(the|and|not|which|known|patients|before|after|were|this|that|from|used|counted|missing"
    r"|unknown|has|have|are|with|without|treated|progression|death|survival|treatment|assessment"
    r"|assessments|criterion|verdict|threshold|table|figure|section|months|weeks|days|query"
    r"|queries|reached|estimable|yes|no)\b",
    re.IGNORECASE,
)
# Parts of Dutch texts that look English: names of files, identifiers and fixed expressions.
DUTCH_ALL_THE_SAME = re.compile(
    r"\S*[._]\S*|\[[\w ]+\]|Q\d{4}|Response Evaluation Criteria in Solid Tumours|at risk"
    r"|SHA-256|[A-Z]+(-[A-Z]+)+|[Dd]ataquery(’s)?|\bQuery\b|\bper query\b|dossier check"
    r"|\(best overall response\)|‘[^’]*’|treatment-emergent"
)


def words_of(pack: str, language: str) -> dict[str, Any]:
    return words_of_layer(Layer(TEMPLATES / pack / language, f"{pack}/{language}"), needed=True)


def leaves(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    if isinstance(value, dict):
        return {
            k: v for key, inner in value.items() for k, v in leaves(inner, (*path, key)).items()
        }
    return {path: str(value)}


@pytest.mark.parametrize("pack", PACKS)
def test_words_have_the_same_keys_and_gaps_in_every_language(pack: str) -> None:
    english, dutch = (leaves(words_of(pack, language)) for language in ("en", "nl"))
    assert set(english) == set(dutch)
    for key, text in english.items():
        gaps = set(GAP.findall(text))
        given = set(GAP.findall(key[-1]))  # what a text of an earlier stage offers
        assert set(GAP.findall(dutch[key])) <= gaps | given, key
        if not given:
            assert set(GAP.findall(dutch[key])) == gaps, key


@pytest.mark.parametrize("pack", PACKS)
def test_templates_print_the_same_in_every_language(pack: str) -> None:
    """The same files, and in each the same tables, figures, references and results."""
    folders = [TEMPLATES / pack / language for language in pack_settings(pack).languages]
    names = [{path.name for path in folder.iterdir()} for folder in folders]
    assert all(each == names[0] for each in names)
    for name in sorted(x for x in names[0] if x.endswith(".md.j2")):
        printed = [_printed((folder / name).read_text(encoding="utf-8")) for folder in folders]
        assert all(each == printed[0] for each in printed), name


def _printed(template: str) -> set[str]:
    called = r"\b(?:table|figure|ref|include|contents)\b ?\(?\"[\w:.]+\""
    groups = "endpoints|populations|safety|queries|document|cohort|verdict|orr|dor|benefit"
    named = rf"\b(?:{groups})\.[\w.]+"
    return set(re.findall(f"{called}|{named}", template))


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_data_query_has_words(language: str) -> None:
    say = open_pack("standard", language).say
    composed = {"partial-date", "screen-failures", "response-differs-from-measured"}
    grammar = re.compile(
        r"^7 \w+s (is|has)\b|^7 \w+(?<!s) (are|have)\b|^7 \w+ (of .* )?7 |of others"
    )
    for rule, text in query_texts():
        assert say.has(f"query_rules.{rule}"), rule
        if rule in composed or grammar.search(text) or text == "7 is entered 7":
            continue
        assert known(say, rule, text), f"{rule}: {text}"


@pytest.mark.parametrize(
    ("rule", "text", "dutch"),
    [
        (
            "partial-date",
            "the last date known alive has no month and day",
            "laatste datum waarop de patiënt in leven was: maand en dag ontbreken",
        ),
        (
            "partial-date",
            "read as 2024-03-15, the middle of the month (derivation.partial_dates); possible from "
            "2024-03-02 (a scan without progression) to 2024-03-31",
            "gelezen als 15 maart 2024 (het midden van de maand); mogelijk van 2 maart 2024 (scan "
            "zonder progressie) tot en met 31 maart 2024",
        ),
        (
            "partial-date",
            "read as 2024-03-02, the possible day nearest to the first of the year "
            "(derivation.partial_dates); possible from 2024-03-02 to 2024-12-31 (death)",
            "gelezen als 2 maart 2024, de mogelijke dag die het dichtst bij de eerste dag van het "
            "jaar ligt; mogelijk van 2 maart 2024 tot en met 31 december 2024 (overlijden)",
        ),
        (
            "derived-differs-from-given",
            "pfs is given as 123.5 days, event, the records give time not known, status not known",
            "progressievrije overleving: vastgelegd als 123,5 dagen, event, maar uit de gegevens "
            "volgt tijd niet bekend, status niet bekend",
        ),
        (
            "response-differs-from-measured",
            "the response is entered as PR, the measurements give SD (sum 30 mm, 45.5 mm at "
            "baseline, 28 mm at its smallest before)",
            "de respons is ingevoerd als PR, uit de metingen volgt SD (som 30 mm, 45,5 mm bij "
            "aanvang, eerder minimaal 28 mm)",
        ),
        (
            "several-assessors",
            "the readings of the central are used (the default, derivation.assessor); 3 rows of "
            "others are not",
            "de beoordelingen van de centrale beoordelaar zijn gebruikt (de standaardinstelling); "
            "3 rijen van anderen niet",
        ),
        (
            "screen-failures",
            "left out of the cohort, with 2 records of them: they are counted in no denominator",
            "niet opgenomen in het cohort en in geen enkele noemer geteld, met 2 records van hen",
        ),
        (
            "dates-after-cutoff",
            "3 dates lie after the data cut-off 2025-06-30: 2 under Death, 1 under Scan date",
            "3 datums liggen na de peildatum van 30 juni 2025: 2 onder Death, 1 onder Scan "
            "date",
        ),
    ],
)  # fmt: skip
def test_a_data_query_in_dutch(rule: str, text: str, dutch: str) -> None:
    assert open_pack("standard", "nl").say.query(rule, text).replace("\u00a0", " ") == dutch


def test_every_reason_of_earlier_stages_has_words() -> None:
    say = open_pack("standard", "nl").say
    found = {"no patients", "no responders", "time of response not known"}
    for path in sorted((TEMPLATES.parent / "dossier" / "derive").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Ending":
                reason = node.args[1]
                found |= {reason.value} if isinstance(reason, ast.Constant) else set()  # type: ignore[arg-type]
            if isinstance(node, ast.Assign) and "_JUDGEMENTS" in ast.unparse(node.targets[0]):
                for entry in ast.literal_eval(node.value):
                    found.add(entry[2])
    assert len(found) > 25
    assert not {
        reason for reason in found if not say.has("reasons") or say.reason(reason) == reason
    }


def known(say: Wording, rule: str, text: str) -> bool:
    group = say._find(f"queries.{rule}")
    patterns = say._patterns(f"queries.{rule}")
    return text in group or any(pattern.fullmatch(text) for pattern, _ in patterns)


# --- whole documents -----------------------------------------------------------------------------


def users_own(made: Evaluation) -> set[str]:
    """Texts that the user wrote, and titles of publications: they stay as they are."""
    cohort = made.cohort
    texts = {str(value) for value in cohort.settings.cohort.model_dump().values()}
    for name in ("patients", "assessments", "adverse_events"):
        frame = cohort.table(name)
        for column in frame.columns:
            if frame[column].dtype == object:
                texts |= {str(value) for value in frame[column].unique()}
    for table in cohort.settings.columns.values():
        texts |= {str(getattr(source, "column", source)) for source in table.values()}
    for verdict in made.verdicts:
        texts |= {source.rpartition(" http")[0] or source for source in verdict.sources}
        texts |= {rule.source for rule in verdict.rules}
    texts |= {rule.source for rule in made.patients.rules.values()}
    return {text for text in texts if len(text) > 2}


def leftovers(made: Evaluation, names: tuple[str, ...] = (), **options: Any) -> list[str]:
    document = compose(made, language="nl", **options)
    own = sorted(users_own(made) | set(names), key=len, reverse=True)
    found = []
    for line in whole_text(document).splitlines():
        rest = line
        for text in own:
            rest = rest.replace(text, "")
        rest = DUTCH_ALL_THE_SAME.sub("", rest)
        if ENGLISH.search(rest):
            found.append(f"{ENGLISH.search(rest)}: {line}")
    return found


def whole_text(document: Document) -> str:
    data = [
        " ".join(
            [*block.scene.data_columns, *(str(c) for row in block.scene.data_rows for c in row)]
        )
        for block in document.blocks
        if isinstance(block, Figure)
    ]
    running = [document.title, document.footer, *vars(document.words).values()]
    return "\n".join([document_text(document), *data, *running])


SCENARIOS: tuple[dict[str, Any], ...] = (
    {},
    {"patients": 0},
    {"patients": 1, "responders": 0},
    {"evaluable": 0},
    {"patients": 30, "treated": 28, "evaluable": 25, "too_early": 2},
    {"given": True, "safety": False, "baseline": (), "cutoff": None},
    {"os": time_to_event([], [], unknown=25), "pfs": time_to_event([30.0, 60.0], [0, 0])},
    {"queries": tuple(query(i) for i in range(130)), "terms": 80, "patients": 60},
    {"settings": {"derivation": {"confirmation": False, "pfs": "treatment-policy"}}},
    {"settings": {"derivation": {"sd_tolerance_days": 3, "worse_after_cr": "partial-response"}}},
    {"verdicts": ()},
)  # fmt: skip


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("scenario", range(len(SCENARIOS)))
def test_a_dutch_dossier_holds_no_english(pack: str, scenario: int) -> None:
    found = leftovers(evaluation(**SCENARIOS[scenario]), template=pack)
    assert found == []


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("example", ["summit-biliary", "simulated-drup"])
def test_a_dutch_dossier_of_an_example_holds_no_english(pack: str, example: str) -> None:
    made = evaluate(read_cohort(EXAMPLES / example))
    tested = sensitivity(made)
    assert tested is not None
    # What a scenario is called in its file is the same in every language.
    ids = tuple(row.scenario.id for row in tested.matrix.rows)
    assert leftovers(made, ids, template=pack, what_if=tested) == []


def test_dutch_signs_and_words() -> None:
    document = compose(evaluation(responders=12), language="nl")
    text = document_text(document).replace("\u00a0", " ")
    assert document.language == "nl-NL"
    assert document.words.page_of == "Pagina {page} van {pages}"
    assert "De kans op respons was 48,0% (95%-BI 27,8–68,7; 12 van 25 patiënten)" in text
    assert "Peildatum | 31 mei 2024 (opgegeven)" in text
    assert not re.search(r"\d\.\d+( maanden|%)", text)
    labels = {b.label for b in document.blocks if hasattr(b, "label")}
    assert {"Tabel\u00a01", "Figuur\u00a01"} <= labels
    assert Numbers(open_pack("standard", "nl").say).limits(None, 3) == "niet bereikt–3,0"


def test_ranges_can_be_searched_and_copied() -> None:
    table = next(
        block
        for block in compose(evaluation()).blocks
        if getattr(block, "anchor", "") == "table_response_rates"
    )
    joined = "".join(run.text for run in table.rows[0][2].children)  # type: ignore[union-attr]
    assert joined == "4.5–36.1"


# --- a translation that is missing ---------------------------------------------------------------


def test_a_template_in_another_language_only_is_an_error(tmp_path: Path) -> None:
    pack = pack_copy(tmp_path)
    (pack / "nl" / "safety.md.j2").unlink()
    with pytest.raises(InputError, match=r"my-pack/nl/safety\.md\.j2: the template is missing"):
        compose(evaluation(), template=str(pack), language="nl")
    assert compose(evaluation(), template=str(pack), language="en")


def test_an_own_template_is_never_replaced_by_that_of_another_language(tmp_path: Path) -> None:
    pack = tmp_path / "my-pack"
    (pack / "en").mkdir(parents=True)
    (pack / "pack.yaml").write_text(
        "id: my-pack\nversion: '1'\nextends: standard\ntitle: {en: My}\n"
    )
    (pack / "en" / "summary.md.j2").write_text("# Mine\n")
    assert "Mine" in document_text(compose(evaluation(), template=str(pack)))
    with pytest.raises(InputError, match=r"my-pack/nl/summary\.md\.j2: the template is missing"):
        compose(evaluation(), template=str(pack), language="nl")


def test_a_missing_word_is_an_error(tmp_path: Path) -> None:
    pack = pack_copy(tmp_path)
    words = pack / "nl" / "words.yaml"
    words.write_text(words.read_text("utf-8").replace("  page_of:", "  page_off:"), "utf-8")
    with pytest.raises(InputError, match=r"my-pack/nl/words\.yaml, column renderer\.page_of"):
        compose(evaluation(), template=str(pack), language="nl")


def test_a_criterion_without_a_dutch_title_is_an_error() -> None:
    verdict = replace(durable_benefit(), title={"en": "Durable"})
    with pytest.raises(InputError, match="criterion durable-benefit, title"):
        compose(evaluation(verdicts=(verdict,)), language="nl")
