"""What people of the season do beside the weekly round: stocktakes, figures asked for, targets, and work handed on."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from bot.slack.metadata import encode_question
from tests.handlers.stage import words
from tests.season.acts import next_digest
from tests.season.life import DIGESTS, Act, Season

STOCKTAKE = "Monthly stocktake"


def starts_stocktake(coordinator: str) -> Act:
    """A coordinator begins the stocktakes by one press, and saves what the press shows."""

    async def act(season: Season) -> None:
        await season.types(coordinator, "checkin")
        view = await season.opens(coordinator, "Start the stocktake", "Check-in")
        if "Yolanda" not in words(view):
            season.faulty(f"the stocktake doesn't say who is asked: {words(view)[:200]}")
        await season.person(coordinator).press(view, "Save")
        await season.puts_away(coordinator)
        if not any("is added" in text for _, at, text in season.screens if at == season.now):
            season.faulty("nothing says that the stocktake is added")

    return act


def takes_stock(
    member: str,
    priority: str,
    curve: str,
    forecast: str,
    story: str,
    change: str,
    *,
    decision: tuple[str, str, date | None] | None = None,  # its id, its title, by when
    readers: tuple[str, ...] = ("dana", "priya"),
) -> Act:
    """An owner takes stock; its card says so to whoever reads it, and what it asks to be decided waits for steering."""

    async def act(season: Season) -> None:
        name = season.ledger.priority(priority)["name"]
        await season.opens(member, "Answer", STOCKTAKE, name)
        entered: dict[str, Any] = {"curve": curve, "forecast": forecast, "story": story, "change": change}
        if decision is not None:
            entered["decision"] = decision[1]
        await season.person(member).fill({encode_question(key): value for key, value in entered.items()})
        await season.submits(member)
        for reader in readers:
            card = await season.types(reader, f"priority {name}")
            for said in (story, f"forecast {forecast}"):
                if said not in card:
                    season.faulty(f"{reader} can't read “{said}” of the stocktake on {name}'s card")
        if decision is None:
            return
        key, title, by = decision
        season.ledger.file["decisions"].append(
            {"id": key, "title": title, "status": "needed", "needed_by": by, "priority": priority}
        )
        season.promises(title, f"#{DIGESTS}: {key}", next_digest(season), ("marcus",), never=("ben",))

    return act


def gives_figure(member: str, name: str, metric: str, value: str, day: date, quality: str = "final") -> Act:
    """A steward gives a figure in the form that a message asking for it opens."""

    async def act(season: Season) -> None:
        await season.opens(member, "Update", "Update a figure", name)
        entered = {"value": value, "period_end": day.isoformat(), "quality": quality}
        await season.person(member).fill({encode_question(key): one for key, one in entered.items()})
        await season.submits(member)
        season.ledger.readings.append(
            {"metric": metric, "period_end": day, "value": value, "quality": quality, "at": season.now}
        )

    return act


def retargets(coordinator: str, metric: str, value: str, day: date, why: str) -> Act:
    """A coordinator gives a figure whose target's day has come a new one."""

    async def act(season: Season) -> None:
        await season.types(coordinator, f"figures {metric}")
        await season.opens(coordinator, "New target", "New target")
        entered = {"target_value": value, "target_on": day.isoformat(), "reason": why}
        await season.person(coordinator).fill({encode_question(key): one for key, one in entered.items()})
        await season.submits(coordinator)
        season.ledger.targets.append({"metric": metric, "value": value, "date": day, "at": season.now})

    return act


def adds_action(member: str, title: str, due: date) -> Act:
    """Somebody takes something on by a line."""

    async def act(season: Season) -> None:
        said = await season.types(member, f"add {title} by {due:%b} {due.day}")
        if "Not added yet" not in said:
            season.faulty(f"“add {title}” of {member} is answered: {said[:160]}")
            return
        await season.presses(member, "Add", "")
        await season.settle()
        found = re.search(r"A-\d+", words(season.stage.person(member).dm()[-1]))
        if found is None:
            season.faulty(f"{member} isn't told the number of “{title}”")
            return
        made = {"priority": None, "owner": member, "due": due, "status": "not_started"}
        season.ledger.actions.append({"id": found[0], "at": season.now, **made})

    return act


def takes_on(member: str, key: str, title: str) -> Act:
    """Somebody says yes to work that another organization handed to them."""

    async def act(season: Season) -> None:
        await season.presses(member, "I'll do it", title)
        await season.settle()
        season.ledger.actions.append({"id": key, "at": season.now, "accepted": True})

    return act


def hands_back(member: str, key: str, title: str, asker: str) -> Act:
    """Somebody says no to it: it is with whoever asked."""

    async def act(season: Season) -> None:
        await season.presses(member, "Not mine", title)
        await season.settle()
        given = {"owner": asker, "organization": season.ledger.member(asker)["organization"], "accepted": True}
        season.ledger.actions.append({"id": key, "at": season.now, **given})

    return act


def reads(member: str, line: str, *told: str, lacks: tuple[str, ...] = ()) -> Act:
    """Somebody asks the bot by a line, and reads this in the answer."""

    async def act(season: Season) -> None:
        answer = await season.types(member, line)
        for one in told:
            if one not in answer:
                season.faulty(f"“{line}” of {member} doesn't say “{one}”: {answer[:300]}")
        for one in lacks:
            if one in answer:
                season.faulty(f"“{line}” of {member} says “{one}”")

    return act
