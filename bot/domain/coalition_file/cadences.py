"""Cadences of a coalition file: their rule, whom they speak to, and that skips and moves hit real occurrences."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.coalition_file import kinds
from bot.domain.coalition_file.known import is_given, text_of
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import Section
from bot.domain.coalition_file.shape import Field, Kind, Shape
from bot.domain.coalition_file.zones import ANY_ZONE
from bot.domain.record import Cadence, Move
from bot.domain.rhythm import RuleError, check_rule, is_slot, occurrences
from bot.domain.vocabularies import (
    HELD_TOGETHER,
    Audience,
    CadenceKind,
    GroupKind,
    SummaryPlace,
    TimeBasis,
    words,
)

_HOURS = kinds.whole(1, 24 * 366)
_RULE = "Write a recurrence rule such as FREQ=WEEKLY;BYDAY=TU."


def _read_audience(section: Section, key: str) -> str | None:
    audience, known = section.text(key), section.known
    if audience is None or audience in known["group"]:
        return audience
    if audience not in words(Audience):
        ids = [*words(Audience), *known["group"]]
        section.problem(
            key,
            f"is {shown(audience)}. Write one of {', '.join(words(Audience))}, or a group's id. "
            f"{suggest(audience, ids)}",
        )
        return None
    theirs = {text_of(group, "kind") for group in known["group"].values()}
    # A group whose kind is wrong may be the one that is meant.
    if audience == Audience.STEERING and GroupKind.STEERING_COMMITTEE not in theirs and theirs <= set(GroupKind):
        section.problem(
            key,
            f"is {shown(audience)}, and no group is of kind {GroupKind.STEERING_COMMITTEE}. Add that group.",
        )
    return audience


_OWNERS = {Audience.PRIORITY_OWNERS}


def _read_feeds(section: Section, key: str) -> str | None:
    feeds, known = section.ref(key, "cadence"), section.known
    if feeds is not None and text_of(known["cadence"][feeds], "kind") != CadenceKind.DIGEST:
        digests = [id for id, raw in known["cadence"].items() if text_of(raw, "kind") == CadenceKind.DIGEST]
        section.problem(key, f"is {shown(feeds)}, which is no digest. {suggest(feeds, digests)}")
    elif feeds is not None and text_of(section.data, "kind") in set(CadenceKind) - {CadenceKind.CHECKIN}:
        section.problem(key, "stands at a cadence that asks nothing. Only a checkin feeds a digest.")
    elif feeds is not None and text_of(section.data, "audience") in {*Audience, *known["group"]} - _OWNERS:
        section.problem(
            key, "stands at a check-in of others. Only what priority_owners say feeds a digest: leave it out."
        )
    return feeds


def _read_email(section: Section, key: str) -> tuple[str, ...]:
    readers = section.refs(key, "member")
    for reader in readers:
        if not is_given(section.known["member"][reader], "email"):
            section.problem(key, f"names {shown(reader)}, who has no e-mail address. Add one to the member.")
    return readers


def _check_kind(section: Section, cadence: Cadence) -> None:
    if not section.good("kind"):
        return
    if cadence.kind == CadenceKind.CHECKIN and not section.given("question_set"):
        section.problem("question_set", "is missing, and a checkin asks questions. Write the id of a question set.")
    if cadence.kind == CadenceKind.CHECKIN and not any(map(section.given, ("audience", "group", "attendees"))):
        section.problem(
            "audience", f"is missing. Write one of {', '.join(words(Audience))}, or a group's id; or the attendees."
        )
    if cadence.kind != CadenceKind.CHECKIN and section.good("summary") and cadence.summary is not None:
        section.problem("summary", "stands at a cadence that asks nothing. Only what a checkin asks is told of.")
    if cadence.kind in HELD_TOGETHER:
        if cadence.time_basis == TimeBasis.MEMBER_LOCAL:
            section.problem("time_basis", f"is member_local, and a {cadence.kind} is at one time. Write coalition.")
        if not any(section.given(key) for key in ("group", "audience", "attendees")):
            section.problem("group", "is missing. Write the id of the group that meets, or an audience or attendees.")


def _check_rule(section: Section, cadence: Cadence) -> bool:
    if not section.good("dtstart", "rrule"):
        return False
    # With a zone that is wrong itself, the rule is still worth checking.
    zone = cadence.timezone if section.good("timezone") else ANY_ZONE
    try:
        check_rule(cadence.rrule, cadence.dtstart, zone)
    except RuleError as error:
        # A start that does not fit is mended at the start, though the rule is what refuses it.
        about_start = str(error).startswith(("The first date", "Give the first date"))
        section.problem("dtstart" if about_start else "rrule", f": {error}")
        return False
    return section.good("timezone")


def _check_changes(section: Section, cadence: Cadence) -> None:
    """Skips and moves: each hits an occurrence of its own, and no two occurrences end up at one time."""
    if section.good("exdates"):
        for index, slot in enumerate(cadence.exdates):
            key = f"exdates[{index}]"
            if slot in cadence.exdates[:index]:
                section.problem(key, f"is {_said(slot)}, which is already skipped. Leave one out.")
            elif not is_slot(cadence, slot):
                section.problem(key, f"is {_said(slot)}, when nothing takes place. {_near(cadence, slot)}")
    if not section.good("moves") or any(move.original.year == 1 or move.to.year == 1 for move in cadence.moves):
        return
    for index, move in enumerate(cadence.moves):
        path = section.at(f"moves[{index}]")
        if move.original in [earlier.original for earlier in cadence.moves[:index]]:
            section.note(f"{path}.from", f"is {_said(move.original)}, which is already moved. Leave one out.")
        elif move.original in cadence.exdates:
            section.note(f"{path}.from", f"is {_said(move.original)}, which is skipped too. Leave one of the two out.")
        elif not is_slot(cadence, move.original):
            near = _near(cadence, move.original)
            section.note(f"{path}.from", f"is {_said(move.original)}, when nothing takes place. {near}")
        elif _is_taken(cadence, move, index):
            section.note(f"{path}.to", f"is {_said(move.to)}, when another one takes place. Choose another time.")


def _is_taken(cadence: Cadence, move: Move, index: int) -> bool:
    if cadence.kind == CadenceKind.CHECKIN:
        # A round is known by the day on which it opens, so two may not share one.
        start = datetime.combine(move.to.date(), datetime.min.time())
        end = start + timedelta(days=1)
    else:
        start, end = move.to, move.to + timedelta(seconds=1)
    earlier = cadence.moves[:index]
    return any(there.move is None or there.move in earlier for there in occurrences(cadence, start, end))


def _near(cadence: Cadence, slot: datetime) -> str:
    """The mend for a time when nothing takes place: what does, around it."""
    reach = timedelta(days=400)
    around = [each.slot for each in occurrences(cadence, slot - reach, slot + reach)]
    if not around:
        return "Write the local time of one of its occurrences."
    return f"The nearest one is {_said(min(around, key=lambda each: abs(each - slot)))}."


def _said(slot: datetime) -> str:
    return slot.isoformat(timespec="minutes")


def _check(section: Section, cadence: Cadence) -> None:
    """Those with a usable rule are put into `known.cadences` as well."""
    _check_kind(section, cadence)
    if _check_rule(section, cadence):
        _check_changes(section, cadence)
        section.known.cadences.setdefault(cadence.id, cadence)


def _asks(cadence: Cadence) -> bool:
    """A check-in shows its hours even where they are the usual ones; elsewhere they say nothing."""
    return cadence.kind == CadenceKind.CHECKIN


_MOVE = Shape(
    Move,
    "move",
    Field("original", kinds.LOCAL, "from"),
    Field("to", kinds.LOCAL),
    Field("closes_after_hours", _HOURS),
    Field("reminder_after_hours", _HOURS),
    Field("delegate_after_hours", _HOURS),
    Field("follows", kinds.LOCAL),
)

CADENCE = Shape(
    Cadence,
    "cadence",
    Field("id", kinds.ID),
    Field("kind", kinds.choice(CadenceKind)),
    Field("name", kinds.NAME),
    Field("audience", Kind(_read_audience)),
    Field("group", kinds.ref("group")),
    Field("attendees", kinds.refs("member")),
    Field("time_basis", kinds.choice(TimeBasis), usual_unsaid=True),
    Field("timezone", kinds.ZONE),
    Field("dtstart", kinds.LOCAL),
    Field("rrule", kinds.text(500, _RULE)),
    Field("duration_minutes", kinds.whole(1, 60 * 24 * 7)),
    Field("closes_after_hours", _HOURS, usual_unsaid=True, always=_asks),
    Field("reminder_after_hours", _HOURS, usual_unsaid=True, always=_asks),
    Field("delegate_after_hours", _HOURS, usual_unsaid=True, always=_asks),
    Field("feeds", Kind(_read_feeds)),
    Field("question_set", kinds.ref("question set")),
    Field("summary", kinds.choice(SummaryPlace)),
    Field("prework_days_before", kinds.whole(0, 366)),
    Field("channels", kinds.CHANNELS),
    Field("email", Kind(_read_email)),
    Field("owner_preview_at", kinds.CLOCK_TIME),
    Field("exdates", kinds.LOCALS),
    Field("paused_at", kinds.moment(ANY_ZONE)),
    Field("ended", kinds.DAY),
    Field("moves", kinds.many(_MOVE)),
    checks=(_check,),
)
