"""Where a line belongs: "in PRIORITY", its channel, or a name that comes near. What isn't certain is said."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from bot.domain.typed.typed_lines import CHANNEL, Known, TypedLine, plain

WHOLE_COALITION = ("the whole coalition", "whole coalition", "the coalition", "the entire coalition", "coalition")
_EVERYWHERE = re.compile(
    r"coalition ?wide|across (?:the )?(?:whole )?coalition|(?:whole|entire) coalition|"
    r"(?:(?:in|across|for|under) )?all (?:priorities|areas|workstreams)"
)
_SHORTEST_BEGINNING = 3
_LIKE = 0.75
_FIELD = "priority"
_LEADING = frozenset({"in", "under", "into", "priority:", "area:", "workstream:"})
# "in the talent group" is where that group works.
KINDS_OF_GROUPS = (" priority", " working group", " group", " grp", " team", " wg", " workstream")
_JOINING = frozenset({"&", "+", "/", "and", "or"})
_PARTS = re.compile(r" and | or | ?& ?| ?/ ?| ?\+ ?|, ?")


def take_place(
    line: TypedLine,
    priorities: Sequence[Known],
    channels: Mapping[str, str],
) -> str | None:
    """The priority's id, "" for the whole coalition, None where none is named. `channels`: priority by channel."""
    found = _exactly(line, priorities)
    if found is None:
        found = _by_channel(line, channels)
    for look in (_everywhere, _nearly, _set_apart, _in_title):
        if found is None and not line.is_unclear(_FIELD):
            found = look(line, priorities)
    return found


def place_named(phrase: str, priorities: Sequence[Known]) -> Known | None:
    """The one priority whose name, or a whole word or the beginning of it, these words are."""
    wanted = named_part(phrase)
    exact = [one for one in priorities if wanted in {plain(one.id), plain(one.name)}]
    if exact or len(wanted) <= _SHORTEST_BEGINNING:
        return exact[0] if exact else None
    found = _beginning(wanted, priorities) or _holding(wanted, priorities)
    return found[0] if len(found) == 1 else None


def named_part(phrase: str) -> str:
    """A name without the article before it and what it is behind it: "the talent group" names "talent"."""
    wanted = plain(phrase)
    return next((wanted.removesuffix(kind) for kind in KINDS_OF_GROUPS if wanted.endswith(kind)), wanted).removeprefix(
        "the "
    )


def _exactly(line: TypedLine, priorities: Sequence[Known]) -> str | None:
    for start in range(len(line.words) - 2, -1, -1):
        if line.words[start].casefold() not in _LEADING or not line.is_free(start, start + 1):
            continue
        longest = max((len(plain(one.name).split()) for one in priorities), default=0)
        for end in range(min(start + 1 + max(longest, 3), len(line.words)), start + 1, -1):
            if not line.is_free(start, end) or _goes_on(line, end, priorities):
                continue
            ends = line.ends_at(end) or line.words[end - 1].endswith((",", ";"))
            found = _priority(line.phrase(start + 1, end), priorities, is_whole_clause=ends)
            if found is not None:
                line.take(start, end)
                return found
    return None


def _goes_on(line: TypedLine, end: int, priorities: Sequence[Known]) -> bool:
    """Whether another place is joined to one: "in talent & job quality" names no one place."""
    is_joined = line.phrase(end, end + 1).casefold() in _JOINING
    return is_joined and any(place_named(line.phrase(end + 1, end + size), priorities) for size in (2, 3))


def _priority(phrase: str, priorities: Sequence[Known], *, is_whole_clause: bool) -> str | None:
    if plain(phrase) in WHOLE_COALITION:
        return ""
    wanted = named_part(phrase)
    for one in priorities:
        if wanted in {plain(one.id), plain(one.name)}:
            return one.id
    # "in child care centers" is no priority's beginning: only a clause of its own may be cut short.
    if not is_whole_clause or len(wanted) < _SHORTEST_BEGINNING:
        return None
    begins = _beginning(wanted, priorities)
    return begins[0].id if len(begins) == 1 else None


def _beginning(wanted: str, priorities: Sequence[Known]) -> list[Known]:
    return [one for one in priorities if plain(one.id).startswith(wanted) or plain(one.name).startswith(wanted)]


def _holding(wanted: str, priorities: Sequence[Known]) -> list[Known]:
    """Those with these whole words anywhere in their id or name: "access" in "Child care and commute access"."""
    return [one for one in priorities if any(f" {wanted} " in f" {plain(name)} " for name in (one.id, one.name))]


def _by_channel(line: TypedLine, channels: Mapping[str, str]) -> str | None:
    for start in range(len(line.words) - 1, -1, -1):
        found = CHANNEL.fullmatch(line.words[start])
        if found is None or not line.is_free(start, start + 1):
            continue
        name = found["name"] or found["typed"]
        if found["typed"] and name.isdecimal():
            continue  # "#2" is a number
        if name not in channels:
            line.refuse(_FIELD, f"#{name} is no priority's channel. Choose the priority from the list.")
            return None
        line.take(start - (line.before(start) in {"in", "for"}), start + 1)
        return channels[name]
    return None


def _nearly(line: TypedLine, priorities: Sequence[Known]) -> str | None:
    """ "in suplier", and "in job" where two priorities begin with it: only at the end of a clause."""
    names: dict[str, Known] = {}
    for one in priorities:
        words = plain(one.name).split()
        for name in (plain(one.id), plain(one.name), *(" ".join(words[:count]) for count in (1, 2))):
            if len(name) > _SHORTEST_BEGINNING:
                names.setdefault(name, one)
    for start in range(len(line.words) - 2, -1, -1):
        if line.words[start].casefold() not in _LEADING or not line.is_free(start, start + 1):
            continue
        for end in range(min(start + 6, len(line.words)), start + 1, -1):
            if not line.is_free(start, end) or not line.ends_at(end) or _goes_on(line, end, priorities):
                continue
            wanted, typed = named_part(line.phrase(start + 1, end)), line.phrase(start + 1, end)
            if (both := _several_named(typed, priorities)) is not None:
                line.refuse(_FIELD, f"“{typed}” names several: {both}. Choose one from the list.")
                line.take(start, end)
                return None
            several = _beginning(wanted, priorities) if len(wanted) >= _SHORTEST_BEGINNING else []
            several = several or (_holding(wanted, priorities) if len(wanted) > _SHORTEST_BEGINNING else [])
            if len(several) > 1:
                listed = " or ".join(one.name for one in several[:3])
                line.refuse(_FIELD, f"“{typed}” could be {listed}. Choose one from the list.")
                line.take(start, end)
                return None
            near = difflib.get_close_matches(wanted, list(names), n=1, cutoff=_LIKE)
            if several or near:
                found = several[0] if several else names[near[0]]
                line.doubt(_FIELD, f"I read “{typed}” as {found.name}.")
                line.take(start, end)
                return found.id
    return None


def _everywhere(line: TypedLine, _priorities: Sequence[Known]) -> str | None:
    """ "coalition wide" and "in all priorities", where a clause ends: the whole coalition."""
    for end in range(len(line.words), 0, -1):
        ends = line.ends_at(end) or line.words[end - 1].endswith((":", ","))
        for start in range(max(0, end - 4), end) if ends else (0,):
            typed = line.phrase(start, end)
            if line.is_free(start, end) and _EVERYWHERE.fullmatch(plain(typed)):
                line.doubt(_FIELD, f"I read “{typed}” as the whole coalition.")
                line.take(start, end)
                return ""
    return None


def _several_named(typed: str, priorities: Sequence[Known]) -> str | None:
    """ "access and talent", which no one place is; None where the words are a name or one place."""
    parts = [part for part in _PARTS.split(typed) if part]
    if len(parts) < 2 or place_named(typed, priorities) is not None:
        return None
    found = [place_named(part, priorities) for part in parts]
    names = [one.name for one in found if one is not None]
    return " · ".join(dict.fromkeys(names)) if len({*names}) > 1 and len(names) == len(parts) else None


def _set_apart(line: TypedLine, priorities: Sequence[Known]) -> str | None:
    """A place that stands by itself: "talent: post the ad", "[talent]", "…, talent, …" or "… / talent"."""
    for start in range(len(line.words)):
        for end in range(min(start + 5, len(line.words)), start, -1):
            if not line.is_free(start, end) or not (_is_label(line, start, end) or _is_apart(line, start, end)):
                continue
            found = place_named(line.phrase(start, end), priorities)
            if found is not None:
                line.doubt(_FIELD, f"I read “{line.phrase(start, end)}” as {found.name}.")
                line.take(start, end)
                return found.id
    return None


def _is_label(line: TypedLine, start: int, end: int) -> bool:
    return start == 0 and line.words[end - 1].endswith(":") and end < len(line.words)


def _is_apart(line: TypedLine, start: int, end: int) -> bool:
    """Whether a comma, a bracket, a dash or the like stands on both sides, or the line ends."""
    before = line.words[start - 1] if start else ""
    begins = before.endswith((",", ";")) or (before != "" and not any(letter.isalnum() for letter in before))
    return begins and (line.words[end - 1].endswith((",", ";")) or line.ends_at(end))


def _in_title(line: TypedLine, priorities: Sequence[Known]) -> str | None:
    """A priority's whole name inside the title."""
    title = f" {plain(line.title())} "
    for one in priorities:
        if any(len(name.split()) > 1 and f" {name} " in title for name in (plain(one.id), plain(one.name))):
            line.doubt(_FIELD, f"{one.name} is named in the title, so it goes there.")
            return one.id
    return None
