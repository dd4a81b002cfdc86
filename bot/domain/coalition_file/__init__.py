"""The coalition file's shape and checks: plain data becomes a `Record` or a list of problems, and back.

No parsing and no line numbers here; one module a noun, reading and writing side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.checkins import StandingRoles
from bot.domain.coalition_file.cadences import read_cadences, write_cadence
from bot.domain.coalition_file.checkins import read_responses, read_rounds, write_response, write_round
from bot.domain.coalition_file.coalition import (
    SCHEMA_VERSION,
    is_zone,
    read_coalition,
    read_moment,
    read_version,
    read_vocabularies,
    write_coalition,
    write_vocabularies,
)
from bot.domain.coalition_file.funding import read_funding_sources, write_funding_source
from bot.domain.coalition_file.known import Known
from bot.domain.coalition_file.people import (
    is_address,
    read_groups,
    read_members,
    read_organizations,
    write_group,
    write_member,
    write_organization,
)
from bot.domain.coalition_file.plain import written
from bot.domain.coalition_file.priorities import read_priorities, write_priority
from bot.domain.coalition_file.problems import Problem, Problems, kind_of
from bot.domain.coalition_file.question_sets import read_question_sets, write_question_set
from bot.domain.coalition_file.section import Section
from bot.domain.coalition_file.work import (
    read_actions,
    read_decisions,
    read_issues,
    write_action,
    write_decision,
    write_issue,
)
from bot.domain.record import NOTHING_EXTRA, Record

__all__ = ["SCHEMA_VERSION", "Problem", "check", "is_address", "is_zone", "to_file"]


def check(data: object, *, today: date | None = None) -> tuple[Record | None, list[Problem]]:
    """Read the plain data of a coalition file: the record, or None and every problem at once.

    Plain data is dicts, lists, text, true, false, null, whole numbers, `Decimal` and `date`. Pure; never raises
    for wrong data. No reading's period may end after the file's `as_of` or, without one, after `today` (the
    coalition's). In an export, which has `imported_at`, readings and answers count as checked when they were given.
    """
    problems = Problems()
    if not isinstance(data, Mapping):
        problems.add("", f"is {kind_of(data)}. Begin it with schema_version and coalition.")
        return None, problems.all()
    top = Section(data, "", problems)
    if not read_version(top):
        return None, problems.all()
    is_export = top.given("imported_at")
    as_of = top.day("as_of")
    known = Known(data, is_export=is_export, as_of=as_of, today=today)
    record = _read(top, known, problems, as_of)
    return (None if len(problems) else record), problems.all()


def _read(top: Section, known: Known, problems: Problems, as_of: date | None) -> Record:
    coalition = read_coalition(top, known)
    vocabularies = read_vocabularies(top)
    organizations = read_organizations(top, known)
    members = read_members(top, known)
    groups = read_groups(top, known)
    priorities = read_priorities(top, known)
    cadences = read_cadences(top, known)
    question_sets = read_question_sets(top, known)
    responses = read_responses(top, known, coalition.timezone)
    record = Record(
        schema_version=SCHEMA_VERSION,
        as_of=as_of,
        first_imported_at=read_moment(top, coalition),
        coalition=coalition,
        organizations=organizations,
        members=members,
        groups=groups,
        priorities=priorities,
        cadences=cadences,
        question_sets=question_sets,
        responses=responses,
        rounds=read_rounds(top, known, coalition.timezone),
        actions=read_actions(top, known),
        issues=read_issues(top, known),
        decisions=read_decisions(top, known),
        funding_sources=read_funding_sources(top, known),
        extra=_read_extra(top, vocabularies),
    )
    known.check_ids(problems)
    return record


def _read_extra(top: Section, vocabularies: Mapping[str, Any]) -> Mapping[str, Any]:
    # Notes for a reviewer of the demonstration are no part of a coalition.
    top.given("demo_notes")
    extra = dict(top.extra())
    if vocabularies:
        extra["vocabularies"] = dict(vocabularies)
    return extra or NOTHING_EXTRA


def to_file(record: Record) -> dict[str, Any]:
    """The record as plain data in the file's own shape and order: what `check` reads back into an equal record.

    Everything that was kept is written, also responses, live rounds and the moment of the first import. Digests
    that were published are no part of a file.
    """
    extra = dict(record.extra)
    others = extra.pop("vocabularies", None)
    roles = StandingRoles(record)
    sections: dict[str, Any] = {
        "schema_version": record.schema_version,
        "as_of": record.as_of,
        "imported_at": written(record.first_imported_at),
        "coalition": write_coalition(record.coalition),
        "vocabularies": write_vocabularies(others if isinstance(others, Mapping) else {}),
        "organizations": [write_organization(each) for each in record.organizations],
        "members": [write_member(each) for each in record.members],
        "groups": [write_group(each) for each in record.groups],
        "priorities": [write_priority(each) for each in record.priorities],
        "cadences": [write_cadence(each) for each in record.cadences],
        "question_sets": [write_question_set(each) for each in record.question_sets],
        "checkins": [write_response(each, roles) for each in record.responses],
        "rounds": [write_round(each, roles) for each in record.rounds],
        "actions": [write_action(each) for each in record.actions],
        "issues": [write_issue(each) for each in record.issues],
        "decisions": [write_decision(each) for each in record.decisions],
        "funding_sources": [write_funding_source(each) for each in record.funding_sources],
    }
    kept = {key: value for key, value in sections.items() if value is not None and value != []}
    written_extra: dict[str, Any] = written(extra)
    return kept | written_extra
