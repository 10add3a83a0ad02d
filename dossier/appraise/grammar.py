"""The language of the rules: short sentences such as ``orr >= 60%``, read into a tree.

::

    expression := side (("and" side)* | ("or" side)*)     one of the two, brackets for both
    side       := "not" side | "shown" side | "(" expression ")" | condition | name of a rule
    condition  := measured sign threshold | "declared" fact [sign threshold] | "known" quantity
    measured   := [limit "of"] quantity | quantity limit  with limit = lower limit, upper limit
    threshold  := number [million] [unit] ["of" ["at least"] patients] | "unknown" [unit] [...]
    quantity   := "gain in" ... | "relative gain in" ... | "control" quantity | "median" time
                | "patients with" share | "patients assessed for" share | time "at" duration
                | "share with pfs_ratio at least" number | name
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from dossier.appraise import quantities as q
from dossier.appraise.quantities import Kind, Quantity
from dossier.appraise.sentence import (
    DAYS,
    SIGNS,
    Comparison,
    Condition,
    Declared,
    Expression,
    Group,
    Known,
    RuleName,
    Threshold,
    number_text,
)
from dossier.appraise.tokens import SentenceError, Token, tokens_of
from dossier.yaml_source import nearest

__all__ = ["SentenceError", "parse_expression", "parse_rule", "parse_threshold"]

MAX_BRACKETS: Final = 20


def parse_rule(text: str) -> Condition:
    """Read the sentence of one rule.

    Raises
    ------
    SentenceError
        When it cannot be read or holds more than one comparison.

    Examples
    --------
    >>> str(parse_rule("pfs.median lower limit >= 6 months"))
    'lower limit of pfs.median >= 6 months'
    """
    expression = parse_expression(text)
    if isinstance(expression, RuleName):
        raise SentenceError(
            f"{expression.name!r} is compared with nothing",
            expression.position,
            "a comparison such as orr >= 60%, or declared followed by a fact",
        )
    if isinstance(expression, Group):
        raise SentenceError(
            "a rule makes one comparison", 1, "one rule for each, combined under met_when or grades"
        )
    return expression


def parse_expression(text: str) -> Expression:
    """Read conditions and rule names joined by ``and``, ``or``, ``not`` and brackets.

    Raises
    ------
    SentenceError
        When it cannot be read.
    """
    parser = _Parser(text)
    expression = parser.expression()
    parser.finish()
    return expression


def parse_threshold(text: str, like: Threshold, kind: Kind) -> Threshold:
    """Read a threshold alone, such as ``5 months``; without a unit it has that of ``like``.

    Raises
    ------
    SentenceError
        When it cannot be read.
    """
    parser = _Parser(text)
    threshold = parser.threshold(kind, like.unit)
    parser.finish()
    if threshold.amount is None:
        raise SentenceError("a number has to be given", 1, f"a number such as {like}")
    if threshold.patients is None:
        threshold = replace(threshold, patients=like.patients, or_more=like.or_more)
    return threshold


class _Parser:
    """Recursive descent over the tokens of one sentence."""

    def __init__(self, text: str) -> None:
        self._depth = 0
        self._end = len(text) + 1
        self._tokens = tokens_of(text)
        self._next = 0

    # -- tokens

    def _peek(self, ahead: int = 0) -> Token:
        index = self._next + ahead
        return self._tokens[index] if index < len(self._tokens) else Token("end", "", self._end)

    def _take(self) -> Token:
        token = self._peek()
        self._next += 1
        return token

    def _accept(self, *words: str) -> bool:
        """Take the words where they stand next, all of them or none."""
        if all(self._peek(i).text.lower() == word for i, word in enumerate(words)):
            self._next += len(words)
            return True
        return False

    def _fail(self, message: str, expected: str | None = None) -> SentenceError:
        return SentenceError(message, self._peek().position, expected)

    def finish(self) -> None:
        """Make sure that nothing is left."""
        token = self._peek()
        if token.kind == "sign":
            raise self._fail("a rule makes one comparison", "two rules for a range")
        if token.kind != "end":
            raise self._fail(f"{token.text!r} is one word too many")

    # -- expressions

    def expression(self) -> Expression:
        """Sides joined by one kind of word."""
        parts = [self._side()]
        joint = ""
        while self._peek().text in ("and", "or"):
            word = self._peek().text
            if joint and word != joint:
                raise self._fail("and and or stand side by side", "brackets, as in a and (b or c)")
            joint = self._take().text
            parts.append(self._side())
        if not joint:
            return parts[0]
        return Group("all" if joint == "and" else "any", tuple(parts))

    def _side(self) -> Expression:
        self._depth += 1
        if self._depth > MAX_BRACKETS:
            raise self._fail("too many brackets inside each other")
        side = self._unnested_side()
        self._depth -= 1
        return side

    def _unnested_side(self) -> Expression:
        for kind in ("not", "shown"):
            if self._accept(kind):
                return Group(kind, (self._side(),))
        if self._accept("("):
            inside = self.expression()
            if not self._accept(")"):
                raise self._fail("a bracket is opened and not closed", ")")
            return inside
        if self._accept("declared"):
            return self._declared()
        if self._accept("known"):
            return Known(self._quantity())
        if self._peek().kind == "number":
            raise self._fail(
                "a sentence begins with what is measured", "what is measured, then the number"
            )
        alone = self._peek(1).kind == "end" or self._peek(1).text in ("and", "or", ")")
        if self._peek().kind == "word" and alone:
            token = self._take()
            return RuleName(token.text, token.position)
        return self._comparison()

    def _declared(self) -> Declared:
        token = self._take()
        if token.kind != "word":
            self._next -= 1
            raise self._fail("the fact is not named", "declared followed by the name of a fact")
        if self._peek().kind != "sign":
            return Declared(token.text)
        return Declared(token.text, self._sign(), self.threshold(None, ""))

    def _comparison(self) -> Comparison:
        statistic = self._limit(after="of")
        quantity = self._quantity()
        suffix = self._limit(after="")
        if suffix and statistic:
            raise self._fail("the limit is named twice")
        statistic = statistic or suffix or "estimate"
        if statistic != "estimate" and not quantity.has_limits:
            raise self._fail(f"{quantity.name} has no confidence limits")
        sign = self._sign()
        return Comparison(quantity, statistic, sign, self.threshold(quantity.kind, ""))

    def _limit(self, after: str) -> str:
        for limit in ("lower", "upper"):
            words = (limit, "limit", after) if after else (limit, "limit")
            if self._accept(*words):
                return f"{limit} limit"
        return ""

    def _sign(self) -> str:
        token = self._take()
        if token.text in SIGNS:
            return token.text
        self._next -= 1
        raise self._fail("a comparison is missing", "one of >= > <= <")

    # -- quantities

    def _quantity(self) -> Quantity:
        if self._accept("relative", "gain", "in"):
            return q.gain_in(self._quantity(), relative=True)
        if self._accept("gain", "in"):
            return q.gain_in(self._quantity())
        if self._accept("control"):
            quantity = self._quantity()
            if quantity.of is not None or quantity.control:
                raise self._fail("control stands before a plain quantity", "control os.median")
            return quantity.counterpart
        if self._accept("patients", "with"):
            return q.patients(self._share())
        if self._accept("patients", "assessed", "for"):
            return q.patients(self._share(), assessed=True)
        if self._accept("share", "with", "pfs_ratio", "at", "least"):
            return q.share_with_ratio(float(self._number()))
        if self._accept("median"):
            return q.median(self._one_of(tuple(q.TIMES), "median"))
        token = self._peek()
        if token.text in q.TIMES and self._peek(1).text == "at":
            self._next += 2
            return self._landmark(token.text)
        return self._named()

    def _named(self) -> Quantity:
        name = self._one_of(q.names(), "")
        if name in q.SHARES:
            return q.share(name)
        if name in q.COUNTS:
            return q.count(name)
        if name in q.NUMBERS:
            return q.number(name)
        subject, _, measure = name.rpartition(".")
        return q.median(subject) if measure == "median" else q.ratio(subject, measure)

    def _landmark(self, subject: str) -> Quantity:
        amount = self._number()
        unit = self._duration_unit()
        days = amount * DAYS[unit]
        shown = unit[:-1] if amount == 1 else unit
        return q.landmark(subject, float(days), f"{number_text(amount)} {shown}")

    def _share(self) -> str:
        return self._one_of(tuple(q.SHARES), "share")

    def _one_of(self, known: tuple[str, ...], what: str) -> str:
        token = self._peek()
        if token.text in known:
            return self._take().text
        meant = nearest(token.text, known) if token.kind == "word" else None
        hint = f"{meant} (did you mean {meant}?)" if meant else f"one of {', '.join(known)}"
        if token.kind == "end":
            raise self._fail("the sentence ends before it names what is measured", hint)
        kind = f"{what} " if what else ""
        raise self._fail(f"{token.text!r} is no {kind}quantity that is known", hint)

    # -- numbers

    def _number(self) -> Fraction:
        if self._peek().kind != "number":
            raise self._fail("a number is missing", "a number such as 0.65")
        return Fraction(self._take().text)

    def _duration_unit(self) -> str:
        word = self._peek().text.lower()
        unit = word if word.endswith("s") else word + "s"
        if unit not in DAYS:
            raise self._fail("the unit is missing", "days, weeks, months or years")
        self._take()
        return unit

    def threshold(self, kind: Kind | None, default_unit: str) -> Threshold:
        """A number with a unit that suits the quantity; for a declared amount any unit."""
        known = not self._accept("unknown")
        amount = self._number() if known else None
        written = self._peek(-1).text if known else ""
        if amount is not None and self._accept("million"):
            amount *= 1_000_000
            written += " million"
        before = self._next
        unit = self._unit()
        if kind is not None:
            allowed = q.UNITS[kind]
            if not unit and (default_unit in allowed or not known):
                unit = default_unit or allowed[0]
            if unit not in allowed:
                self._next = before
                raise self._fail(
                    f"the unit {unit!r} does not suit" if unit else "the unit is missing",
                    " or ".join(each or "no unit" for each in allowed),
                )
        patients, or_more = None, False
        if kind is Kind.COUNT and self._accept("of"):
            or_more = self._accept("at", "least")
            patients = int(self._number())
        return Threshold(amount, unit, patients, or_more, written)

    def _unit(self) -> str:
        if self._accept("%") or self._accept("percentage", "points"):
            return "%"
        word = self._peek().text.lower()
        if word in ("euro", "euros"):
            self._take()
            return "euro"
        if word and (word if word.endswith("s") else word + "s") in DAYS:
            return self._duration_unit()
        return ""
