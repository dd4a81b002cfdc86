"""Which tables the record is read from, and what in them stands under what. No values and no statements' order here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, Table, bindparam, select

from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.tables import AUDITED, METADATA

# Audited rows that are no part of the record, so nothing here reads them.
NOT_PART: Final = frozenset(
    {
        "agenda_points",
        "attendances",
        "digest_forwards",
        "digest_notes",
        "digest_sendings",
        "digest_subscriptions",
        "issue_decisions",
        "letters",
        "meeting_notes",
        "note_readings",
        "private_notes",
        "slack_accounts",
    }
)
# What has a history, so that the record of a moment can be told from the present one.
WITH_HISTORY: Final = tuple(sorted(name for name in AUDITED if name not in NOT_PART))
# What has no history but is kept row by row, and only in these columns.
_ROUNDS: Final[dict[str, tuple[str, ...]]] = {
    RoundRow.__tablename__: ("id", "cadence_id", "day", "sets_standing", "question_set_id", "questions_version"),
    RoundSubjectRow.__tablename__: (
        *("id", "round_id", "priority_id", "member_id", "opens_at", "closes_at", "asked_at", "extra"),
    ),
}
KEPT_BY_ROW: Final = (*WITH_HISTORY, *_ROUNDS)
# What is asked for anew as a whole once any row of it has changed: a part of a few rows is all that the record has.
ASKED_ANEW: Final = ("digests", "slack_channels")
PARTS: Final = (*KEPT_BY_ROW, *ASKED_ANEW)


@dataclass(frozen=True, slots=True)
class Under:
    """Rows that stand under one of another table, in the order of a column (and of their ids)."""

    owner: str
    column: str
    by: str = "id"
    reads_owner: bool = False  # what becomes of such a row depends on its owner's, instead of the other way round


UNDER: Final[dict[str, Under]] = {
    "allocations": Under("funding_sources", "funding_source_id", by="position"),
    "asks": Under("responses", "response_id", reads_owner=True),
    "away": Under("members", "member_id"),
    "cadence_attendees": Under("cadences", "cadence_id", by="position"),
    "closed_days": Under("organizations", "organization_id"),
    "contacts": Under("organizations", "organization_id", by="position"),
    "earlier_questions": Under("question_sets", "question_set_id", by="version"),
    "decision_responses": Under("decisions", "decision_id"),
    "group_members": Under("groups", "group_id", by="position"),
    "metrics": Under("priorities", "priority_id"),  # under none: the north star's
    "milestones": Under("metrics", "metric_id"),
    "moves": Under("cadences", "cadence_id"),
    "outcomes": Under("priorities", "priority_id"),
    "readings": Under("metrics", "metric_id"),
    "roles": Under("members", "member_id"),
    "round_subjects": Under("rounds", "round_id", reads_owner=True),
}


def table_of(name: str) -> Table:
    """A table by its name."""
    return METADATA.tables[name]


def owner_column(name: str) -> str:
    """The column that says whose coalition a row is."""
    return "id" if name == "coalitions" else "coalition_id"


@cache
def query_of(name: str, *, only_some: bool = False) -> Select[Any]:
    """The rows of a coalition (`of`), by id; with `only_some` those among `ids`. Put together once for each table."""
    table = table_of(name)
    columns = [table.c[column] for column in _ROUNDS[name]] if name in _ROUNDS else [table]
    query = select(*columns).where(table.c[owner_column(name)] == bindparam("of")).order_by(table.c.id)
    return query.where(table.c.id.in_(bindparam("ids", expanding=True))) if only_some else query
