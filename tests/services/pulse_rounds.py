"""A coalition of eight that is asked a pulse: everybody, each Wednesday at nine, until Friday noon; nobody by name."""

from __future__ import annotations

from typing import Any

from bot.domain.record import Record
from bot.domain.record import record as values
from bot.services.checkins import PulseReply
from tests.builders import cadence, group, member
from tests.services.group_checkin import own_subject
from tests.services.lived import once
from tests.services.own_set import live
from tests.services.small import friday, questions, small, weekly
from tests.services.stage import Stage

PEOPLE = ("ana", "ben", "cal", "dee", "eli", "fay", "gus", "hal")
COORDINATOR = "lou"
PULSE = "pulse"
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (f"2026-11-{number}" for number in (24, 25, 26, 27))
OPENS, REMINDED, CLOSES = f"{WEDNESDAY}T09:00", f"{THURSDAY}T09:00", f"{FRIDAY}T12:00"
AFTER = f"{FRIDAY}T12:05"

PULSE_SET = values.QuestionSet(
    id="partner-pulse",
    title="Partner pulse",
    minutes=2,
    anonymous=True,
    questions=(
        values.Question(id="worth", type="scale", label="Worth your time?", min=1, max=5, required=True),
        values.Question(id="pace", type="choice", label="The pace?", options=("too_slow", "right", "too_fast")),
        values.Question(id="better", type="text", label="What would make it better?", max_length=200),
    ),
)
# Somebody whose name is no part of anything else.
NAMED = {"cal": {"name": "Calla Quist", "email": "calla.quist@acme.example"}}
# What each of them says, if they say it: no two write the same.
SAID = {
    who: {"worth": str(worth), "pace": pace, "better": f"The words of number {number}."}
    for number, (who, worth, pace) in enumerate(
        zip(PEOPLE, (1, 2, 3, 4, 5, 1, 2, 3), ("right", "too_slow", "too_fast", "right") * 2, strict=True)
    )
}


def pulse(**fields: Any) -> values.Cadence:
    """Each Wednesday at nine."""
    usual: dict[str, Any] = {
        "name": "Partner pulse",
        "audience": "all_members",
        "question_set": "partner-pulse",
        "rrule": "FREQ=WEEKLY;BYDAY=WE",
        "dtstart": cadence().dtstart.replace(day=7),
    }
    return cadence(PULSE, **(usual | fields))


def with_pulse(*pulses: values.Cadence, **fields: Any) -> Record:
    """With the weekly check-in on priorities beside it."""
    usual: dict[str, Any] = {
        "members": (
            member("ana", delegate="ben"),
            *(member(who, **NAMED.get(who, {})) for who in PEOPLE[1:]),
            member(COORDINATOR, roles=(values.Role(role="backbone_lead", scope="coalition"),)),
        ),
        "groups": (
            group(channel="leaders", members=("ana", "ben")),
            group("wg", name="Working Group", kind="working_group", members=("ana", "ben", "cal"), channel="wg-room"),
        ),
        "cadences": (friday(), weekly(), *(pulses or (pulse(),))),
        "question_sets": (questions(), PULSE_SET),
    }
    return small(**(usual | fields))


@once
async def begin(services: Any, calendar: Any, record: Record | None = None) -> Stage:
    """Live on the Tuesday before, after the round on priorities has been answered."""
    stage = await Stage.with_record(services, calendar, record or with_pulse())
    stage.at(f"{TUESDAY}T08:00")
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    await live(stage, f"{TUESDAY}T09:00")
    await stage.answer("ana", "p1")
    await live(stage, f"{TUESDAY}T09:05")
    return stage


async def say(stage: Stage, who: str, said: dict[str, str] | None = None, by: str | None = None) -> PulseReply:
    """Somebody takes part, with what they have to say unless it is given."""
    subject = await own_subject(stage, who, PULSE)
    return await stage.services.pulses.submit(await stage.actor(by or who), subject.id, said or SAID[who])
