"""The whole coalition file: the order of its sections, and how each one is declared (`SHAPES_OF_RECORD`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.coalition_file.cadences import CADENCE
from bot.domain.coalition_file.checkins import MEMBER_ANSWER, PULSE_RESULT, RESPONSE, ROUND
from bot.domain.coalition_file.coalition import COALITION, VERSION, read_vocabularies
from bot.domain.coalition_file.funding import FUNDING_SOURCE
from bot.domain.coalition_file.kinds import many, moment, one
from bot.domain.coalition_file.people import GROUP, MEMBER, ORGANIZATION
from bot.domain.coalition_file.priorities import PRIORITY
from bot.domain.coalition_file.question_sets import QUESTION_SET
from bot.domain.coalition_file.section import Section
from bot.domain.coalition_file.shape import Field, Kind, Merging, Shape
from bot.domain.coalition_file.work import ACTION, DECISION, ISSUE
from bot.domain.coalition_file.zones import ANY_ZONE
from bot.domain.record import Coalition, Noun, Record, hanging_on, holdings_of, outlasts


def _read_last_day(top: Section, key: str) -> date | None:
    as_of = top.day(key)
    if as_of is not None:
        top.known.take_last_day(as_of)
    return as_of


def _read_extra(top: Section, _key: str) -> Mapping[str, Any]:
    vocabularies = read_vocabularies(top)
    # Notes for a reviewer of the demonstration are no part of a coalition.
    top.given("demo_notes")
    return {**top.extra(), **({"vocabularies": dict(vocabularies)} if vocabularies else {})}


def _check_endings(top: Section, record: Record) -> None:
    """Nobody who leaves is pointed at by what goes on."""
    members = top.entries("members")
    for index, member in enumerate(record.members):
        if member.ended is None or index >= len(members) or not members[index].good("id", "ended"):
            continue
        until = member.ended
        held = holdings_of(record, member.id, until)
        things = [f"{kind} {one.id}" for kind, found in _KINDS for one in getattr(held, found)]
        things += [
            f"organization {one.id}"
            for one in record.organizations
            if member.id in one.contacts and outlasts(one, until)
        ]
        things += [
            f"cadence {one.id}"
            for one in record.cadences
            if member.id in (*one.attendees, *one.email) and outlasts(one, until)
        ]
        if things:
            members[index].problem(
                "ended", f"is {until}, and {_shown(things)} still name this member. Give these to somebody else first."
            )


def _check_handed_over(top: Section, record: Record) -> None:
    """Nothing open points at what ends."""
    for noun, key in _LISTED.items():
        entries = top.entries(key)
        for entry, thing in zip(entries, getattr(record, key), strict=False):
            if thing.ended is None or not entry.good("id", "ended"):
                continue
            kinds = hanging_on(record, noun, thing.id, thing.ended).values()
            things = [f"{one.called} {one.id}" for found in kinds for one in found]
            if things:
                entry.problem(
                    "ended",
                    f"is {thing.ended}, and {_shown(things)} still hang on this {noun}. "
                    "Give these to another one first, or end them too.",
                )


# Where the file lists what something may hang on.
_LISTED = {Noun.PRIORITY: "priorities", Noun.ORGANIZATION: "organizations", Noun.GROUP: "groups"}


def _shown(things: list[str]) -> str:
    return ", ".join(things[:5]) + (f" and {len(things) - 5} more" if len(things) > 5 else "")


# What hangs on a member, by what one of it is called.
_KINDS = (
    ("priority", "priorities"),
    ("metric", "figures"),
    ("action", "actions"),
    ("issue", "issues"),
    ("decision", "decisions"),
    ("funding source", "reports"),
    ("member", "principals"),
)


def _list(name: str, shape: Shape[Any], key: str = "", merging: Merging = Merging.BY_ID) -> Field:
    return Field(name, many(shape), key, merging=merging)


_NOBODYS = Coalition(id="", name="", timezone=ANY_ZONE)

RECORD = Shape(
    Record,
    "file",
    Field("schema_version", VERSION, merging=Merging.AS_IN_FILE),
    Field("as_of", Kind(_read_last_day), merging=Merging.AS_IN_FILE),
    Field("first_imported_at", moment(), "imported_at", merging=Merging.AS_LIVE),
    Field("coalition", one(COALITION, _NOBODYS, "Write its id, name and timezone."), merging=Merging.IN_PARTS),
    _list("organizations", ORGANIZATION),
    _list("members", MEMBER),
    _list("groups", GROUP),
    _list("priorities", PRIORITY),
    _list("cadences", CADENCE),
    _list("question_sets", QUESTION_SET),
    _list("responses", RESPONSE, "checkins"),
    _list("member_answers", MEMBER_ANSWER),
    _list("pulses", PULSE_RESULT),
    _list("rounds", ROUND, merging=Merging.AS_LIVE),
    _list("actions", ACTION),
    _list("issues", ISSUE),
    _list("decisions", DECISION),
    _list("funding_sources", FUNDING_SOURCE),
    Field("extra", Kind(_read_extra), merging=Merging.AS_IN_FILE),
    checks=(_check_endings, _check_handed_over),
    # Asks and digests go along in sections of their own (`along`), with what the record doesn't tell of them.
    not_in_file=("public_channels", "has_mail", "asks", "published", "whole", "along"),
)

SHAPES_OF_RECORD: dict[type, Shape[Any]] = {shape.of: shape for shape in RECORD.all()}

# The file's lists by what one of their entries is called. Answers and rounds are known by what they are about.
LISTS = {
    field.kind.below.noun: field.key
    for field in RECORD.writes.values()
    if field.kind.below is not None
    and field.merging is Merging.BY_ID
    and field.kind.below not in (RESPONSE, MEMBER_ANSWER, PULSE_RESULT)
}
