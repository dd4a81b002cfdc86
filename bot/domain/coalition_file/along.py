"""What an export takes along beside the record: asks, meetings, digests and messages, as they became.

A coalition that is made from the file goes on with them. One that lives already keeps its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import Any, Final

from bot.domain.coalition_file.kinds import DAY, FLAG, LOCAL, ZONE, choice, many, moment, ref, refs, text, whole
from bot.domain.coalition_file.plain import plain
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import TEXT_LENGTH, Section
from bot.domain.coalition_file.shape import Field, Kind, Shape, always
from bot.domain.outbox import CHECKINS, Item, State
from bot.domain.outbox import Kind as MessageOf
from bot.domain.record import (
    AgendaPoint,
    Along,
    Attendance,
    DigestForward,
    DigestNote,
    DigestSending,
    DigestSubscription,
    FirstContact,
    FromIssue,
    KeptAsk,
    KeptDigest,
    MeetingNotes,
    Message,
    MessageItem,
    NoteSeen,
    PlannedThrough,
    Record,
    RoundStep,
    step_name,
)
from bot.domain.vocabularies import AskState

# Lists that grow with the years: they stand in documents of their own at the end of the file.
IN_DOCUMENTS: Final = ("round_steps", "digests", "messages")
_LONGEST: Final = 10_000


def _word(*known: str) -> Kind:
    def read(section: Section, key: str) -> str | None:
        value = section.text(key)
        if value is None or value in known:
            return value
        section.problem(key, f"is {shown(value)}. Write one of: {', '.join(known)}.")
        return None

    return Kind(read, "", f"Write one of: {', '.join(known)}.")


def _read_plain(section: Section, key: str) -> Any:
    """Plain data, as it came."""
    below = section.section(key)
    if below is None:
        return None
    found: dict[str, Any] = {}
    for name, value in below.data.items():
        below.given(name)
        found[name] = plain(value, below.at(name), section.problems)
    return found


_PLAIN = Kind(_read_plain)
_MOMENT = moment()
_MEMBER = ref("member")
_CADENCE = ref("cadence")
_TEXT = text(TEXT_LENGTH)
_WORDS = Kind(lambda section, key: section.words(key, _LONGEST))
_COUNT = Kind(whole(0, 1_000_000).read, usual_unsaid=True)


def _by_day(one: Any) -> str:
    return f"{one.cadence}/{one.slot.isoformat()}"


ASK = Shape(
    KeptAsk,
    "ask",
    Field("cadence", _CADENCE),
    Field("round", DAY),
    Field("priority", ref("priority")),
    Field("text", _TEXT),
    Field("asked", ref("organization", "group")),
    Field("state", choice(AskState)),
    Field("edited", FLAG),
    Field("made_at", _MOMENT),
    Field("decided_by", _MEMBER),
    Field("decided_at", _MOMENT),
    Field("receiver", _MEMBER),
    Field("sent_at", _MOMENT),
    Field("answer", _word("can_help", "not_us", "talk")),
    Field("suggested", ref("organization", "group")),
    Field("answered_by", _MEMBER),
    Field("answered_at", _MOMENT),
    Field("ended_by", _MEMBER),
    Field("ended_at", _MOMENT),
    identify=lambda one: one.name,
)
NOTES = Shape(
    MeetingNotes,
    "meeting's notes",
    Field("cadence", _CADENCE),
    Field("slot", LOCAL),
    Field("by", _MEMBER),
    Field("present", refs("member")),
    Field("decided", _WORDS),
    Field("decisions", _WORDS),
    Field("actions", _WORDS),
    Field("parked", _WORDS),
    Field("posted_at", _MOMENT),
    Field("edited_at", _MOMENT),
    Field("version", _COUNT),
    identify=_by_day,
)
AGENDA = Shape(
    AgendaPoint,
    "point for an agenda",
    Field("cadence", _CADENCE),
    Field("slot", LOCAL),
    Field("text", _TEXT),
    Field("about", ref("issue", "decision")),
    Field("added_by", _MEMBER),
    Field("parked_at", LOCAL),
    Field("withdrawn", FLAG),
    identify=_by_day,
)
COMING = Shape(
    Attendance,
    "answer to an invitation",
    Field("cadence", _CADENCE),
    Field("slot", LOCAL),
    Field("member", _MEMBER),
    Field("answer", _word("coming", "not_coming", "substitute")),
    Field("substitute", _MEMBER),
    identify=lambda one: f"{_by_day(one)}/{one.member}",
)
ISSUE_DECISION = Shape(
    FromIssue,
    "decision because of an issue",
    Field("issue", ref("issue")),
    Field("decision", ref("decision")),
    identify=lambda one: one.decision,
)
DIGEST_NOTE = Shape(
    DigestNote,
    "note in a digest",
    Field("priority", ref("priority")),
    Field("week", DAY),
    Field("member", _MEMBER),
    Field("text", _TEXT),
    Field("written_at", _MOMENT),
    identify=lambda one: f"{one.priority}/{one.week.isoformat()}",
)
SUBSCRIPTION = Shape(
    DigestSubscription,
    "copy of a digest",
    Field("member", _MEMBER),
    Field("edition", text(200)),
    Field("active", Kind(Section.flag, False, "Write true or false."), always=always),
    identify=lambda one: f"{one.member}/{one.edition}",
)
SEEN = Shape(
    NoteSeen,
    "look at a note",
    Field("cadence", _CADENCE),
    Field("round", DAY),
    Field("priority", ref("priority")),
    Field("member", _MEMBER),
    Field("author", _MEMBER),
    Field("reader", _MEMBER),
    Field("seen_at", _MOMENT),
    identify=lambda one: f"{one.answer} {one.author} {one.reader}",
)
FIRST_CONTACT = Shape(
    FirstContact,
    "first contact",
    Field("member", _MEMBER),
    Field("at", _MOMENT),
    identify=lambda one: one.member,
)
PLANNED = Shape(
    PlannedThrough,
    "plan",
    Field("cadence", _CADENCE),
    Field("zone", ZONE),
    Field("planned_through", _MOMENT),
    Field("prepared_for", _MOMENT),
    identify=lambda one: f"{one.cadence}/{one.zone}",
)
STEP = Shape(
    RoundStep,
    "step of a round",
    Field("cadence", _CADENCE),
    Field("day", DAY, "round"),
    Field("priority", ref("priority")),
    Field("member", _MEMBER),
    Field("slot", LOCAL),
    Field("planned_at", _MOMENT),
    Field("owner", _MEMBER),
    Field("asked_at", _MOMENT),
    Field("reminder_at", _MOMENT),
    Field("delegate_at", _MOMENT),
    Field("closed_at", _MOMENT),
    Field("asked_again_at", _MOMENT),
    Field("asked_again_by", _MEMBER),
    Field("stand_in_declined_at", _MOMENT),
    identify=lambda one: one.name,
)
DIGEST = Shape(
    KeptDigest,
    "digest",
    Field("cadence", _CADENCE),
    Field("slot", LOCAL),
    Field("due_at", _MOMENT),
    Field("composed_at", _MOMENT),
    Field("published_at", _MOMENT),
    Field("content", _PLAIN),
    identify=_by_day,
)
SENDING = Shape(
    DigestSending,
    "sending of a digest",
    Field("cadence", _CADENCE),
    Field("slot", LOCAL),
    Field("member", _MEMBER),
    Field("what", _word("early", "again", "extra")),
    Field("asked_at", _MOMENT),
    identify=_by_day,
)
FORWARD = Shape(
    DigestForward,
    "digest passed on",
    Field("cadence", _CADENCE),
    Field("slot", LOCAL),
    Field("member", _MEMBER),
    Field("edition", text(200)),
    Field("passed_on_by", _MEMBER),
    Field("passed_on_at", _MOMENT),
    identify=lambda one: f"{_by_day(one)}/{one.member}/{one.edition}",
)
ITEM = Shape(
    MessageItem,
    "thing in a message",
    Field("kind", choice(Item)),
    Field("about", text(_LONGEST)),
    Field("due_at", _MOMENT),
    Field("until", _MOMENT),
    Field("urgent", FLAG),
    Field("left_out", _TEXT),
    identify=lambda one: f"{one.kind} {one.about}",
)
MESSAGE = Shape(
    Message,
    "message",
    Field("kind", choice(MessageOf)),
    Field("about", text(_LONGEST)),
    Field("member", _MEMBER, "to"),
    Field("channel", text(100)),
    Field("digest", _CADENCE),
    Field("slot", LOCAL),
    Field("thread_of", whole(1, 1_000_000)),
    Field("part_no", _COUNT),
    Field("state", choice(State)),
    Field("reason", _TEXT),
    Field("waiting", FLAG),
    Field("held_back", FLAG),
    Field("planned_at", _MOMENT),
    Field("due_at", _MOMENT),
    Field("expires_at", _MOMENT),
    Field("sent_at", _MOMENT),
    Field("told_at", _MOMENT),
    Field("resolved_by", _MEMBER),
    Field("workspace", text(100)),
    Field("channel_id", text(100)),
    Field("ts", text(100)),
    Field("subject", _PLAIN),
    Field("items", many(ITEM)),
    identify=lambda one: f"{one.kind} {one.member or one.channel} {one.due_at.isoformat()}",
)
ALONG = Shape(
    Along,
    "file",
    Field("asks", many(ASK)),
    Field("meeting_notes", many(NOTES)),
    Field("agenda", many(AGENDA)),
    Field("coming", many(COMING)),
    Field("issue_decisions", many(ISSUE_DECISION)),
    Field("digest_notes", many(DIGEST_NOTE)),
    Field("subscriptions", many(SUBSCRIPTION)),
    Field("notes_seen", many(SEEN)),
    Field("first_contacts", many(FIRST_CONTACT)),
    Field("planned", many(PLANNED)),
    Field("sendings", many(SENDING), "digest_sendings"),
    Field("forwards", many(FORWARD), "digest_forwards"),
    Field("round_steps", many(STEP)),
    Field("digests", many(DIGEST)),
    Field("messages", many(MESSAGE)),
)
KEYS: Final = tuple(field.key for field in ALONG.writes.values())


def read_along(top: Section) -> Along | None:
    """What the file takes along; None where it is no export with anything of it. To be read after the record."""
    along = ALONG.read(top)
    return along if along != Along() else None


def check_along(top: Section, along: Along, record: Record) -> None:
    """Each points at something that the file holds, and none stands there twice."""
    answered = {(one.cadence, one.round, one.priority) for one in record.responses}
    rounds = {(one.cadence, one.day, one.priority, one.member) for one in record.rounds}
    days = {(one.cadence, one.day) for one in record.rounds}
    digests = {(one.cadence, one.slot) for one in along.digests}
    notes = {(one.cadence, one.slot) for one in along.meeting_notes}
    _once(top, along)
    for entry, ask in _entries(top, "asks", along.asks):
        if entry.good("cadence", "round", "priority") and (ask.cadence, ask.round, ask.priority) not in answered:
            entry.problem(
                "round",
                f"is {ask.round}, and no check-in of that round is about {shown(ask.priority)}. {_LEAVE}",
            )
    answers = {step_name(*one) for one in answered}
    answers |= {step_name(one.cadence, one.round, None, one.member) for one in record.member_answers}
    for entry, seen in _entries(top, "notes_seen", along.notes_seen):
        if seen.answer not in answers:
            entry.problem("round", f"is {seen.round}, and there is no answer of that round here. {_LEAVE}")
    for entry, step in _entries(top, "round_steps", along.round_steps):
        if entry.good("cadence", "round") and (step.cadence, step.day, step.priority, step.member) not in rounds:
            entry.problem(
                "round", f"is {step.day}, and `rounds` has none of that day about this. "
                "Add it there, or leave this entry out.",
            )  # fmt: skip
    of_digests = (("digest_sendings", along.sendings), ("digest_forwards", along.forwards))
    for key, those in (*of_digests, ("messages", along.messages)):
        name = "digest" if key == "messages" else "cadence"
        for entry, one in _entries(top, key, those):
            if entry.good(name, "slot") and (getattr(one, name), one.slot) not in digests:
                entry.problem("slot", f"is {one.slot}, and `digests` has none of then. {_LEAVE}")
    for entry, point in _entries(top, "agenda", along.agenda):
        if entry.good("cadence", "parked_at") and (point.cadence, point.parked_at) not in notes:
            entry.problem("parked_at", f"is {point.parked_at}, and `meeting_notes` has none of then. {_LEAVE}")
    asks = {one.name for one in along.asks}
    named = {one.name for one in along.round_steps}
    briefs = {f"{cadence}/{day.isoformat()}" for cadence, day in days}
    for number, (entry, message) in enumerate(_entries(top, "messages", along.messages), start=1):
        _check_message(entry, message, number, briefs)
        for below, item in _entries(entry, "items", message.items):
            if item.kind in _OF_ASKS:
                _require(below, "about", item.about, asks, "`asks`")
            elif item.kind in CHECKINS:
                _require(below, "about", item.about, named, "`round_steps`")


_LEAVE = "Correct it, or leave this entry out."
_OF_ASKS = (Item.HELP_WANTED, Item.ASK_NEWS)


def _check_message(entry: Section, one: Message, number: int, briefs: Collection[str]) -> None:
    if entry.given("to") == entry.given("channel"):
        entry.problem("to", "and `channel`: a message goes to one of the two. Write a member's id, or a channel.")
    if entry.good("thread_of") and (one.thread_of or 0) >= number:
        entry.problem("thread_of", f"is {one.thread_of}, and this is message {number}. Write the place of one before.")
    if entry.given("digest") != entry.given("slot"):
        entry.problem("digest", "and `slot` belong together. Write both, or leave both out.")
    if one.kind == MessageOf.BRIEF:
        _require(entry, "about", one.about, briefs, "`rounds`")


def _require(entry: Section, key: str, value: str, known: Collection[str], where: str) -> None:
    if entry.good(key) and value not in known:
        entry.problem(key, f"is {shown(value)}, and {where} has nothing of this. {suggest(value, known)}")


def _entries(top: Section, key: str, those: Iterable[Any]) -> Iterable[tuple[Section, Any]]:
    return zip(top.entries(key), those, strict=False)


# What stands once only, by what.
_ONCE: Final[tuple[tuple[str, str, Callable[[Any], Hashable]], ...]] = (
    ("asks", "asks", lambda one: one.name),
    ("meeting_notes", "meeting_notes", _by_day),
    ("coming", "coming", COMING.identify),
    ("issue_decisions", "issue_decisions", lambda one: one.decision),
    ("digest_notes", "digest_notes", DIGEST_NOTE.identify),
    ("forwards", "digest_forwards", FORWARD.identify),
    ("subscriptions", "subscriptions", SUBSCRIPTION.identify),
    ("notes_seen", "notes_seen", SEEN.identify),
    ("first_contacts", "first_contacts", lambda one: one.member),
    ("planned", "planned", PLANNED.identify),
    ("round_steps", "round_steps", lambda one: one.name),
    ("digests", "digests", _by_day),
)


def _once(top: Section, along: Along) -> None:
    for name, key, identify in _ONCE:
        firsts: dict[Hashable, str] = {}
        for entry, one in _entries(top, key, getattr(along, name)):
            if firsts.setdefault(identify(one), entry.path) != entry.path:
                entry.problem("", f"stands there already, as `{firsts[identify(one)]}`. Keep one of the two.")
