"""What stands in a title although it looks like a day, a person or a place, and nothing was taken for it.

The last look at a line, the same for every noun: whatever the readers of days, people and places did not understand
is said in one sentence beside what is read back. Words that are ordinary English, such as "grant" or "access", count
only where they play the part: at an edge of a clause, or behind a word that leads to them. No reading here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.domain.typed.days_left import day_left_in
from bot.domain.typed.typed_lines import AROUND, MENTION, Doubt, Known, Problem, TypedLine, plain
from bot.domain.wording import all_of

_LIKE, _MUCH_ALIKE = 0.8, 0.9  # where a word leads to a place, and where none does
_NAME_WORDS = 5
_MOST = 400
_SHORTEST = 4

# Names that are words as well: in small letters, and where a title begins, they have to play the part of a person.
_WORDS_TOO = frozenset(
    {"april", "art", "august", "autumn", "baker", "banks", "bill", "bishop", "black", "bloom", "booker", "brook",
     "brown", "bush", "carol", "carter", "case", "cash", "chance", "chase", "christian", "clay", "cliff", "cook",
     "cooper", "crystal", "daisy", "dale", "dawn", "day", "dean", "drew", "earl", "english", "faith", "fields",
     "fisher", "fletcher", "flora", "ford", "forest", "fox", "frank", "gene", "ginger", "glen", "grace", "grant",
     "gray", "green", "guy", "hall", "harmony", "hill", "holly", "hope", "hunter", "iris", "ivy", "jack", "jade",
     "jean", "joy", "june", "king", "lane", "law", "lee", "lily", "long", "love", "mark", "marsh", "mason",
     "max", "may", "miles", "miller", "mills", "moss", "norm", "olive", "page", "park", "parker", "pat", "pearl",
     "penny", "porter", "price", "ray", "reed", "rice", "rich", "ring", "river", "rob", "robin", "rose", "ruby",
     "rush", "rusty", "sage", "sandy", "shepherd", "short", "skip", "smith", "sterling", "stone", "story", "sue",
     "summer", "taylor", "teal", "tiffany", "turner", "van", "wade", "walker", "ward", "wells", "west", "white",
     "will", "winter", "wood", "woods", "young"}
)  # fmt: skip
_TO_PERSON = frozenset(
    {"cc", "ring", "ask", "tell", "text", "email", "ping", "call", "remind",
     "thank", "owner", "mr", "ms", "mrs", "dr", "@", "^", "->"}
)  # fmt: skip
_OF_PERSON = frozenset(
    {"to", "will", "should", "can", "on", "re", "about", "&", "and", "-", "–", "—", "/", "call", "send", "book",
     "write", "ask", "email", "fix", "get", "draft", "review", "post", "meet", "talk", "check", "finish",
     "prepare", "set", "find", "update", "share", "sign", "order", "plan", "does", "calls", "sends", "takes",
     "2", "abt", "hosting", "hosts", "presenting", "print", "hire", "make", "bring", "build", "clean", "collect",
     "confirm", "needs",
     "create", "design", "do", "file", "follow", "give", "go", "help", "hold", "invite", "join", "keep", "lead", "list",
     "look", "mail", "move", "open", "pick", "pull", "push", "put", "reach", "read", "record", "register", "run",
     "schedule", "sell", "start", "stop", "submit", "survey", "take", "tell", "test", "train", "translate", "visit"}
)  # fmt: skip
_ACTS = frozenset({"to", "2", "will", "can", "should", "needs", "owns", "hosting", "hosts", "presenting"})
_BESIDE = {"cc", "w/", "w", "with", "for", "by"}
# "Marcus has no room" is about him.
_ABOUT_PERSON = frozenset(
    {"has", "had", "was", "left", "quit", "said", "says", "isn't", "doesn't", "can't", "out", "wants", "won't",
     "hasn't", "didn't", "disagrees", "refuses"}
)  # fmt: skip
_GIVES = frozenset({"give", "get", "send", "show", "hand", "bring", "owe"})
_ARTICLES = frozenset({"the", "a", "an", "this", "that", "our", "their", "its", "each", "every", "any", "more", "of"})
_WRITER = re.compile(
    r"(?:^|(?<=[\s,;(–-]))(?:i(?:['’]?ll| will| can|['’]d)(?: \w+){1,2}|for me|on me|mine|"
    r"i['’]?m on (?:it|this)|i(?:['’]?ve)? (?:got|have) (?:it|this)|assign(?:ed)? (?:to )?me|me)"
    r"(?=[.!,;)]*$)|^for me(?= )",
    re.IGNORECASE,
)

_TO_PLACE = frozenset(
    {"in", "for", "re", "w", "w/", "with", "about", "under", "on", "at", "to", "of", "from", "regarding", "across",
     "within", "by", "cc", "@", "&", "and", "+", "or", "into", "area", "priority"}
)  # fmt: skip
_OF_GROUP = frozenset(
    {"to", "2", "should", "decides", "decide", "will", "votes", "leads", "must", "can", "approves", "wants"}
)
# In a meeting's name a group's word before these is likely the group.
_OF_MEETING = frozenset(
    {"meeting", "mtg", "call", "sync", "prep", "check", "check-in", "checkin", "chk", "huddle", "session", "review",
     "debrief", "retreat", "extra", "joint", "standup", "lunch", "monthly", "weekly", "planning", "update", "special"}
)  # fmt: skip
_MEETINGS_GROUP = "group"
_OF_GROUPS = frozenset({_MEETINGS_GROUP, "decider"})
_EVERYBODY = (
    "everybody", "everyone", "all members", "all groups", "all wgs", "all hands", "all partners", "for all", "wgs",
)  # fmt: skip
_KINDS = frozenset(
    {"wg", "group", "grp", "working", "team", "teams", "committee", "cmte", "cttee", "workstream", "table", "priority",
     "folks", "side"}
)  # fmt: skip
_PASSED = frozenset(
    {"by", "for", "at", "on", "with", "w/", "w", "re", "due", "before", "only", "mtg", "mtgs", "meeting", "meetings"}
)
_ASKED = frozenset({"have", "let", "can", "ask", "should", "does", "will"})
_SHORTENED = re.compile(r"(?P<stem>[a-z]{4,})(?:co|com|comm|cmte|cttee)")
_LINKS = frozenset({"and", "&", "+", "or", "/", ","})


@dataclass(frozen=True, slots=True)
class Part:
    """Something that a line of a noun can say. `role` is what it is there ("the day"), `others` why it is nothing there
    ("a group decides"); where it was taken only a second one beside it is left."""

    field: str
    role: str = ""
    others: str = ""
    is_taken: bool = False
    names: tuple[str, ...] = ()  # of the places that it can be


@dataclass(frozen=True, slots=True)
class LeftDoubt(Doubt):
    """What stays in a title; `left` are the words."""

    left: tuple[str, ...] = ()


def say_what_is_left(
    title: str,
    *,
    day: Part | None = None,
    person: Part | None = None,
    places: Sequence[Part | None] = (),
    members: Sequence[Known] = (),
    stands_in: str = "title",
) -> list[LeftDoubt]:
    """One doubt about all that is left in a title; none where nothing is. A part that is None is not looked for."""
    found: list[tuple[str, Part]] = []
    if len(title) > _MOST:
        return []  # No title is as long, so something else is said of it.
    line = TypedLine(title)
    said = day_left_in(title) if day is not None else ""
    # Where a day was taken, one inside is what it is about: "Friday lunch".
    if day is not None and said and (not day.is_taken or (stands_in == "name" and title.endswith(f" {said}"))):
        found.append((said, day))
    if person is not None and (said := _find_person(line, members, person)):
        is_copy = said.casefold().startswith("cc ") and person.role
        found.append((said, Part(person.field, others="whoever gets a copy isn't the owner") if is_copy else person))
    held = " ".join(said for said, _part in found)
    of_places = _find_places(line, [one for one in places if one is not None])
    found += [place for place in of_places if place[0] not in held]
    if not found:
        return []
    field = "+".join(dict.fromkeys(part.field for _said, part in found))
    return [LeftDoubt(field, _word(found, stands_in), tuple(said for said, _part in found))]


def left_part(
    field: str, role: str, taken: object, said: Sequence[Problem], known: Sequence[Known] = (), *also: Mapping[str, str]
) -> Part | None:
    """What a line can say; None where something is said about it already and nothing was taken.

    Of a place `known` are those that there are and `also` other names by id, such as a channel's.
    """
    if taken is None and any(one.field == field for one in said):
        return None
    others = [one for one in known if one.id != taken]
    names = [name for one in others for name in (*one, *(called.get(one.id, one.id) for called in also))]
    if field in _OF_GROUPS and taken is None:
        names += _EVERYBODY
    return Part(field, role, is_taken=taken is not None, names=tuple(dict.fromkeys(map(plain, names))))


def _word(found: Sequence[tuple[str, Part]], stands_in: str) -> str:
    asked = [(said, part) for said, part in found if part.role and not part.is_taken]
    sentences = [
        f"{_quoted([said])} stays in the {stands_in}: {part.others or f'I took another for {part.role}'}."
        for said, part in found
        if part.is_taken or not part.role
    ]
    if asked:
        stays, these = ("stay", "these are") if len(asked) > 1 else ("stays", "that's")
        them = "them" if len(asked) > 1 or asked[0][1].field == "owner" else "it"
        roles = all_of(list(dict.fromkeys(part.role for _said, part in asked)))
        sentences.append(
            f"{_quoted([said for said, _part in asked])} {stays} in the {stands_in}. If {these} {roles}, choose {them}."
        )
    return " ".join(sentences)


def _quoted(said: Sequence[str]) -> str:
    shown = ["A mention" if "<@" in one or "<!" in one else f"“{one}”" for one in said]
    return all_of([shown[0], *(one[0].lower() + one[1:] for one in shown[1:])])


def _find_person(line: TypedLine, members: Sequence[Known], part: Part) -> str:
    if part.is_taken:
        return next((said for start, end, said in _mentions(line, members) if _is_second(line, start, end)), "")
    mentioned = next(_mentions(line, members), None)
    if mentioned is not None:
        return mentioned[2]
    if part.role and (writer := _WRITER.search(line.title())):
        return writer[0]
    whole = {plain(one.name) for one in members}
    parts = {name for one in whole for name in one.split() if len(name) > 1}
    is_loud = line.title().isupper()
    for start in range(_subject(line, whole | parts), len(line.words)):
        for end in range(min(start + _NAME_WORDS, len(line.words)), start, -1):
            said = _bare(line.phrase(start, end))
            name = plain(said)
            joined = re.split(r"[/+&=]", name)
            if len(joined) > 1 and joined[-1] in parts and (set(joined) <= parts or "=" in name):
                return said
            if (name in whole and end - start > 1) or (
                end == start + 1 and name in parts and _is_person(line, start, name, is_loud=is_loud)
            ):
                return _with_lead(line, start, end, said, _BESIDE)
    return ""


def _subject(line: TypedLine, names: Set[str]) -> int:
    """How many words a title begins with that name whom it is about: "Marcus Teal has no room"."""
    ends = range(min(_NAME_WORDS, len(line.words) - 1), 0, -1)
    said = (end for end in ends if line.words[end].casefold() in _ABOUT_PERSON and plain(line.phrase(0, end)) in names)
    return next(said, 0)


def _mentions(line: TypedLine, members: Sequence[Known]) -> Iterator[tuple[int, int, str]]:
    firsts = {name for one in members for name in (plain(one.id), *plain(one.name).split())}
    for start, word in enumerate(line.words):
        if MENTION.fullmatch(word) or re.match(r"[@^][a-z][\w.-]*", word, re.IGNORECASE):
            yield start, start + 1, _with_lead(line, start, start + 1, word.rstrip(AROUND), {"cc"})
        elif word in {"@", "^"} and start + 1 < len(line.words) and plain(_bare(line.words[start + 1])) in firsts:
            yield start, start + 2, line.phrase(start, start + 2)


def _is_second(line: TypedLine, start: int, end: int) -> bool:
    """Whether a mention stands where another one was taken: at either end, and behind "cc"."""
    rest = [word.casefold() for word in line.words[end:]]
    return not start or not {*rest} - _LINKS or line.before(start) in {"cc"}


def _is_person(line: TypedLine, start: int, name: str, *, is_loud: bool) -> bool:
    word = line.words[start]
    is_capital = word[:1].isupper() and not is_loud
    if name not in _WORDS_TOO or (is_capital and start):
        return True
    before = line.before(start)
    after = line.words[start + 1].casefold() if start + 1 < len(line.words) else ""
    if not start:
        return after in _OF_PERSON or word.endswith((":", ","))
    is_given = before in _GIVES and after in _ARTICLES
    if before in _TO_PERSON or is_given or (after in _ACTS and before not in _ARTICLES):
        return True
    if start == 1 and before in _BESIDE and after in _OF_PERSON:
        return True  # "for grant call the bank"
    ends = line.ends_at(start + 1) or not word[-1].isalnum() or after in {"re", "about", "abt", "on", "by", "due"}
    ends |= re.fullmatch("[a-z][.]?", after) is not None and line.ends_at(start + 2)  # "grant o"
    return ends and before not in _ARTICLES


def _with_lead(line: TypedLine, start: int, end: int, said: str, leads: set[str]) -> str:
    return f"{line.words[start - 1]} {said}" if line.before(start) in leads else said


def _find_places(line: TypedLine, places: Sequence[Part]) -> list[tuple[str, Part]]:
    """The first words that name places, with which part they would be."""
    for start in range(len(line.words)):
        for end in range(min(start + _NAME_WORDS, len(line.words)), start, -1):
            said = _bare(line.phrase(start, end))
            name = plain(said)
            if not any(letter.isalnum() for letter in line.words[start]) or line.words[end - 1][0] in ")]([":
                continue
            words = name.split()
            if not words or words[0] in _LINKS | _KINDS - {"wg"} or words[-1] in _LINKS:
                continue
            after = line.words[end].casefold() if end < len(line.words) else ""
            is_told = _is_told(line, start) or (not start and after in _OF_GROUP)
            fitting = [one for one in places if _names(name, one.names, is_near=is_told)]
            if not fitting:
                continue
            free = [one for one in fitting if not one.is_taken]
            if line.before(start) == "in" and len(free) > 1:
                free = free[-1:]  # "in" leads to a priority, the last of them
            of_meeting = any(
                one.field == _MEETINGS_GROUP and name in (*one.names, line.words[start].casefold()) for one in free
            )
            # "Have steering pay for it", "steering pays for it".
            is_asked = (not start or line.before(start) in _ASKED or after in _OF_GROUP) and any(
                one.field in _OF_GROUPS and any(name in (known, known.split()[0]) for known in one.names)
                for one in free
            )
            # An id or a channel's name is nothing else.
            is_asked |= "-" in said and any(name in one.names for one in free)
            if is_asked or (free and _is_place(line, start, end, of_meeting=of_meeting)):
                role = " or ".join(dict.fromkeys(one.role for one in free))
                shown = _with_lead(line, start, end, said, set(_TO_PLACE))
                return [(shown, Part("+".join(one.field for one in free), role))]
            if not free and line.before(start) in _LINKS | {"in", "for"} and line.ends_at(end):
                return [(_with_lead(line, start, end, said, {*_LINKS, "in", "for"}), fitting[0])]
    return []


def _is_told(line: TypedLine, start: int) -> bool:
    """Whether a word leads here, or a mark parts it from what is before."""
    mark = line.words[start - 1][-1] if start else ""
    return line.before(start) in _TO_PLACE or (mark != "" and mark not in ")]’'”" and not mark.isalnum())


def _names(said: str, names: tuple[str, ...], *, is_near: bool) -> bool:
    """Whether words are a name, whole words of one, a shortened one such as "steerco", or spelled much like one."""
    if "/" in said and all(_names(one, names, is_near=False) for one in said.split("/")):
        return True
    typed = [word for word in said.split() if word not in _KINDS | {"the"}]
    if said in _EVERYBODY or len(" ".join(typed)) < _SHORTEST:
        is_short = len(typed) == 1 and len(typed[0]) > 1 and (is_near or len(said.split()) > 1)
        return said in names or (is_short and typed[0] in {_initials(name) for name in names})
    pieces = _pieces(names)
    if tuple(map(_single, typed)) in pieces or (len(typed) == 1 and typed[0] in _joined(names)):
        return True
    like = _LIKE if is_near or len(typed) < len(said.split()) else _MUCH_ALIKE
    if len(typed[0]) + len(typed[-1]) > 2 * _SHORTEST and (like == _LIKE or len(said) > _SHORTEST + 2):
        alike = (one for one in pieces if len(one) == len(typed) and one[0][0] == typed[0][0])
        if any(all(_likeness(*pair) >= like for pair in zip(typed, piece, strict=True)) for piece in alike):
            return True
    short = _SHORTENED.fullmatch(" ".join(typed))
    return short is not None and any(name.startswith(short["stem"]) for name in names)


@lru_cache(maxsize=64)
def _pieces(names: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """Whole words of names that follow each other. Kept, since a line asks for them at each of its words."""
    parts = [[_single(word) for word in name.split()] for name in names if name not in _EVERYBODY]
    counts = range(1, _NAME_WORDS + 1)
    return frozenset(
        tuple(words[at : at + count]) for words in parts for count in counts for at in range(len(words) - count + 1)
    )


@lru_cache(maxsize=64)
def _joined(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset("".join(pair) for name in names if name not in _EVERYBODY for pair in pairwise(name.split()))


def _single(word: str) -> str:
    return word.removesuffix("s") if len(word) > _SHORTEST + 2 else word


def _likeness(typed: str, word: str) -> float:
    if typed == word or len(typed) <= _SHORTEST:
        return float(typed == word)
    return difflib.SequenceMatcher(None, typed, word).ratio()


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split())


def _is_place(line: TypedLine, start: int, end: int, *, of_meeting: bool) -> bool:
    """Whether these words stand where a place is told: alone at an edge, behind a lead, or with "group" beside them."""
    words = [word.casefold().strip(AROUND) for word in line.words]
    before, after = words[start - 1] if start else "", words[end] if end < len(words) else ""
    if {*words[start:end]} & (_KINDS - {"table", "team"}) and len(words[start:end]) > 1:
        return True
    if of_meeting and (after in _OF_MEETING or end - start in {2, 3, len(words)}):
        return True
    ends = line.ends_at(end) or line.words[end - 1].endswith((",", ";", ":", ".")) or after in _PASSED
    if not start:
        return after in _OF_GROUP or line.words[end - 1].endswith((":", ",")) or (ends and end < len(words))
    if start == 1 and before in {"in", "for", "re", "under", "across", "@", "by", "decider", "priority"}:
        return True
    if before == "re":
        return True
    return ends and (before in _TO_PLACE or before not in _ARTICLES) and len(words) > end - start


def _bare(said: str) -> str:
    return re.sub(r"['’]s?$", "", said.strip("“”\"'()[]? "))
