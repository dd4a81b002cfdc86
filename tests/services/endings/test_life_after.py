"""A week is lived, then this or that ends, and the weeks go on: nothing fails over it, and nothing tells of it."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest

from bot.domain.endings import WITH_IT, Ending, EndRef
from bot.domain.record import Noun, find_ending
from bot.errors import Former, Refused
from tests.examples import is_whole, part
from tests.services.stage import ZONE, Stage

TODAY = date(2026, 11, 25)
THINGS = (
    (
        "organization:bend-chamber",
        "priority:family-access",
        "cadence:weekly-checkin",
        "metric:ns-good-jobs",
        "funding source:F-1",
        "group:wg-talent",
    ),
    (
        "group:steering",
        "organization:harrow-county",
        "cadence:wg-supplier-monthly",
        "priority:supplier-growth",
        "cadence:weekly-digest",
    ),
)


async def everything_read(stage: Stage, *, ahead: bool = False) -> str:
    """What people read in Home and in lists, each as they see it; and of the week ahead, which is lived for it."""
    services, seen = stage.services, []
    for key in part(("dana", "imani"), ("dana", "marcus", "imani")):
        with suppress(Former):
            actor = await stage.actor(key)
            everybodys = (
                services.home.page(actor),
                services.priorities.mine(actor, everything=True),
                services.metrics.mine(actor, everything=True),
                services.meetings.every(actor),
                services.checkins.mine(actor),
                services.digests.overview(actor),
                services.digests.past(actor),
                services.groups.page(actor),
                services.organizations.page(actor),
            )
            seen += [await read(one) for one in everybodys]
    dana = await stage.actor("dana")
    coordinators = (
        *((services.week.preview(dana),) if ahead else ()),
        services.plans.page(dana),
        services.funding.sources(dana),
        services.health_reports.page(dana),
        services.undeliveries.page(dana),
        services.members.page(dana),
    )
    return "\n".join([*seen, *[await read(one) for one in coordinators]])


async def read(page: Awaitable[object]) -> str:
    try:
        return repr(await page)
    except Refused as refused:
        return str(refused)


def told_of(text: str, name: str) -> list[str]:
    """Where a page names something by itself, not in what somebody wrote."""
    quoted = f"={name!r}"
    return [text[max(found.start() - 160, 0) : found.start() + 60] for found in re.finditer(re.escape(quoted), text)]


async def live_on(stage: Stage, until: datetime) -> str:
    """Morning, noon and night, with everything that is sent read as it goes out; in the suite at noon."""
    said = []
    while stage.calendar.now() < until:
        stage.calendar.set(
            stage.calendar.now()
            + timedelta(hours=part(12 if stage.calendar.now().astimezone(ZONE).hour < 12 else 24, 8))
        )
        await stage.services.rhythm.plan()
        await stage.services.rhythm.close()
        while claimed := await stage.services.deliveries.claim():
            said += [repr(await stage.services.contents.content(one.id)) for one in claimed]
            await stage.send(*claimed)
    return "\n".join(said)


@pytest.mark.in_part
@pytest.mark.parametrize("texts", part([(*THINGS[0], *THINGS[1])], THINGS), ids=lambda texts: texts[0])
async def test_the_weeks_go_on_without_it(used: Stage, texts: tuple[str, ...]) -> None:
    dana, names = await used.actor("dana"), {}
    for text in texts:
        ref = EndRef.read(text)
        thing = find_ending(await used.record(), ref.noun, ref.key)
        assert thing is not None
        names[ref] = thing.name
        form = await used.services.ends.form(dana, text)
        chosen = {
            str(kind): WITH_IT if WITH_IT in question.ways else next(iter(question.ways))
            for kind, question in form.questions.items()
        }
        await used.services.ends.end(dana, text, {}, Ending(last_day=TODAY, taker="dana", **chosen))
    used.calendar.set(datetime(2026, 11, 26, 0, 30, tzinfo=ZONE))
    read = await everything_read(used, ahead=True)
    # The round that was open on its last day closes as it began.
    assert not [place for ref, name in names.items() if ref.noun is not Noun.CADENCE for place in told_of(read, name)]
    await live_on(used, datetime(2026, 12, 2, tzinfo=ZONE))
    read = await everything_read(used)
    assert not [place for name in names.values() for place in told_of(read, name)]
    for text in texts:
        await used.services.ends.reopen(dana, text)
    await live_on(used, datetime(2026, 12, 3, tzinfo=ZONE))
    # Some check-ins and digests are named in the week ahead only, which is lived for it.
    read = await everything_read(used, ahead=is_whole())
    elsewhere = {Noun.SOURCE, *part({Noun.CADENCE}, set())}
    assert all(told_of(read, name) for ref, name in names.items() if ref.noun not in elsewhere)
