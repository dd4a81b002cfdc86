"""Which group a line names: "for steering", its channel, or what comes near to a name. Lines are read in `line`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from bot.domain.typed import (
    CHANNEL,
    CHOOSE_ONE,
    KINDS_OF_GROUPS,
    POLITE,
    Doubt,
    Known,
    Problem,
    named_part,
    plain,
    starts_day,
)

_SHORTEST_BEGINNING = 3
_GROUP_WORDS = 5
_LIKE = 0.75
_FOR = re.compile(r"(?:^|\s)for\s+(?:the\s+)?", re.IGNORECASE)
# What leads to a group that is named by a part of its name. "With" may lead to anybody, so there the whole is needed.
_LEADS = re.compile(r"(?:^|\s)(?P<lead>for|(?:to be )?decided by|with|w/|in|@)\s*(?:the\s+)?(?=\S)", re.IGNORECASE)
_VAGUE = frozenset({"with", "w/", "in"})
_AND = re.compile(r" and | or | ?& ?| ?/ ?| ?\+ ?|, ?")
_ANY_GROUP = frozenset({"working", "group", "committee", "table", "team", "wg"})
_BEHIND_GROUPS = frozenset(
    {"by", "in", "due", "before", "on", "at", "with", "needed", "every", "-", "–", "—", "/", "asap", "soon", "now"}
)
_BRACKETS = re.compile(r"[(\[](?P<group>[^()\[\]]+)[)\]]")


def match_group(typed: str, groups: Sequence[Known], names: Mapping[str, str]) -> list[Known]:
    """Groups whose id, name or other name is what was typed, else those of which one begins with it."""
    wanted = plain(typed).removeprefix("the ").removeprefix("#")
    if not wanted:
        return []
    called = _called(groups, names)
    exact = [one for one in groups if wanted in called[one.id]]
    if exact or len(wanted) < _SHORTEST_BEGINNING:
        return exact
    return [one for one in groups if any(name.startswith(wanted) for name in called[one.id])]


def _called(groups: Sequence[Known], names: Mapping[str, str]) -> dict[str, set[str]]:
    return {one.id: {plain(one.id), plain(one.name), plain(names.get(one.id, one.id))} for one in groups}


def take_group(text: str, groups: Sequence[Known], names: Mapping[str, str]) -> tuple[str, str | None]:
    """The text without its last "for GROUP" or its group's channel, and the group's id."""
    for found in reversed(list(_FOR.finditer(text))):
        words = text[found.end() :].split()
        for count in range(min(_GROUP_WORDS, len(words)), 0, -1):
            phrase = _bare(" ".join(words[:count]))
            is_whole = _ends(words, count)
            matching = match_group(phrase, groups, names)
            is_named = any(plain(phrase) in {plain(one.id), plain(one.name)} for one in matching)
            is_several = count < len(words) and words[count].casefold() in {"and", "or", "&"}
            if is_named and not is_whole and _goes_on(words, count, groups, names):
                continue
            if len(matching) == 1 and (is_named or is_whole) and not is_several:
                rest = [text[: found.start()].strip(), *words[count:]]
                return " ".join(part for part in rest if part), matching[0].id
    words = text.split()
    for place, word in enumerate(words):
        channel = CHANNEL.fullmatch(word)
        named = (channel["name"] or channel["typed"]) if channel is not None else None
        group = next((one.id for one in groups if named is not None and names.get(one.id) == named), None)
        if group is not None:
            return " ".join([*words[:place], *words[place + 1 :]]), group
    return text, None


def _goes_on(words: Sequence[str], count: int, groups: Sequence[Known], names: Mapping[str, str]) -> bool:
    """Whether a name with the next word reads much like a longer one: "steering comittee" is no "steering"."""
    longer = plain(" ".join(words[: count + 1]).rstrip(".,;"))
    known = [name for called in _called(groups, names).values() for name in called]
    return bool(difflib.get_close_matches(longer, known, n=1, cutoff=_LIKE))


def take_near_group(
    text: str,
    groups: Sequence[Known],
    names: Mapping[str, str],
    problems: list[Problem],
    doubts: list[Doubt],
    *,
    is_meeting: bool = False,
) -> tuple[str, str | None]:
    """ "for steerng", "for access", "@steering", and what several groups are called: only where the clause ends.

    A meeting has no priority, so there "in the access group" is a group as well.
    """
    called = {name: one for one in groups for name in _called([one], names)[one.id]}
    called |= {name.split()[0]: one for name, one in reversed(called.items()) if len(name.split()[0]) > 5}
    for found in reversed(list(_LEADS.finditer(text))):
        lead = found["lead"].casefold()
        if lead == "in" and not is_meeting:
            continue
        words = text[found.end() :].split()
        for count in range(min(_GROUP_WORDS, len(words)), 0, -1):
            phrase = _bare(" ".join(words[:count]))
            # What follows a group's name, such as "by Dec 9", is none of it.
            if not _ends(words, count) or any(_ends(words, one) for one in range(1, count)):
                continue
            rest = " ".join(part for part in (text[: found.start()].strip(), *words[count:]) if part)
            if listed := _several_groups(phrase, groups, names):
                problems.append(Problem("decider", f"“{phrase}” names several: {listed}. {CHOOSE_ONE}"))
                return rest, None
            several = match_group(phrase, groups, names) or _holding(phrase, groups, names)
            if lead in _VAGUE and not (is_meeting or plain(phrase).endswith(KINDS_OF_GROUPS)):
                continue
            if len(several) > 1:
                listed = " or ".join(one.name for one in several[:3])
                problems.append(Problem("decider", f"“{phrase}” could be {listed}. {CHOOSE_ONE}"))
                return text, None
            near = [] if lead in _VAGUE else _like(plain(phrase), list(called))
            if several or near:
                group = several[0] if several else called[near[0]]
                doubts.append(Doubt("decider", f"I read “{phrase}” as the {group.name}."))
                return rest, group.id
    for found in _BRACKETS.finditer(text):
        several = match_group(found["group"], groups, names) or _holding(found["group"], groups, names)
        if len(several) == 1:
            doubts.append(Doubt("decider", f"I read “{found['group']}” as the {several[0].name}."))
            return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split()), several[0].id
    return text, None


def _like(phrase: str, names: Sequence[str]) -> list[str]:
    """The name that reads much like these words, each of them like one of its own: "steering tonight" is no group."""
    near = difflib.get_close_matches(phrase, names, n=1, cutoff=_LIKE)
    words = [*near[0].split(), *POLITE] if near else []
    return near if all(difflib.get_close_matches(word, words, n=1, cutoff=_LIKE) for word in phrase.split()) else []


def _holding(phrase: str, groups: Sequence[Known], names: Mapping[str, str]) -> list[Known]:
    """Groups with these whole words in a name: "access" in the Family Access Working Group."""
    wanted = named_part(phrase)
    if len(wanted) <= _SHORTEST_BEGINNING or wanted in _ANY_GROUP:
        return []
    return [one for one in groups if any(f" {wanted} " in f" {name} " for name in _called([one], names)[one.id])]


def _several_groups(phrase: str, groups: Sequence[Known], names: Mapping[str, str]) -> str:
    """The groups of "steering and funders"; "" where the words are one name or name none."""
    parts = [part for part in _AND.split(phrase) if part]
    if len(parts) < 2 or match_group(phrase, groups, names):
        return ""
    found = [match_group(part, groups, names) or _holding(part, groups, names) for part in parts]
    several = dict.fromkeys(one.name for matching in found for one in matching[:1])
    return " · ".join(several) if len(several) > 1 and all(len(matching) == 1 for matching in found) else ""


def _ends(words: Sequence[str], count: int) -> bool:
    if count == len(words) or words[count - 1].endswith((",", ";", ":")) or starts_day(words[count]):
        return True
    return words[count].casefold() in _BEHIND_GROUPS


def _bare(phrase: str) -> str:
    """A group's name as it was typed; of a channel that Slack has turned into a link, its name."""
    channel = CHANNEL.fullmatch(phrase)
    return (channel["name"] or channel["typed"]) if channel is not None else phrase.rstrip(".,;:")
