"""The five forms in which a coalition is set up, and the list of what it has and has not yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.coalition import MOST_NAME, MOST_PRIORITIES, STEPS, Found, PriorityChoice, SetupPage, Task
from bot.domain.organizations import SECTORS
from bot.domain.rhythm import DAYS
from bot.domain.typed import Known
from bot.domain.wording import locale_title, plural, zone_title
from bot.slack.blocks import kit
from bot.slack.forms import (
    Account,
    Answered,
    Channel,
    Choice,
    Field,
    Find,
    Form,
    Hour,
    Part,
    Pick,
    Text,
    Ticks,
    about,
    as_typed,
    fixed,
    note,
)
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Block, View
from bot.slack.mrkdwn import bold, own
from bot.slack.names import listed_some

SEEN_BY = "Seen by you and the other coordinators. Nothing is sent until you press Start."
RHYTHM = "Weekly rhythm"
BEGINS = "Seen by you and the other coordinators. It begins on the first of these days once the coalition is started."
TICKS = 10  # Slack takes no more in one field
MOST_STAND_INS = 20
MOST_NAMED = 3
TICKED = "people_"  # and a number
WORKING = "Set up"
KEPT = "What you choose, and what you type and end with Enter, is kept should you close this before Next."


def setup_view(page: SetupPage) -> View:
    """The form of the step that the page is at."""
    return (
        SETUP_NAME_FORM, SETUP_PRIORITIES_FORM, SETUP_PEOPLE_FORM, SETUP_ORGANIZATIONS_FORM, RHYTHM_FORM
    )[page.step - 1].view(page)  # fmt: skip


def _found(page: SetupPage) -> str:
    return f"{plural(len(page.found), 'person', 'people')} found in {plural(page.channel_count, 'channel')}."


def _title(page: SetupPage) -> str:
    return RHYTHM if page.step == STEPS and page.lacks else f"Set up, step {page.step} of {STEPS}"


def reading_view(channels: int) -> View:
    """What is shown while Slack is asked about people and channels."""
    return View(
        title=WORKING,
        close="Close",
        blocks=(
            kit.context(SEEN_BY),
            kit.section(f"Saved. Looking for people in {plural(channels, 'channel')} …"),
            kit.context("If you close this, write /coalition setup to go on here."),
        ),
    )


def _at_once(field: Field[object]) -> Field[object]:
    """What is chosen, or typed and ended by Enter, is kept at once: the form may be closed before Next."""
    return replace(field, action=Action.SETUP_KEEP, dispatch=True)


def _priorities(page: SetupPage) -> Iterator[Field[object] | Block]:
    choices = page.choices or (PriorityChoice(),)
    yield from (kit.section(own(problem)) for problem in page.problems)
    for index, one in enumerate(choices[:MOST_PRIORITIES]):
        number, row, is_first = f" {index + 1}" if len(choices) > 1 else "", page.first_row + index, index == 0
        yield _at_once(Text(f"priority_{row}", f"Priority{number}", MOST_NAME, shows=fixed(one.name)))
        hint = "Asked for an update every week." if is_first else None
        yield _at_once(Account(f"owner_{row}", f"Owner{number}", shows=fixed(one.owner), hint=hint))
        hint = "Where it is worked on. Invite me there first, with /invite @Backbeat." if is_first else None
        yield _at_once(Channel(f"channel_{row}", f"Channel{number}", shows=fixed(one.channel), hint=hint))
        if len(choices) > 1:
            label = f"Take out: {one.name}" if one.name else f"Take out priority {index + 1}"
            button = kit.button("Take out", Action.SETUP_DROP_PRIORITY, value=str(index), label=label)
            yield kit.actions(button)
    if len(choices) < MOST_PRIORITIES:
        yield kit.actions(kit.button("Add another priority", Action.SETUP_ADD_PRIORITY))


def _people(page: SetupPage) -> Iterator[Field[object] | Block]:
    for start in range(0, len(page.found), TICKS):
        some = page.found[start : start + TICKS]
        more = f" ({start + 1}–{start + len(some)})" if start else ""
        ticks = [_ticked_option(one) for one in some]
        name = f"{TICKED}{start // TICKS}"
        yield _at_once(Ticks(name, f"Who takes part?{more}", ticks, shows=fixed(page.ticked), optional=True))
    chosen = dict(page.stand_ins)
    for user, name in page.owners[:MOST_STAND_INS]:
        others = [one.account for one in page.found if one.account.user_id != user]
        if others:
            yield _at_once(
                Pick(
                    f"stand_in_{user}",
                    f"Stand-in for {name}",
                    {one.user_id: one.name for one in others},
                    shows=fixed(chosen.get(user)),
                    placeholder="Nobody yet",
                    hint="Asked when the owner is away or the round is about to close.",
                    optional=True,
                )
            )
    yield _back(2)


def _ticked_option(one: Found) -> kit.Element:
    where = ", ".join(f"#{name}" for name in one.channels) or "owner of a priority"
    return kit.option(one.account.name, one.account.user_id, description=where)


def _organizations(page: SetupPage) -> Iterator[Field[object] | Block]:
    for number, one in enumerate(page.organizations):
        people = listed_some(one.people, MOST_NAMED)
        hint = "Read from the e-mail address; correct it." if one.is_suggested else None
        label = f"Organization of {people}"
        yield _at_once(Text(f"organization_{number}", label, MOST_NAME, shows=fixed(one.name), hint=hint))
        label = f"Sector of {one.name or f'the organization of {people}'}"
        yield _at_once(Pick(f"sector_{number}", label, SECTORS, shows=fixed(one.sector)))
    yield _back(3)


_SEEN_BY: Part[object] = note(SEEN_BY)
_ON_DAYS = {str(number): day for number, day in enumerate(DAYS)}
SETUP_NAME_FORM: Form[SetupPage, Answered] = Form(
    as_typed, Submission.SETUP_NAME, _title, "Next",
    _SEEN_BY,
    _at_once(Text("name", "Coalition name", MOST_NAME)),
    _at_once(
        Text(
            "organization",
            "Your organization",
            MOST_NAME,
            hint="The one that keeps the coalition going. It can be changed later.",
        )
    ),
    _at_once(Pick("sector", "Its sector", SECTORS)),
    Find("timezone", "Time zone", Search.ZONE,
        shows=lambda page: Known(page.timezone, zone_title(page.timezone)) if page.timezone else None,
        placeholder="Type a city",
        hint="Digests and deadlines are stated in it. People are asked on their own clocks."),
    Find("locale", "Figures and dates", Search.LOCALE,
        shows=lambda page: Known(page.locale, locale_title(page.locale)),
        placeholder="Type a country",
        hint="How numbers, money, dates and times are written. Words stay English."),
    note(KEPT),
)  # fmt: skip
SETUP_PRIORITIES_FORM: Form[SetupPage, Answered] = Form(
    as_typed, Submission.SETUP_PRIORITIES, _title, "Next", _SEEN_BY, _priorities, note(KEPT)
)
SETUP_PEOPLE_FORM: Form[SetupPage, Answered] = Form(
    as_typed, Submission.SETUP_PEOPLE, _title, "Next", _SEEN_BY, about(lambda page: _found(page)), _people
)
SETUP_ORGANIZATIONS_FORM: Form[SetupPage, Answered] = Form(
    as_typed, Submission.SETUP_ORGANIZATIONS, _title, "Next", _SEEN_BY, _organizations, note(KEPT)
)
# A coalition from a file is asked only for what it lacks.
RHYTHM_FORM: Form[SetupPage, Answered] = Form(
    as_typed, Submission.SETUP_RHYTHM, _title, "See week one",
    note(lambda page: BEGINS if page.lacks else SEEN_BY),
    Choice("ask_day", "Ask on", _ON_DAYS, when=lambda page: _asks(page, "checkin")),
    Hour("ask_at", "Ask at", when=lambda page: _asks(page, "checkin"),
        hint="On each owner's own clock. Answers close at noon on the working day before the digest."),
    Choice("digest_day", "Digest on", _ON_DAYS, when=lambda page: _asks(page, "digest")),
    Hour("digest_at", "Digest at", when=lambda page: _asks(page, "digest"),
        hint=lambda page: f"In the coalition's zone: {zone_title(page.timezone)}."),
    Channel("channel", "Roll-up channel", shows=lambda page: page.rhythm_channel,
        when=lambda page: _asks(page, "digest"),
        hint="Where leadership reads the digest. Each priority's own part goes to its channel.", optional=True),
    lambda page: [] if page.lacks else [_back(4 if page.organizations else 3)],
    values=lambda page: page.rhythm,
)  # fmt: skip


def _asks(page: SetupPage, what: str) -> bool:
    return not page.lacks or what in page.lacks


def checklist_title(tasks: Sequence[Task]) -> str:
    """How far a coalition is, in plain words."""
    return f"When you're ready, {sum(task.done for task in tasks)} of {len(tasks)} done"


def task_lines(tasks: Sequence[Task]) -> list[Block]:
    """What is not there yet, each with the button that adds it."""
    return [
        kit.line(own(task.what), "Add", Action.SAY, value=task.how.removeprefix("/"), about=task.what)
        for task in tasks
        if not task.done
    ]


def checklist_blocks(tasks: Sequence[Task]) -> list[Block]:
    """The same with its title; nothing where all is there."""
    lines = task_lines(tasks)
    return [kit.section(bold(checklist_title(tasks))), *lines] if lines else []


def _back(step: int) -> Block:
    return kit.actions(kit.button("Back", Action.SETUP_BACK, value=str(step), label=f"Back to step {step}"))
