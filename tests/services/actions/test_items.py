"""Action items on both databases: who may do what, adding once, taking back, asking for a yes, and two at once."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.actions import ActionChange, ActionList, ListQuery, NewAction, UnknownList
from bot.errors import Refused, UserError
from bot.store.actions import ActionItemRow
from bot.store.audit import AuditEntryRow
from tests.examples import on
from tests.services.stage import Stage
from tests.tables import on_each

FRIDAY = date(2026, 12, 4)
CALL = NewAction(title="Call the college", owner="grant", due=FRIDAY, priority="supplier-growth")


async def added(stage: Stage, by: str = "grant", token: str = "one", **fields: Any) -> ActionChange:
    usual: dict[str, Any] = {"title": "Call the college", "owner": by, "due": FRIDAY, "priority": "supplier-growth"}
    return await stage.services.action_items.add(await stage.actor(by), token, NewAction(**(usual | fields)))


async def do(stage: Stage, who: str, what: str, *args: Any) -> ActionChange:
    change: ActionChange = await getattr(stage.services.action_items, what)(await stage.actor(who), *args)
    return change


async def row_of(stage: Stage, key: str) -> ActionItemRow:
    async with stage.services.database.read() as session:
        row = await session.scalar(
            select(ActionItemRow).where(ActionItemRow.coalition_id == stage.coalition_id, ActionItemRow.key == key)
        )
    assert row is not None
    return row


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_an_added_action_gets_the_next_id_and_counts_at_once(any_sample: Stage) -> None:
    change = await added(any_sample)
    assert (change.what, change.card.id, change.card.accepted, change.card.organization) == (
        "added",
        "A-504",
        True,
        "bend-chamber",
    )
    record = await any_sample.record()
    action = next(one for one in record.actions if one.id == "A-504")
    assert (action.created, action.status, action.source) == (date(2026, 11, 23), "not_started", "slack")
    assert "A-504" in [card.id for card in await any_sample.services.action_items.mine(await any_sample.actor("grant"))]


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_the_same_submission_adds_once(any_sample: Stage) -> None:
    first = await added(any_sample)
    again = await added(any_sample)
    assert (again.card.id, again.already) == (first.card.id, True)
    assert (await added(any_sample, token="two")).card.id == "A-505"


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_the_same_form_sent_again_with_a_correction_changes_what_it_made(any_sample: Stage) -> None:
    first = await added(any_sample)
    corrected = await added(any_sample, title="Call the college registrar", due=date(2026, 12, 11))
    assert (corrected.card.id, corrected.already) == (first.card.id, False)
    assert (corrected.card.title, corrected.card.due) == ("Call the college registrar", date(2026, 12, 11))
    assert (await added(any_sample, title="Call the college registrar", due=date(2026, 12, 11))).already
    # What somebody else has done about it meanwhile stays.
    await any_sample.services.action_items.move(await any_sample.actor("omar"), first.card.id, FRIDAY, "Sooner.")
    late = await added(any_sample, title="Call", due=date(2026, 12, 11))
    assert (late.already, late.card.title, late.card.due) == (True, "Call the college registrar", FRIDAY)


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_a_corrected_owner_is_asked(any_sample: Stage) -> None:
    first = await added(any_sample)
    corrected = await added(any_sample, by="grant", owner="luis")
    assert (corrected.card.id, corrected.card.owner_name, corrected.card.accepted) == (
        first.card.id,
        "Luis Ferrer",
        False,
    )


@pytest.mark.at_once
async def test_two_at_once_get_ids_of_their_own_and_one_submission_one_action(any_sample: Stage) -> None:
    changes = await asyncio.gather(
        *(added(any_sample, token=str(number)) for number in range(4)),
        *(added(any_sample, token="0") for _ in range(2)),
    )
    assert sorted({change.card.id for change in changes}) == ["A-504", "A-505", "A-506", "A-507"]


@pytest.mark.at_once
async def test_two_who_close_it_at_once_close_it_once(any_sample: Stage) -> None:
    both = await asyncio.gather(
        do(any_sample, "grant", "complete", "A-202"), do(any_sample, "omar", "complete", "A-202")
    )
    assert sorted(change.already for change in both) == [False, True]
    async with any_sample.services.database.read() as session:
        row = await row_of(any_sample, "A-202")
        changes = await session.scalar(
            select(func.count(AuditEntryRow.id)).where(
                AuditEntryRow.table_name == "action_items",
                AuditEntryRow.row_id == row.id,
                AuditEntryRow.operation == "update",
            )
        )
    assert changes == 1


@on_each(
    ("fields", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 151}, "title"),
        ({"deliverable": "x" * 151}, "deliverable"),
        ({"owner": "nobody"}, "owner"),
        ({"due": date(2026, 11, 22)}, "due"),
        ({"priority": "nothing"}, "priority"),
        ({"waiting_on": "nobody"}, "waiting_on"),
    ],
)
async def test_mistakes_belong_to_their_field(stage: Stage, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(UserError) as caught:
        await added(stage, **fields)
    assert caught.value.field == field


async def test_today_is_a_day_to_have_something_done_by(stage: Stage) -> None:
    assert (await added(stage, due=date(2026, 11, 23))).card.due == date(2026, 11, 23)


async def test_funders_add_nothing(stage: Stage) -> None:
    ben = await stage.actor("ben")
    for attempt in (
        stage.services.action_items.add(ben, "one", CALL),
        stage.services.action_items.read_back(ben, "Call the college"),
        stage.services.action_items.form(ben),
    ):
        with pytest.raises(Refused, match="Dana Whitlock can help"):
            await attempt


@pytest.mark.parametrize(
    ("who", "key", "may"),
    [
        ("grant", "A-202", True),  # its owner
        ("grant", "A-201", True),  # the priority's owner
        ("marcus", "A-202", True),  # co-chair of the priority's group
        ("omar", "A-202", True),  # a coordinator
        ("helen", "A-202", False),  # a member of the group, and of steering
        ("tom", "A-102", False),
        ("ben", "A-202", False),
        ("helen", "A-501", False),  # the coalition's own
    ],
)
async def test_who_may_close_and_move(stage: Stage, who: str, key: str, may: bool) -> None:
    for what, args in (
        ("move", (FRIDAY, "Rent.")),
        ("start", ()),
        ("block", ("Rent.",)),
        ("complete", ()),
        ("cancel", ()),
    ):
        if may:
            assert (await do(stage, who, what, key, *args)).card.id == key
        else:
            with pytest.raises(Refused, match="can help"):
                await do(stage, who, what, key, *args)


@on_each(
    ("who", "key", "may"),
    [
        ("helen", "A-101", True),
        ("tom", "A-101", True),  # a member of the group
        ("luis", "A-101", False),
        ("ben", "A-101", False),
        ("lorna", "A-101", True),  # steering
        ("marcus", "A-202", True),  # stands in for its owner
        ("renata", "A-501", False),
        ("omar", "A-501", True),
    ],
)
async def test_who_may_see(stage: Stage, who: str, key: str, may: bool) -> None:
    actor = await stage.actor(who)
    if may:
        assert (await stage.services.action_items.show(actor, key)).id == key
    else:
        with pytest.raises(Refused, match="can help"):
            await stage.services.action_items.show(actor, key)


async def test_every_change_shows_and_can_be_taken_back(stage: Stage) -> None:
    before = await stage.services.action_items.show(await stage.actor("grant"), "A-202")
    for what, args, expected in (
        ("complete", (), {"status": "done", "completed": date(2026, 11, 23)}),
        (
            "block",
            ("The bank is silent.", FRIDAY),
            {"status": "blocked", "reason": "The bank is silent.", "due": FRIDAY},
        ),
        ("move", (FRIDAY, "The bank asked."), {"due": FRIDAY, "moves": 1, "moved": "from Nov 12: The bank asked."}),
        ("cancel", (), {"status": "cancelled"}),
    ):
        change = await do(stage, "grant", what, "A-202", *args)
        assert {name: getattr(change.card, name) for name in expected} == expected
        assert change.undo is not None
        assert (await do(stage, "grant", "undo", "A-202", change.undo)).card == before
        again = await do(stage, "grant", "undo", "A-202", change.undo)
        assert (again.what, again.already, again.card) == ("undone", True, before)


async def test_what_was_added_and_taken_back_is_off_every_list_and_kept(stage: Stage) -> None:
    change = await added(stage)
    assert change.undo is not None
    undone = await do(stage, "grant", "undo", "A-504", change.undo)
    assert (undone.what, undone.card.status, undone.undo) == ("undone", "cancelled", None)
    assert "A-504" not in [card.id for card in await stage.services.action_items.mine(await stage.actor("grant"))]
    row = await row_of(stage, "A-504")
    assert row.note == "Taken back right after it was added"


async def test_nothing_is_taken_back_over_somebody_elses_change(stage: Stage) -> None:
    change = await added(stage, by="omar", owner="grant")
    assert change.undo is not None
    assert not change.card.accepted
    accepted = await do(stage, "grant", "accept", "A-504")
    assert accepted.card.accepted
    kept = await do(stage, "omar", "undo", "A-504", change.undo)
    assert (kept.what, kept.card.status, kept.since) == ("kept", "not_started", stage.calendar.now())
    with pytest.raises(Refused, match="Only your own last change"):
        await do(stage, "omar", "undo", "A-504", accepted.undo)


async def test_one_asked_of_another_organization_waits_for_a_yes(stage: Stage) -> None:
    await added(stage, by="omar", owner="grant", due=date(2026, 11, 23))
    stage.at("2026-11-30T09:00")
    mine = await stage.services.action_items.mine(await stage.actor("grant"))
    assert (mine[0].id, mine[0].asked_by_name, mine[0].may_answer, mine[0].days_overdue) == (
        "A-504",
        "Omar Castellanos",
        True,
        0,
    )
    with pytest.raises(Refused, match="Grant Okafor is asked"):
        await do(stage, "omar", "accept", "A-504")
    with pytest.raises(UserError, match="has passed"):
        await do(stage, "grant", "offer", "A-504", date(2026, 11, 20))
    offered = await do(stage, "grant", "offer", "A-504", date(2026, 12, 11))
    assert (offered.card.accepted, offered.card.due, offered.card.note) == (
        True,
        date(2026, 12, 11),
        "Asked for Nov 23",
    )
    assert (await do(stage, "grant", "accept", "A-504")).already, "a yes said twice is one"
    with pytest.raises(UserError, match="isn't waiting for a yes"):
        await do(stage, "marcus", "accept", "A-504")


async def test_one_that_is_handed_back_belongs_to_whoever_asked(stage: Stage) -> None:
    await added(stage, by="omar", owner="grant")
    # The owner's stand-in may answer too.
    declined = await do(stage, "marcus", "decline", "A-504")
    assert (declined.card.owner, declined.card.organization, declined.card.accepted) == ("omar", "lbp", True)
    assert declined.card.note == "Handed back by Bend Area Chamber"


async def test_a_closed_action_is_opened_before_it_is_moved(stage: Stage) -> None:
    with pytest.raises(UserError, match="Reopen"):
        await do(stage, "helen", "move", "A-204", FRIDAY)
    assert (await do(stage, "helen", "start", "A-204")).card.status == "in_progress"
    with pytest.raises(UserError, match="one sentence"):
        await do(stage, "helen", "block", "A-204", "  ")
    with pytest.raises(UserError, match="200 fit"):
        await do(stage, "helen", "move", "A-204", FRIDAY, "x" * 201)
    with pytest.raises(UserError, match="I don't know the action A-999"):
        await do(stage, "helen", "start", "A-999")


@on_each(
    ("typed", "kind", "about", "total"),
    [
        ("", "mine", "", 2),
        ("mine", "mine", "", 2),
        ("overdue", "overdue", "", 6),
        ("supplier-growth", "priority", "supplier-growth", 4),
        ("Supplier", "priority", "supplier-growth", 4),
        ("@yolanda", "member", "yolanda", 1),
        ("Helen Sato", "member", "helen", 2),
        ("Kessler", "organization", "kessler", 2),
        ("Bend River Community College", "organization", "bend-river-cc", 2),
    ],
)
async def test_lists(stage: Stage, typed: str, kind: str, about: str, total: int) -> None:
    actor = await stage.actor("omar")
    found = await stage.services.action_items.find(actor, typed)
    assert isinstance(found, ActionList)
    assert (found.query.kind, found.query.id, found.total) == (kind, about, total)
    assert [card.due for card in found.cards] == sorted(card.due for card in found.cards)


async def test_a_list_has_pages_of_five(stage: Stage) -> None:
    actor = await stage.actor("omar")
    last = await stage.services.action_items.find(actor, ListQuery(kind="overdue", page=9))
    assert isinstance(last, ActionList)
    assert (last.query.page, last.start, len(last.cards), last.organizations) == (1, 5, 1, 5)
    organized = await stage.services.action_items.find(actor, ListQuery(kind="organized"))
    assert isinstance(organized, ActionList)
    assert [card.organization for card in organized.cards][:2] == ["bend-chamber", "bend-river-cc"]


async def test_lists_hold_what_one_may_see(stage: Stage) -> None:
    luis = await stage.actor("luis")
    overdue = await stage.services.action_items.find(luis, "overdue")
    assert isinstance(overdue, ActionList)
    assert {card.id for card in overdue.cards} == {"A-301", "A-302"}
    with pytest.raises(Refused, match="Yolanda Briggs or Dana Whitlock can help"):
        await stage.services.action_items.find(luis, "talent-pathways")


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("suplier-growth", "list supplier-growth"),
        ("taletn", "list talent-pathways"),
        ("overdu", "list overdue"),
        ("qqqq", None),
    ],
)
async def test_lists_that_are_not_known(stage: Stage, typed: str, nearest: str | None) -> None:
    found = await stage.services.action_items.find(await stage.actor("omar"), typed)
    assert isinstance(found, UnknownList)
    assert found.line == (f"action {nearest}" if nearest else "")


async def test_a_line_is_read_back_and_added_once(stage: Stage) -> None:
    omar = await stage.actor("omar")
    back = await stage.services.action_items.read_back(omar, "Send the form @grant by Dec 4 in supplier")
    assert (back.title, back.owner_name, back.due, back.priority_name, back.is_asked, back.is_complete) == (
        "Send the form",
        "Grant Okafor",
        FRIDAY,
        "Supplier and small-firm growth",
        True,
        True,
    )
    assert len((await stage.record()).actions) == 20
    changes = [await stage.services.action_items.add(omar, back.token) for _ in range(2)]
    assert [change.card.id for change in changes] == ["A-504", "A-504"]
    with pytest.raises(UserError, match="for a week only"):
        await stage.services.action_items.add(await stage.actor("grant"), back.token + "0")


async def test_what_a_line_leaves_open_is_assumed_and_said(stage: Stage) -> None:
    helen = await stage.actor("helen")
    back = await stage.services.action_items.read_back(helen, "Send the form in talent")
    assert (back.owner_name, back.due, back.assumed) == ("Helen Sato", date(2026, 12, 9), ("owner", "due"))
    form = await stage.services.action_items.form(helen, back.token)
    assert (form.title, form.next_meeting, form.priority) == ("Send the form", date(2026, 12, 9), "talent-pathways")
    assert form.readers == ("#lb-talent", "the coordinators", "the Steering Committee")
    whole = await stage.services.action_items.read_back(helen, "Send the form by Nov 31")
    assert (whole.due, whole.problems) == (date(2026, 11, 30), ("November has 30 days. Try “Nov 30” or “Mon”.",))


async def test_in_a_priority_s_channel_it_is_the_default(stage: Stage) -> None:
    await stage.join_channels()
    helen = await stage.actor("helen")
    back = await stage.services.action_items.read_back(helen, "Send the form", "CLB-TALENT")
    assert back.priority_name == "Talent pathways"
    whole = await stage.services.action_items.read_back(helen, "Send the form in the whole coalition", "CLB-TALENT")
    assert whole.priority_name is None
    assert (await stage.services.action_items.form(helen, channel_id="CLB-TALENT")).priority == "talent-pathways"


async def test_a_line_that_nobody_added_is_forgotten(stage: Stage) -> None:
    helen = await stage.actor("helen")
    old = await stage.services.action_items.read_back(helen, "Send the form")
    stage.at("2026-12-01T09:00")
    await stage.services.action_items.read_back(helen, "Send the other form")
    with pytest.raises(UserError, match="for a week only"):
        await stage.services.action_items.form(helen, old.token)


async def test_names_are_searched_by_any_word(stage: Stage) -> None:
    helen = await stage.actor("helen")
    services = stage.services.action_items
    assert [one.name for one in await services.search_members(helen, "okaf")] == ["Grant Okafor (Bend Area Chamber)"]
    assert len(await services.search_members(helen, " ")) == 14
    assert [one.id for one in await services.search_organizations(helen, "kess")] == ["kessler"]


@pytest.mark.in_part
@on("sqlite", "any_two_url")
async def test_another_coalitions_actions_are_not_known(any_two: tuple[Stage, Stage]) -> None:
    any_sample, other = any_two
    change = await added(any_sample)
    before = (await other.record()).actions
    for what, args in (
        ("complete", ()),
        ("start", ()),
        ("block", ("Rent.",)),
        ("move", (FRIDAY,)),
        ("cancel", ()),
        ("accept", ()),
        ("decline", ()),
        ("offer", (FRIDAY,)),
        ("undo", (change.undo,)),
        ("show", ()),
    ):
        with pytest.raises(UserError, match="I don't know the action A-504"):
            await do(other, "omar", what, "A-504", *args)
    # The same token and the next id are each coalition's own.
    assert (await added(other)).card.id == "A-504"
    await do(any_sample, "grant", "complete", "A-202")
    assert [one for one in (await other.record()).actions if one.id != "A-504"] == list(before)
