"""The audit trail on screen: which part of it was asked for, and a page of it in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.histories.history import HistoryEntry, Names, RowChange, field_lines, move_lines
from bot.domain.rhythm import Seen

PAGE = 8
MOST_LINES = 6  # of one change; a file's import changes hundreds of rows at once

# What a row of each table is called; those that belong to another row say whose they are by `_OF`.
CALLED = {
    "coalitions": "Coalition",
    "organizations": "Organization",
    "contacts": "Contact",
    "closed_days": "Closed day",
    "members": "Member",
    "roles": "Role",
    "away": "Absence",
    "groups": "Group",
    "group_members": "Group member",
    "priorities": "Priority",
    "outcomes": "Outcome",
    "metrics": "Figure",
    "milestones": "Milestone",
    "readings": "Value of a figure",
    "question_sets": "Questions",
    "earlier_questions": "Earlier version of questions",
    "cadences": "Rhythm",
    "moves": "Moved date",
    "cadence_attendees": "Attendee",
    "action_items": "Action",
    "issues": "Issue",
    "decisions": "Decision",
    "funding_sources": "Funding source",
    "allocations": "Allocation",
    "responses": "Update",
    "member_answers": "Answer to a check-in",
    "pulse_results": "Result of a pulse",
    "slack_accounts": "Slack account",
    "asks": "Ask",
    "private_notes": "Note to the coordinators",
    "note_readings": "Note seen",
    "letters": "Letter",
    "erasures": "Erasing of a person",
    "decision_responses": "Answer to a decision",
    "issue_decisions": "Decision proposed from an issue",
    "agenda_points": "Agenda point",
    "attendances": "Answer to a meeting",
    "meeting_notes": "Meeting notes",
    "digest_notes": "Context for the digest",
    "digest_sendings": "Digest asked for",
    "digest_forwards": "Forwarded digest",
    "digest_subscriptions": "Digest subscription",
}
_OF = ("member_id", "organization_id", "group_id", "priority_id", "metric_id", "cadence_id", "funding_source_id")
# Rows that stand for a person below something else.
_PERSONS = frozenset({"contacts", "group_members", "cadence_attendees"})
_DONE = {"insert": "added", "delete": "taken away"}
# People's own columns are left out of the trail, so there is nothing to show of them but that they changed.
WITHHELD = "…"
# What the program notes for its own work, as people would say it.
_NOTED = {
    "dm_channel_id": "direct messages opened",
    "dm_refusal": "direct messages refused by Slack",
    "dm_refused_at": "direct messages refused by Slack",
    "noted_at": "note left in a channel, since no direct message was taken",
    "linked_at": "linked",
    "first_contact_at": "first message sent",
    "links_from": "links in mails called back",
    "first_change_id": "first file brought in",
}
# And where it is taken back.
_TAKEN_BACK = dict.fromkeys(("dm_refusal", "dm_refused_at", "noted_at"), "direct messages taken again")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """Which changes: of one row (`table`, `row`), by or about one member (`member`), since a day; all by default."""

    table: str | None = None
    row: int | None = None
    member: int | None = None
    since: date | None = None
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage(Seen):
    """A page of changes, newest first. `about` is what they are about, in words; None for everything."""

    query: AuditQuery
    about: str | None
    entries: tuple[HistoryEntry, ...]
    total: int


def described(
    change: RowChange, names: Names, labels: Mapping[str, Mapping[int, str]], today: date, zone: str = "UTC"
) -> list[str]:
    """One row's change as a sentence or several. `labels` are ids such as A-101 by table; moments are in `zone`."""
    where = _where(change, names, labels)
    if change.operation != "update":
        role = change.new.get("role") or change.old.get("role")
        return [f"{where}{f', {_words(role)}' if role else ''}: {_DONE[change.operation]}"]
    withheld = sorted(
        name for name, value in change.new.items() if value == WITHHELD or change.old.get(name) == WITHHELD
    )
    lines = [f"{where}, {_words(name)}: changed" for name in withheld]
    moves = move_lines(change) if change.table == "action_items" else []
    told = [*field_lines(change, names, today, without={*withheld, *_NOTED, "moves"}, zone=zone), *moves]
    lines += [f"{where}, {line[:1].lower()}{line[1:]}" for line in told]
    # What has no words of its own is still a change, such as the order of things or a field of the file's own.
    return (
        lines
        or [*dict.fromkeys(f"{where}: {_noted(name, change.new[name])}" for name in _NOTED if name in change.new)]
        or [f"{where}: details changed"]
    )


def _noted(name: str, value: object) -> str:
    return _TAKEN_BACK.get(name, _NOTED[name]) if value is None else _NOTED[name]


def _where(change: RowChange, names: Names, labels: Mapping[str, Mapping[int, str]]) -> str:
    called = CALLED.get(change.table, "Something")
    own = labels.get(change.table, {}).get(change.row_id)
    name = names.of(change.table, change.row_id) or own
    if name is not None:
        return f"{called} {name}"
    values = {**change.old, **change.new}
    found = []
    for column in _OF:
        table = names.points_at[column]
        whose = names.of(table, values.get(column)) or labels.get(table, {}).get(values.get(column) or 0)
        if whose is not None:
            found.append(whose)
    # Of whom, and who: a seat in a group and a contact of an organization are a person's.
    is_persons = change.table in _PERSONS and len(found) > 1
    return f"{called} of {f'{found[1]}, {found[0]}' if is_persons else found[0]}" if found else called


def _words(text: object) -> str:
    return str(text).replace("_", " ")
