"""Cadences of a coalition file: their rule, whom they speak to, and that skips and moves hit real occurrences."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.domain.coalition_file.coalition import ANY_ZONE, need_zone
from bot.domain.coalition_file.known import Known, is_given, text_of
from bot.domain.coalition_file.plain import entry
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import Section
from bot.domain.record import Cadence, Move
from bot.domain.rhythm import RuleError, check_rule, is_slot, occurrences
from bot.domain.vocabularies import Audience, CadenceKind, GroupKind, TimeBasis, words

_LONGEST_WINDOW = 24 * 366
_CLOSES, _REMINDS, _DELEGATES = 51, 24, 29
_RULE = "Write a recurrence rule such as FREQ=WEEKLY;BYDAY=TU."
_TOGETHER = (CadenceKind.MEETING, CadenceKind.STOCKTAKE)


def read_cadences(top: Section, known: Known) -> tuple[Cadence, ...]:
    """All cadences; those with a usable rule are put into `known.cadences` as well."""
    found = []
    for section in top.entries("cadences"):
        cadence = Cadence(
            id=section.id(),
            kind=section.need_choice("kind", CadenceKind),
            name=section.need_text("name"),
            audience=_read_audience(section, known),
            group=section.ref("group", known, "group"),
            attendees=section.refs("attendees", known, "member"),
            time_basis=section.choice("time_basis", TimeBasis) or TimeBasis.COALITION.value,
            timezone=need_zone(section),
            dtstart=section.need_local("dtstart"),
            rrule=section.need_text("rrule", 500, _RULE),
            duration_minutes=section.whole("duration_minutes", 1, 60 * 24 * 7),
            closes_after_hours=_hours(section, "closes_after_hours", _CLOSES),
            reminder_after_hours=_hours(section, "reminder_after_hours", _REMINDS),
            delegate_after_hours=_hours(section, "delegate_after_hours", _DELEGATES),
            feeds=_read_feeds(section, known),
            question_set=section.ref("question_set", known, "question set"),
            channels=section.channels("channels"),
            email=_read_email(section, known),
            owner_preview_at=section.clock_time("owner_preview_at"),
            prework_days_before=section.whole("prework_days_before", 0, 366),
            exdates=section.locals("exdates"),
            paused_at=section.moment("paused_at", ANY_ZONE),
            moves=_read_moves(section),
            extra=section.extra(),
        )
        _check_kind(section, cadence)
        if _check_rule(section, cadence):
            _check_changes(section, cadence)
            known.cadences.setdefault(cadence.id, cadence)
        found.append(cadence)
    return tuple(found)


def _hours(section: Section, key: str, usual: int) -> int:
    found = section.whole(key, 1, _LONGEST_WINDOW)
    return usual if found is None else found


def _read_audience(section: Section, known: Known) -> str | None:
    audience = section.text("audience")
    if audience is None or audience in known["group"]:
        return audience
    if audience not in words(Audience):
        ids = [*words(Audience), *known["group"]]
        section.problem(
            "audience",
            f"is {shown(audience)}. Write one of {', '.join(words(Audience))}, or a group's id. "
            f"{suggest(audience, ids)}",
        )
        return None
    kinds = {text_of(group, "kind") for group in known["group"].values()}
    # A group whose kind is wrong may be the one that is meant.
    if audience == Audience.STEERING and GroupKind.STEERING_COMMITTEE not in kinds and kinds <= set(GroupKind):
        section.problem(
            "audience",
            f"is {shown(audience)}, and no group is of kind {GroupKind.STEERING_COMMITTEE}. Add that group.",
        )
    return audience


def _read_feeds(section: Section, known: Known) -> str | None:
    feeds = section.ref("feeds", known, "cadence")
    if feeds is not None and text_of(known["cadence"][feeds], "kind") != CadenceKind.DIGEST:
        digests = [id for id, raw in known["cadence"].items() if text_of(raw, "kind") == CadenceKind.DIGEST]
        section.problem("feeds", f"is {shown(feeds)}, which is no digest. {suggest(feeds, digests)}")
    elif feeds is not None and text_of(section.data, "kind") in set(CadenceKind) - {CadenceKind.CHECKIN}:
        section.problem("feeds", "stands at a cadence that asks nothing. Only a checkin feeds a digest.")
    return feeds


def _read_email(section: Section, known: Known) -> tuple[str, ...]:
    readers = section.refs("email", known, "member")
    for reader in readers:
        if not is_given(known["member"][reader], "email"):
            section.problem("email", f"names {shown(reader)}, who has no e-mail address. Add one to the member.")
    return readers


def _read_moves(cadence: Section) -> tuple[Move, ...]:
    return tuple(
        Move(
            original=section.need_local("from"),
            to=section.need_local("to"),
            closes_after_hours=section.whole("closes_after_hours", 1, _LONGEST_WINDOW),
            reminder_after_hours=section.whole("reminder_after_hours", 1, _LONGEST_WINDOW),
            delegate_after_hours=section.whole("delegate_after_hours", 1, _LONGEST_WINDOW),
            extra=section.extra(),
        )
        for section in cadence.entries("moves")
    )


def _check_kind(section: Section, cadence: Cadence) -> None:
    if not section.good("kind"):
        return
    if cadence.kind == CadenceKind.CHECKIN and not section.given("question_set"):
        section.problem("question_set", "is missing, and a checkin asks questions. Write the id of a question set.")
    if cadence.kind == CadenceKind.CHECKIN and not (section.given("audience") or section.given("group")):
        section.problem("audience", f"is missing. Write one of {', '.join(words(Audience))}, or a group's id.")
    if cadence.kind in _TOGETHER:
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


def write_cadence(cadence: Cadence) -> dict[str, Any]:
    # A check-in shows its hours even where they are the usual ones; elsewhere they say nothing.
    asks = cadence.kind == CadenceKind.CHECKIN
    preview = cadence.owner_preview_at
    fields = {
        "id": cadence.id,
        "kind": cadence.kind,
        "name": cadence.name,
        "audience": cadence.audience,
        "group": cadence.group,
        "attendees": cadence.attendees,
        "time_basis": None if cadence.time_basis == TimeBasis.COALITION else cadence.time_basis,
        "timezone": cadence.timezone,
        "dtstart": cadence.dtstart,
        "rrule": cadence.rrule,
        "duration_minutes": cadence.duration_minutes,
        "closes_after_hours": _unless(cadence.closes_after_hours, _CLOSES, asks),
        "reminder_after_hours": _unless(cadence.reminder_after_hours, _REMINDS, asks),
        "delegate_after_hours": _unless(cadence.delegate_after_hours, _DELEGATES, asks),
        "feeds": cadence.feeds,
        "question_set": cadence.question_set,
        "prework_days_before": cadence.prework_days_before,
        "channels": cadence.channels,
        "email": cadence.email,
        "owner_preview_at": preview.isoformat(timespec="minutes") if preview else None,
        "exdates": cadence.exdates,
        "paused_at": cadence.paused_at,
        "moves": [_write_move(move) for move in cadence.moves],
    }
    return entry(fields, cadence.extra)


def _unless(hours: int, usual: int, always: bool) -> int | None:
    return hours if always or hours != usual else None


def _write_move(move: Move) -> dict[str, Any]:
    fields = {
        "from": move.original,
        "to": move.to,
        "closes_after_hours": move.closes_after_hours,
        "reminder_after_hours": move.reminder_after_hours,
        "delegate_after_hours": move.delegate_after_hours,
    }
    return entry(fields, move.extra)
