"""What ends in the season, by the forms of coordinators: two people and an organization leave, a priority is done."""

from __future__ import annotations

from datetime import date

from bot.sandbox.forms import elements
from bot.slack.metadata import encode_question
from tests.season.life import Act, Season
from tests.season.recount import actions_at


def leaves(coordinator: str, member: str, last_day: date, taker: str) -> Act:
    """A member takes part until a day; everything of theirs that the form lists goes to somebody else."""

    async def act(season: Season) -> None:
        await season.types(coordinator, f"coalition leave {member}")
        view = await season.opens(coordinator, "Open", "Hand over and leave")
        person = season.person(coordinator)
        name = season.ledger.member(taker)["name"]
        entered: dict[str, object] = {encode_question("last_day"): last_day.isoformat()}
        for block, element in elements(view.blocks or []):
            if element["type"] == "external_select":
                (entered[block["block_id"]],) = await person.options(view, block["block_id"], name)
        await person.fill(entered)
        await season.submits(coordinator)
        left(season, member, last_day, taker)

    return act


def organization_leaves(coordinator: str, line: str, organization: str, last_day: date, taker: str) -> Act:
    """An organization takes part until a day and its people with it; what is theirs goes to somebody else."""

    async def act(season: Season) -> None:
        await season.types(coordinator, f"coalition end {line}")
        view = await season.opens(coordinator, "Open", "End")
        person = season.person(coordinator)
        entered: dict[str, object] = {
            encode_question("last_day"): last_day.isoformat(),
            encode_question("members"): "They leave with it",
        }
        blocks = {block["block_id"] for block, _ in elements(view.blocks or [])}
        if (work := encode_question("work")) in blocks:
            entered[work] = "Goes on without one"
        name = season.ledger.member(taker)["name"]
        (entered[encode_question("taker")],) = await person.options(view, encode_question("taker"), name)
        await person.fill(entered)
        await season.submits(coordinator)
        for one in season.ledger.file["members"]:
            if one["organization"] == organization:
                left(season, one["id"], last_day, taker)

    return act


def left(season: Season, member: str, last_day: date, taker: str) -> None:
    """What is so of somebody who leaves: the ledger knows until when, and who has what was theirs."""
    season.ledger.ended.append({"member": member, "last_day": last_day, "at": season.now})
    for one in season.ledger.file["priorities"]:
        if one["owner"] == member:
            season.ledger.owners.append({"priority": one["id"], "owner": taker, "at": season.now})
    is_of_another = season.ledger.member(member)["organization"] != season.ledger.member(taker)["organization"]
    for one in actions_at(season.ledger, season.now):
        if one["owner"] == member and one["status"] not in ("done", "cancelled"):
            # Whoever is of another organization says first whether they take it on.
            given = {"owner": taker, "accepted": not is_of_another}
            season.ledger.actions.append({"id": one["id"], "at": season.now, **given})


def completes(coordinator: str, line: str, priority: str) -> Act:
    """A coordinator says that a priority is done: nobody is asked about it any more."""

    async def act(season: Season) -> None:
        await season.types(coordinator, f"priority edit {line}")
        await season.opens(coordinator, "Open", "Edit priority")
        await season.person(coordinator).fill({encode_question("state"): "complete"})
        await season.submits(coordinator)
        season.ledger.states.append({"priority": priority, "state": "complete", "at": season.now})

    return act
