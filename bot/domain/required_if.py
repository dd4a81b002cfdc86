"""The `required_if` of a question: when an answer to it is demanded, given the answers so far.

It knows `==`, `!=`, `or` and a bare question id, which means that the question is answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_TOKEN = re.compile(
    r"\s*(?:(?P<operator>==|!=)|(?P<quoted>\"[^\"]*\"|'[^']*'|“[^”]*”)|(?P<word>[^\s\"'“”=!<>()&|]+)|(?P<junk>.))"
)
_QUESTION_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_KNOWS = "It knows “==”, “!=”, “or” and a question's id alone."
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Term:
    """One part between two `or`: `operator` is "==", "!=" or None, which asks only whether it was answered."""

    question: str
    operator: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Expression:
    """True where any of its terms is."""

    terms: tuple[Term, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """The question ids it refers to, each once, in order."""
        return tuple(dict.fromkeys(term.question for term in self.terms))


@lru_cache(maxsize=512)
def parse(text: str) -> Expression:
    """Read an expression such as `status == blocked or new_due`. Raises ValueError with a sentence."""
    if len(text) > LONGEST:
        raise ValueError(f"The condition is longer than {LONGEST} characters.")
    tokens = _split(text)
    if not tokens:
        raise ValueError(f"The condition is empty. {_KNOWS}")
    terms: list[Term] = []
    part: list[tuple[str, str]] = []
    for kind, value in [*tokens, ("word", "or")]:
        if kind == "word" and value == "or":
            terms.append(_term(part, text))
            part = []
        else:
            part.append((kind, value))
    return Expression(tuple(terms))


def evaluate(expression: str | Expression, answers: Mapping[str, object]) -> bool:
    """Whether the condition holds for the answers, keyed by question id. Raises ValueError as `parse` does.

    An answer that is missing, None, blank or an empty list counts as not answered, so `x != y` holds for it.
    """
    parsed = parse(expression) if isinstance(expression, str) else expression
    return any(_holds(term, answers.get(term.question)) for term in parsed.terms)


def is_answered(answer: object) -> bool:
    """Whether something was said: not None, not blank and not an empty list."""
    if answer is None:
        return False
    if isinstance(answer, str):
        return bool(answer.strip())
    if isinstance(answer, list | tuple | set | frozenset | dict):
        return bool(answer)
    return True


def _split(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(text.strip()):
        kind = match.lastgroup or "junk"
        value = match.group(kind)
        if kind == "junk":
            raise ValueError(f"The condition holds “{value}”, which it does not know. {_KNOWS}")
        tokens.append((kind, value[1:-1] if kind == "quoted" else value))
    return tokens


def _term(part: list[tuple[str, str]], text: str) -> Term:
    shape = [kind for kind, _ in part]
    if not part:
        raise ValueError(f"The condition “{text.strip()}” has an “or” with nothing on one side.")
    question = part[0][1]
    if shape[0] != "word" or not _QUESTION_ID.fullmatch(question):
        raise ValueError(f"Each part of the condition begins with a question's id, and “{question}” is none.")
    if shape == ["word"]:
        return Term(question)
    if len(part) == 3 and shape[1] == "operator" and shape[2] in ("word", "quoted"):
        return Term(question, part[1][1], part[2][1])
    if len(part) == 2 and shape[1] == "operator":
        raise ValueError(f"The condition has nothing to compare “{question}” with after “{part[1][1]}”.")
    after = " ".join(value for _, value in part[1:])
    raise ValueError(f"The condition cannot be read at “{after}”. {_KNOWS}")


def _holds(term: Term, answer: object) -> bool:
    if term.operator is None:
        return is_answered(answer)
    equal = _equals(answer, term.value or "")
    return equal if term.operator == "==" else not equal


def _equals(answer: object, value: str) -> bool:
    if isinstance(answer, list | tuple | set | frozenset):
        # Where several may be chosen, to equal a value is to have chosen it.
        return any(_equals(one, value) for one in answer)
    if not is_answered(answer):
        return False
    if isinstance(answer, bool):
        return value == ("yes" if answer else "no")
    if isinstance(answer, int | Decimal):
        try:
            return Decimal(answer) == Decimal(value)
        except InvalidOperation:
            return False
    return str(answer).strip() == value
