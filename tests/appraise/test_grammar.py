"""The sentences of the rules: what they mean, and what is said about those that cannot be read."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dossier.appraise.grammar import SentenceError, parse_expression, parse_rule, parse_threshold
from dossier.appraise.quantities import Kind, names, phrases
from dossier.appraise.sentence import Comparison, Declared, Group


@pytest.mark.parametrize(
    ("written", "meant", "value"),
    [
        ("orr >= 60%", "orr >= 60%", Fraction(3, 5)),
        ("orr ≥ 60 %", "orr >= 60%", Fraction(3, 5)),
        ("dor.median >= 9 months", "dor.median >= 9 months", 9 * Fraction(487, 16)),
        ("median dor >= 9 months", "dor.median >= 9 months", 9 * Fraction(487, 16)),
        ("pfs.median lower limit >= 6 months", "lower limit of pfs.median >= 6 months", None),
        ("upper limit of os.rr < 0.95", "upper limit of os.rr < 0.95", Fraction(19, 20)),
        ("gain in median os > 12 weeks", "gain in median os > 12 weeks", Fraction(84)),
        ("gain in os at 24 months >= 10 percentage points", "gain in os at 24 months >= 10%", None),
        ("relative gain in pcr > 30%", "relative gain in pcr > 30%", Fraction(3, 10)),
        ("control os.median <= 1 year", "control os.median <= 1 year", Fraction(1461, 4)),
        ("pfs at 24 weeks >= 50%", "pfs at 24 weeks >= 50%", Fraction(1, 2)),
        ("patients with cbr_16w >= 5 of 24", "patients with cbr_16w >= 5 of 24", Fraction(5)),
        ("patients with cbr_16w >= 1 of at least 8",) * 2 + (Fraction(1),),
        ("share with pfs_ratio at least 1.3 >= 15%",) * 2 + (Fraction(3, 20),),
        ("declared annual_cost >= 20 million euro",) * 2 + (Fraction(20_000_000),),
        ("declared qol_improved", "declared qol_improved", None),
        ("orr >= unknown", "orr >= unknown %", None),
        ("dor.median >= unknown", "dor.median >= unknown months", None),
        ("os.hr < 0.70", "os.hr < 0.70", Fraction(7, 10)),
    ],
)
def test_a_sentence_means(written, meant, value):
    condition = parse_rule(written)
    assert str(condition) == meant
    if value is not None:
        assert condition.threshold.value == value
    assert parse_rule(str(condition)) == condition


def test_every_phrase_of_the_vocabulary_can_be_read():
    for name in names():
        kind = "6 months" if name.endswith(".median") and "ratio" not in name else "1"
        try:
            parse_rule(f"{name} >= {kind}")
        except SentenceError:
            assert isinstance(parse_rule(f"{name} >= 1%"), Comparison)
    examples = [example for _, example in phrases()]
    for example in examples:
        ending = "" if example.startswith("declared") else " >= unknown"
        assert isinstance(parse_rule(example + ending), Comparison | Declared)


@pytest.mark.parametrize(
    ("sentence", "position", "part", "expected"),
    [
        ("orrr >= 60%", 1, "'orrr'", "did you mean orr"),
        ("pfs.medain >= 6 months", 1, "'pfs.medain'", "did you mean pfs.median"),
        ("pfs.median >= 6", 16, "unit is missing", "months"),
        ("orr >= 6 months", 10, "does not suit", "%"),
        ("orr >= 0,6", 9, "','", "point"),
        ("20% <= orr", 1, "begins with what is measured", "number"),
        ("orr >= 20% and orr < 60%", 1, "one comparison", "one rule for each"),
        ("20 >= orr >= 3", 1, "begins with", None),
        ("orr >= 20% <= 3", 12, "one comparison", "two rules"),
        ("orr", 1, "compared with nothing", "orr >= 60%"),
        ("orr = 20%", 5, "comparison is missing", ">="),
        ("orr >=", 7, "number is missing", "0.65"),
        ("", 1, "ends before", None),
        ("lower limit of n >= 3", 18, "no confidence limits", None),
        ("control gain in median os > 3 months", 27, "plain quantity", "control os.median"),
        ("gain in median oss > 3 months", 16, "'oss'", "os"),
        ("pfs at 6 mnths >= 3%", 10, "unit is missing", "months"),
        ("patients with orrr >= 3", 15, "'orrr'", "orr"),
        ("declared >= 3", 10, "not named", "fact"),
        ("orr >= 60% 3", 12, "too many", None),
        ("orr; drop", 4, "';'", None),
    ],
)
def test_what_is_said_about_a_sentence_that_cannot_be_read(sentence, position, part, expected):
    with pytest.raises(SentenceError) as caught:
        parse_rule(sentence)
    assert caught.value.position == position
    assert part in caught.value.message
    if expected:
        assert expected in (caught.value.expected or "")


def test_rules_combine_with_words_and_brackets():
    tree = parse_expression("a and (b or not c) and shown (d and e)")
    assert isinstance(tree, Group)
    assert str(tree) == "a and (b or not c) and shown (d and e)"
    assert parse_expression(str(tree)) is not tree


@pytest.mark.parametrize("text", ["a and b or c", "a or b and c", "(a and b", "a and", "not"])
def test_a_combination_that_can_be_read_in_two_ways_is_refused(text):
    with pytest.raises(SentenceError):
        parse_expression(text)


def test_a_new_threshold_keeps_the_unit_and_the_patients_of_the_rule():
    like = parse_rule("pfs.median >= 6 months").threshold
    assert str(parse_threshold("5", like, Kind.DURATION)) == "5 months"
    assert str(parse_threshold("20 weeks", like, Kind.DURATION)) == "20 weeks"
    count = parse_rule("patients with cbr_16w >= unknown of 24").threshold
    assert str(parse_threshold("5", count, Kind.COUNT)) == "5 of 24"
    with pytest.raises(SentenceError):
        parse_threshold("unknown", like, Kind.DURATION)


ENDLESS = ["(" * 100 + "a", "not " * 60 + "a", "a and " * 200 + "a", "9" * 5000]


@pytest.mark.parametrize("text", ENDLESS)
def test_a_sentence_without_end_is_refused_in_plain_words(text):
    with pytest.raises(SentenceError, match=r"too many brackets|longer than"):
        parse_expression(text)
