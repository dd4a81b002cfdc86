"""The audit trail in words: every change says something a person understands, also what the program noted itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from bot.domain.histories import Names, RowChange, described
from bot.domain.histories.audit_pages import CALLED
from bot.services.trail import POINTS_AT
from bot.store.tables import AUDITED
from tests.tables import on_each

NAMES = Names(
    {
        "members": {7: "Grant Okafor", 8: "Luis Ferrer"},
        "cadences": {7: "Weekly digest"},
        "organizations": {3: "Bend Area Chamber"},
        "question_sets": {4: "Weekly priority update"},
    },
    POINTS_AT,
)


def change(table: str, new: dict[str, Any], *, old: dict[str, Any] | None = None, operation: str = "update") -> Any:
    return RowChange(
        change=1,
        at=datetime(2026, 11, 23, tzinfo=UTC),
        path="slack",
        actor_id=8,
        on_behalf_of_id=None,
        table=table,
        row_id=7,
        operation=operation,
        old=old or {},
        new=new,
    )


def test_no_table_is_called_by_the_programs_own_name() -> None:
    """“Note readings: added” stood there, where nobody had given a table a name."""
    # An erasing is told by an entry of its own: its row is no part of what the trail rebuilds.
    assert set(CALLED) == {*AUDITED, "erasures"}
    assert described(change("letters", {"receiver_id": 7}, operation="insert"), NAMES, {}, date(2026, 11, 23)) == [
        "Letter: added"
    ]


@on_each(
    ("made", "words"),
    [
        (change("slack_accounts", {"dm_channel_id": "D1"}, old={"member_id": 7}), "direct messages opened"),
        (
            change(
                "slack_accounts",
                {"dm_refusal": "x", "dm_refused_at": datetime(2026, 11, 23, tzinfo=UTC)},
                old={"member_id": 7},
            ),
            "direct messages refused by Slack",
        ),
        (
            change("slack_accounts", {"dm_refusal": None, "dm_refused_at": None}, old={"member_id": 7}),
            "direct messages taken again",
        ),
        (change("members", {"first_contact_at": None}), "Member Grant Okafor: first message sent"),
        (change("coalitions", {"first_change_id": 3}), "Coalition: first file brought in"),
        (change("members", {"extra": {}}), "Member Grant Okafor: details changed"),
        (change("members", {"name": "…"}), "Member Grant Okafor, name: changed"),
        (change("members", {"timezone": "UTC"}), "Member Grant Okafor, time zone: none → UTC"),
        (change("cadences", {"feeds_id": 7}), "Rhythm Weekly digest, feeds: none → Weekly digest"),
        (
            change("coalitions", {"live_at": datetime(2026, 11, 23, 13, tzinfo=UTC)}),
            "Coalition, live since: none → Mon Nov 23, 7:00 AM Central",
        ),
        (change("members", {"access": "email_only"}, old={"access": "member"}), "access: member → by e-mail only"),
        (change("cadences", {"rrule": "FREQ=WEEKLY;BYDAY=TU"}), "rhythm: none → Tuesdays"),
        (change("cadences", {"rrule": "FREQ=MONTHLY;BYDAY=2WE"}), "rhythm: none → second Wednesday of the month"),
        (change("cadences", {"exdates": ["2026-12-08T09:00:00"]}), "skipped: none → Tue Dec 8, 9:00 AM"),
        (change("cadences", {"exdates": [datetime(2026, 12, 8, 9)]}), "skipped: none → Tue Dec 8, 9:00 AM"),  # noqa: DTZ001
        (change("cadences", {"closes_after_hours": 51}), "closes after: none → 51 hours"),
        (change("cadences", {"time_basis": "member_local"}), "on whose clock: none → each person's clock"),
        (change("groups", {"decision_rule": "consensus_then_two_thirds"}), "none → consensus, else two thirds"),
        (change("coalitions", {"north_star_extra": {}, "extra": {"fiscal_year": 1}}), "details changed"),
        (change("metrics", {"unit": "usd"}, old={"unit": "percent"}), "unit: percent → dollars"),
        (change("members", {"no_messages_about": ["due_figures", "actions"]}), "none → due figures, actions"),
        (change("members", {"ask_at": time(14)}), "Member Grant Okafor, asked at: none → 2:00 PM"),
        (change("roles", {"role": "data_lead", "member_id": 7}, operation="insert"), "data lead: added"),
        (change("cadences", {"dtstart": datetime(2026, 12, 8, 9)}), "first time: none → Tue Dec 8, 9:00 AM"),  # noqa: DTZ001
        (change("cadences", {"question_set_id": 4}), "questions: none → Weekly priority update"),
        (
            change("contacts", {"member_id": 7, "organization_id": 3}, operation="insert"),
            "Contact of Bend Area Chamber, Grant Okafor: added",
        ),
        (
            change(
                "question_sets",
                {"questions": [{"id": "moved", "label": "What moved?", "required": True}]},
                old={"questions": [{"id": "moved", "label": "What moved?", "required": False}]},
            ),
            "Questions, “What moved?”: required no → yes",
        ),
        (
            change("question_sets", {"questions": []}, old={"questions": [{"id": "moved", "label": "What moved?"}]}),
            "Questions, “What moved?” is asked no more",
        ),
        (change("roles", {}, old={"role": "funder"}, operation="delete"), "Role, funder: taken away"),
    ],
)
def test_every_change_has_words(made: RowChange, words: str) -> None:
    (line,) = described(made, NAMES, {}, date(2026, 11, 23), "America/Chicago")
    assert words in line
