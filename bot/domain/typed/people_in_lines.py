"""Who a line is for: a mention, "@name", or a name written out. What looks like a person and isn't certain is said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.domain.typed.typed_lines import AROUND, MENTION, Known, Problem, TypedLine, match_known, plain

CHOOSE_SOMEBODY = "Choose somebody from the list."
CHOOSE_ONE = "Choose one from the list."
_NAME_WORDS = 4
_FIELD = "owner"
# Before a name these say that it belongs to what is to be done: "Write to Marcus Teal".
_LEADING_ON = frozenset(
    {"to", "with", "from", "of", "and", "or", "by", "at", "about", "on", "call", "ask", "the", "email", "tell", "meet",
     "thank", "remind", "see", "a", "an", "our", "w/", "cc", "via", "through", "re", "regarding", "per", "without"}
)  # fmt: skip
_MARKS = (("assign", "to"), ("assigned", "to"), ("owner",), ("owned", "by"))
_GROUPS = ("<!here", "<!channel", "<!everyone", "<!subteam")


def take_owner(
    line: TypedLine,
    members: Sequence[Known],
    accounts: Mapping[str, str],
    me: str | None,
) -> str | None:
    """The member's id, their words taken; None where nobody is named for certain."""
    unknown: list[Problem] = []
    for start in range(len(line.words) - 1, -1, -1):
        # Who gets a copy doesn't carry it.
        if not line.is_free(start, start + 1) or line.before(start) in {"cc", "fyi"}:
            continue
        found = _mentioned(line, start, members, accounts, me, unknown)
        if found is not None:
            return found
    if unknown:
        line.problems.append(unknown[0])
        return None
    return _marked(line, members, me) or _written_out(line, members, me)


def _mentioned(
    line: TypedLine,
    start: int,
    members: Sequence[Known],
    accounts: Mapping[str, str],
    me: str | None,
    unknown: list[Problem],
) -> str | None:
    word = line.words[start]
    mention = MENTION.fullmatch(word)
    if mention is not None:
        member = accounts.get(mention["user"])
        if member is None:
            unknown.append(Problem(_FIELD, f"I don't know that person yet. {CHOOSE_SOMEBODY}"))
            return None
        line.take(start, start + 1)
        return member
    if word.startswith(_GROUPS):
        unknown.append(Problem(_FIELD, f"One person carries an action. {CHOOSE_SOMEBODY}"))
        return None
    if not word.startswith("@"):
        return None
    if word == "@" and start + 1 < len(line.words) and line.is_free(start + 1, start + 2):
        return _named(line, start, start + 1, members, me, unknown)
    return _named(line, start, start, members, me, unknown) if len(word) > 1 else None


def _named(
    line: TypedLine, start: int, first: int, members: Sequence[Known], me: str | None, unknown: list[Problem]
) -> str | None:
    """The member of "@marcus" or "@Marcus Teal": the longest name that fits. `first` is where the name begins."""
    for end in range(min(first + _NAME_WORDS, len(line.words)), first, -1):
        if not line.is_free(start, end):
            continue
        typed = line.phrase(first, end).removeprefix("@").removesuffix("'s").removesuffix("’s")
        is_one_word = end == first + 1
        found = [one for one in members if plain(typed) in {plain(one.id), plain(one.name)}]
        if not found and is_one_word:
            found = _of_one_word(typed, members, me)
        if len(found) == 1:
            line.take(start, end)
            return found[0].id
        if is_one_word:
            unknown.append(Problem(_FIELD, _which(f"@{typed}", found)))
    return None


def _of_one_word(typed: str, members: Sequence[Known], me: str | None) -> list[Known]:
    if typed.casefold() in {"me", "myself", "self"} and me is not None:
        return [one for one in members if one.id == me]
    return match_known(typed.replace(".", " ").replace("_", " "), tuple(members))


def _which(typed: str, found: Sequence[Known]) -> str:
    if not found:
        return f"I don't know “{typed}”. {CHOOSE_SOMEBODY}"
    names = " or ".join(one.name for one in found[:3])
    return f"“{typed}” could be {names}. {CHOOSE_ONE}"


def _marked(line: TypedLine, members: Sequence[Known], me: str | None) -> str | None:
    """ "assigned to Marcus", "owner: Marcus Teal"."""
    for start in range(len(line.words)):
        words = tuple(word.casefold().rstrip(":") for word in line.words[start : start + 2])
        mark = next((len(one) for one in _MARKS if words[: len(one)] == one), None)
        if mark is None or not line.is_free(start, start + mark):
            continue
        for end in range(min(start + mark + _NAME_WORDS, len(line.words)), start + mark, -1):
            if line.is_free(start, end):
                found = _called(line.phrase(start + mark, end), members, me)
                if len(found) == 1:
                    line.take(start, end)
                    return found[0].id
    return None


def _called(typed: str, members: Sequence[Known], me: str | None = None) -> list[Known]:
    """Members of this whole name, or of this first or last name."""
    wanted = plain(typed)
    if wanted in {"me", "myself"} and me is not None:
        return [one for one in members if one.id == me]
    whole = [one for one in members if wanted == plain(one.name)]
    return whole or [one for one in members if wanted in plain(one.name).split() and len(wanted) > 1]


def member_called(typed: str, members: Sequence[Known]) -> Known | None:
    """The one member of this whole name, or of this first or last name."""
    found = _called(typed, members)
    return found[0] if len(found) == 1 else None


def _written_out(line: TypedLine, members: Sequence[Known], me: str | None) -> str | None:
    """A name without "@": where the title ends or begins with it, if enough is left to be a title."""
    found = _in_brackets(line, members) or _at_the_end(line, members, me)
    return found or _at_the_beginning(line, members, me)


def _at_the_end(line: TypedLine, members: Sequence[Known], me: str | None) -> str | None:
    free = [place for place in range(len(line.words)) if line.is_free(place, place + 1)]
    for count in range(_NAME_WORDS, 0, -1):
        places = free[-count:]
        if len(places) < count or places[-1] - places[0] != count - 1 or not line.ends_at(places[-1] + 1):
            continue
        typed = line.phrase(places[0], places[-1] + 1).strip(" -–—/|>")
        before = [line.words[place].casefold() for place in free[:-count]]
        is_for = bool(before) and before[-1] == "for" and free[-count - 1] == places[0] - 1
        if is_for and plain(typed) in {"me", "myself"} and me is not None and len(before) > 2:
            line.take(places[0] - 1, places[-1] + 1)
            return me
        found = _called(typed, members) if count > 1 or typed[:1].isupper() else []
        if not found:
            continue
        if not before or before[-1].rstrip(AROUND) in _LEADING_ON or len(before) - is_for < 2:
            return None
        if len(found) > 1:
            line.refuse(_FIELD, _which(typed, found))
            return None
        if plain(typed) != plain(found[0].name):
            line.doubt(_FIELD, f"I read “{typed}” as {found[0].name}.")
        line.take(places[0] - is_for, places[-1] + 1)
        return found[0].id
    return None


def _in_brackets(line: TypedLine, members: Sequence[Known]) -> str | None:
    """ "call four buyers (Grant)" and "… [Grant, Dec 1]"."""
    for start, word in enumerate(line.words):
        if word not in {"(", "["}:
            continue
        for end in range(min(start + 1 + _NAME_WORDS, len(line.words)), start + 1, -1):
            if not line.is_free(start, end) or not (line.ends_at(end) or line.words[end - 1].endswith(",")):
                continue
            found = _called(line.phrase(start + 1, end), members)
            if len(found) == 1:
                line.doubt(_FIELD, f"I read “{line.phrase(start + 1, end)}” as {found[0].name}.")
                line.take(start + 1, end)
                return found[0].id
    return None


def _at_the_beginning(line: TypedLine, members: Sequence[Known], me: str | None) -> str | None:
    """ "Marcus to call the college", "Marcus Teal: call the college" and "I'll call the college"."""
    first = 1 if line.words[:1] in (["I'll"], ["I’ll"]) else 2 if line.words[:2] == ["I", "will"] else 0
    if first and me is not None and line.is_free(0, first + 1) and len(line.words) > first + 1:
        line.take(0, first)
        return me
    for count in range(_NAME_WORDS, 0, -1):
        if len(line.words) < count + 3 or not line.is_free(0, count + 1):
            continue
        has_colon = line.words[count - 1].endswith(":")
        follows = line.words[count].casefold()
        if not has_colon and follows not in {"to", "will", "-", "–"}:
            continue
        typed = line.phrase(0, count)
        found = _called(typed, members)
        if len(found) == 1 and typed[:1].isupper():
            line.take(0, count if has_colon else count + 1)
            line.doubt(_FIELD, f"I read “{typed}” as {found[0].name}, who carries it.")
            return found[0].id
    return None


def name_mentions(text: str, members: Sequence[Known], accounts: Mapping[str, str]) -> str:
    """The text with members' names for their mentions, where a line says something about people and asks nobody."""
    names = {one.id: one.name for one in members}

    def name(found: re.Match[str]) -> str:
        return names.get(accounts.get(found["user"], ""), found[0])

    return re.sub(r"<@(?P<user>[A-Z0-9]+)(?:\|[^>]*)?>", name, text)
