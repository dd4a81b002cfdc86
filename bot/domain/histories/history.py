"""What happened to one item, in words: who, when, for whom, old and new, by which path. Pure; reading is not here."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.actions import answer_words, ordinal
from bot.domain.rhythm import Seen, describe_rule
from bot.domain.vocabularies import Visibility
from bot.domain.wording import clock, day, day_and_clock, in_figures, one_line, with_article

MOST_ENTRIES = 8  # a page

_PATHS = {
    "command_line": "at the command line",
    "slack": "in Slack",
    "schedule": "by itself",
    "import": "by import",
    "link": "by a link",
    "series": "from its series",
}
# Machinery, or what belongs to the row above, says nothing about the item itself.
_SILENT = frozenset({"id", "coalition_id", "key", "extra", "submission_key", "position", "breakdown", "edited_at"})
_LABELS = {
    "assessment_on": "Assessed on",
    "headline_metric": "Main figure",
    "working_group_id": "Working group",
    "need_amount": "Need",
    "need_through": "Need, through",
    "need_basis": "Need, from",
    "steward_id": "Steward",
    "owner_id": "Owner",
    "series_provider": "Series from",
    "series_address": "Series",
    "series_period_column": "Column of its periods",
    "series_value_column": "Column of its values",
    "series_looks": "Looked at",
    "series_record_by_itself": "Recorded by itself",
    "confidential_below_n": "Shown from so many reporting",
    "expected_lag_days": "Days until a figure is ready",
    "baseline_value": "Baseline",
    "baseline_on": "Baseline, as of",
    "target_value": "Target",
    "target_on": "Target, by",
    "priority_id": "Priority",
    "due": "Due",
    "feeds_id": "Feeds",
    "question_set_id": "Questions",
    "live_at": "Live since",
    "ask_at": "Asked at",
    "paused_at": "Paused since",
    "goal": "Goal",
    "lens": "Lens",
    "public": "On the public page",
    "canvas": "Canvas in its channel",
    "north_star_public": "North star on the public page",
    "north_star_yearly_goals": "Goals by year",
    "decision_expected": "Decision expected",
    "blocked_reason": "In the way",
    "waiting_on_id": "Waits for",
    "deliverable": "Shows that it's done",
    "impact": "What it holds up",
    "rrule": "Rhythm",
    "dtstart": "First time",
    "exdates": "Skipped",
    "timezone": "Time zone",
    "time_basis": "On whose clock",
    "closes_after_hours": "Closes after",
    "reminder_after_hours": "Reminder after",
    "delegate_after_hours": "Stand-in after",
    "dm_channel_id": "Direct messages",
    "no_messages_about": "No messages about",
    "invitations": "Changed meetings by mail",
    "ask_via": "Asked by way of",
    "visibility": "Who sees it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """One entry of the audit trail: a row's columns before and after. `change` numbers the transaction."""

    change: int
    at: datetime
    path: str  # command_line | slack | schedule | import
    actor_id: int | None
    on_behalf_of_id: int | None
    table: str
    row_id: int
    operation: str  # insert | update | delete
    old: Mapping[str, Any]
    new: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """What surrogate keys stand for, by table; a row that is gone has no name.

    `points_at`: column → table, for every column that holds surrogate keys. `groups`: those that are named by their ids
    in files.
    """

    by_table: Mapping[str, Mapping[int, str]]
    points_at: Mapping[str, str]
    groups: Mapping[str, str] = field(default_factory=dict)

    def has_none(self, column: str) -> bool:
        """Whether a column points at what has no name at all."""
        return column in self.points_at and self.points_at[column] not in self.by_table

    def of(self, table: str, row_id: object) -> str | None:
        return self.by_table.get(table, {}).get(row_id) if isinstance(row_id, int) else None

    def member(self, row_id: int | None) -> str | None:
        return self.of("members", row_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One transaction's changes of an item, a plain sentence each. `by` None: the program itself or its operator."""

    at: datetime
    by: str | None
    on_behalf_of: str | None
    path: str
    lines: tuple[str, ...]

    @property
    def author(self) -> str:
        """Who, for whom and by which path: "Luis Ferrer for Imani Rhodes, in Slack"."""
        where = _PATHS.get(self.path, self.path.replace("_", " "))
        if self.by is None:
            return where[:1].upper() + where[1:]
        whom = f" for {one_line(self.on_behalf_of)}" if self.on_behalf_of else ""
        return f"{one_line(self.by)}{whom}, {where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemHistory(Seen):
    """A page of an item's history, newest first."""

    id: str
    name: str
    entries: tuple[HistoryEntry, ...]
    page: int
    total: int

    @property
    def has_more(self) -> bool:
        return (self.page + 1) * MOST_ENTRIES < self.total


Describe = Callable[[RowChange], Iterable[str]]


def entries_of(changes: Iterable[RowChange], names: Names, describe: Describe) -> tuple[HistoryEntry, ...]:
    """Entries, newest first, of changes given oldest first. `describe` is asked in their order."""
    found: dict[int, list[str]] = {}
    first: dict[int, RowChange] = {}
    for one in changes:
        lines = list(describe(one))
        if lines:
            first.setdefault(one.change, one)
            found.setdefault(one.change, []).extend(lines)
    return tuple(
        HistoryEntry(
            at=first[change].at,
            by=names.member(first[change].actor_id),
            on_behalf_of=names.member(first[change].on_behalf_of_id),
            path=first[change].path,
            lines=tuple(lines),
        )
        for change, lines in reversed(found.items())
    )


def page_of(
    item: str, name: str, entries: tuple[HistoryEntry, ...], page: int, *, zone: str, now: datetime
) -> ItemHistory:
    """A page of a history; one that is not there is the last."""
    last = max(0, (len(entries) - 1) // MOST_ENTRIES)
    page = min(max(page, 0), last)
    start = page * MOST_ENTRIES
    return ItemHistory(
        id=item,
        name=name,
        entries=entries[start : start + MOST_ENTRIES],
        page=page,
        total=len(entries),
        zone=zone,
        now=now,
    )


def field_lines(
    change: RowChange, names: Names, today: date, *, without: Collection[str] = (), zone: str = "UTC"
) -> list[str]:
    """Each column that an update changed: "Owner: Imani Rhodes → Luis Ferrer". Moments are told in `zone`."""
    lines = []
    for column in change.new:
        if column in _SILENT or column.endswith("_extra") or column in without or names.has_none(column):
            continue
        if column == "questions":
            lines += question_lines(change.old.get(column), change.new[column], today)
            continue
        old = value_words(column, change.old.get(column), names, today, zone)
        new = value_words(column, change.new[column], names, today, zone)
        lines.append(f"{label_of(column)}: {old or 'none'} → {new or 'none'}")
    return lines


def question_lines(old: Any, new: Any, today: date) -> list[str]:
    """Each question that a set asks otherwise now, by its words: “What moved?”: most characters 400 → 300."""
    before, after = ({one["id"]: one for one in asked or ()} for asked in (old, new))
    lines = [f"“{one_line(str(one['label']))}” is asked too" for key, one in after.items() if key not in before]
    for key, one in before.items():
        words = f"“{one_line(str(one['label']))}”"
        if key not in after:
            lines.append(f"{words} is asked no more")
            continue
        for name, value in after[key].items():
            if value != one.get(name) and name != "extra":
                was, now = (_said(name, kept, today) for kept in (one.get(name), value))
                lines.append(f"{words}: {name.replace('_', ' ')} {was} → {now}")
    return lines or ["Questions: in another order"]


def _said(name: str, value: Any, today: date) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (words_of_value(name, value, today) if value is not None else None) or "none"


def label_of(column: str) -> str:
    """What a column is called on screen."""
    words = _LABELS.get(column) or column.removesuffix("_id").replace("_", " ")
    return words[:1].upper() + words[1:]


def value_words(column: str, value: Any, names: Names, today: date, zone: str = "UTC") -> str | None:
    """A column's value in words; None where there is none. A moment is told in `zone`."""
    if value is None or value == "":
        return None
    table = names.points_at.get(column)
    if table is not None:
        return names.of(table, value) or "somebody or something that is gone"
    if column == "visibility":
        return _KEPT_TO.get(value) or with_article(names.groups.get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        # A wall time is told as it was written; only a moment is told on somebody's clock.
        return (
            day_and_clock(value.astimezone(ZoneInfo(zone)), today)
            if value.tzinfo
            else day_and_clock(value, today, with_zone=False)
        )
    if isinstance(value, time):
        return clock(datetime.combine(today, value))
    if isinstance(value, date):
        return day(value, today)
    if isinstance(value, Decimal):
        return in_figures(value)
    return words_of_value(column, value, today)


_KEPT_TO = {
    Visibility.EVERYBODY: "whoever reads the priority",
    Visibility.COORDINATORS: "the coordinators",
}
_PROGRAM_WORD = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?:Z|[+-][0-9:]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SAID = {
    "usd": "dollars",
    "email_only": "by e-mail only",
    "slack_connect": "from a connected workspace",
    "multi_channel_guest": "a guest of several channels",
    "single_channel_guest": "a guest of one channel",
    "member_local": "each person's clock",
    "consensus_then_two_thirds": "consensus, else two thirds",
    "all_members": "all members",
}


def words_of_value(column: str, value: Any, today: date) -> str | None:
    """Text, a number, a list or an object in words; None where there is nothing."""
    if isinstance(value, Mapping):
        found = [
            f"{_plain(str(name))} {words_of_value(str(name), one, today) or 'none'}" for name, one in value.items()
        ]
        return ", ".join(found) or None
    if isinstance(value, list | tuple):
        return ", ".join(words_of_value(column, one, today) or "none" for one in value) or None
    words = one_line(str(value))
    if column == "rrule":
        return describe_rule(words)
    if column.endswith("_hours"):
        return f"{words} hours"
    if _MOMENT.fullmatch(words):
        return day_and_clock(datetime.fromisoformat(words), today, with_zone=False)
    if _DATE.fullmatch(words):
        return day(date.fromisoformat(words), today)
    if column == "timezone":
        return words.replace("_", " ")
    return _SAID.get(words) or (_plain(words) if _PROGRAM_WORD.fullmatch(words) else words)


def _plain(words: str) -> str:
    return words.replace("_", " ")


# What is for the deciders' form only, or has no words of its own.
_NOT_TOLD = ("recommended", "recommendation_for", "applies", "key")
_MAY_HOLD_AMOUNTS = ("title", "outcome", "note", "why", "options")


def action_lines(change: RowChange, names: Names, today: date) -> list[str]:
    """An action's: asked of or given to whom, a yes, and each field."""
    new = change.new
    if change.operation == "insert":
        due = value_words("due", new.get("due"), names, today)
        owner = value_words("owner_id", new.get("owner_id"), names, today)
        return [f"{'Added for' if new.get('accepted') else 'Asked of'} {owner}, due {due}"]
    lines = [*move_lines(change), *field_lines(change, names, today, without=("accepted", "moves"))]
    # What is handed back, or done at once, counts without anybody's yes.
    if new.get("accepted") is True and "owner_id" not in new and new.get("status") != "done":
        return ["Accepted", *lines]
    return ["Waits for a yes again", *lines] if new.get("accepted") is False else lines


def move_lines(change: RowChange) -> list[str]:
    """Which time its date moved and why, or what was said when the third one asked."""
    old, new = (list(kept.get("moves") or ()) for kept in (change.old, change.new))
    if len(new) > len(old):
        reason = new[-1].get("reason")
        return [f"Moved for the {ordinal(len(new))} time{f': {one_line(reason)}' if reason else ''}"]
    if not new or len(new) < len(old):
        return []
    answer = new[-1].get("answer")
    if answer and answer != old[-1].get("answer"):
        return [answer_words(answer).capitalize()]
    return ["The day or reason of a move was corrected"] if new != old else []


def issue_lines(change: RowChange, names: Names, today: date) -> list[str]:
    """An issue's: who looks after it, and each field."""
    if change.operation == "insert":
        return [f"Raised, looked after by {value_words('owner_id', change.new.get('owner_id'), names, today)}"]
    return field_lines(change, names, today)


def decision_lines(change: RowChange, names: Names, today: date, *, sees_title: bool) -> list[str]:
    """A decision's, in as many words as its card has for this reader."""
    if change.operation == "insert":
        return ["Decided" if change.new.get("status") == "decided" else "Proposed"]
    return field_lines(change, names, today, without=(*_NOT_TOLD, *(() if sees_title else _MAY_HOLD_AMOUNTS)))
