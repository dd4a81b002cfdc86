"""The five forms in which a coalition is set up, and the list of what it has and has not yet."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.coalition import MOST_PRIORITIES, STEPS, Found, PriorityChoice, SetupPage, Task
from bot.domain.organizations import SECTORS
from bot.domain.rhythm import DAYS, Rhythm
from bot.domain.wording import plural, zone_title
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.identifiers import Action, Entry, Search, Submission
from bot.slack.message import Block, View
from bot.slack.metadata import encode_question
from bot.slack.mrkdwn import bold, own
from bot.slack.names import listed_some

TITLE = f"Set up, step {{step}} of {STEPS}"
SEEN_BY = "Seen by you and the other coordinators. Nothing is sent until you press Start."
RHYTHM = "Weekly rhythm"
BEGINS = "Seen by you and the other coordinators. It begins on the first of these days once the coalition is started."
MOST_NAME = 80
TICKS = 10  # Slack takes no more in one field
MOST_STAND_INS = 20
MOST_NAMED = 3
TICKED = "people_"  # and a number
WORKING = "Set up"
KEPT = "What you choose, and what you type and end with Enter, is kept should you close this before Next."
_TYPED_IN = frozenset({Submission.SETUP_NAME, Submission.SETUP_PRIORITIES, Submission.SETUP_ORGANIZATIONS})


def setup_view(page: SetupPage) -> View:
    """The form of a step."""
    return (_name_view, _priorities_view, _people_view, _organizations_view, _rhythm_view)[page.step - 1](page)


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


def _name_view(page: SetupPage) -> View:
    zone = kit.option(zone_title(page.timezone), page.timezone) if page.timezone else None
    return _form(
        page,
        Submission.SETUP_NAME,
        "Next",
        kit.input_block(
            "Coalition name",
            _typed(page.name),
            encode_question("name"),
            dispatch=True,
        ),
        kit.input_block(
            "Your organization",
            _typed(page.organization),
            encode_question("organization"),
            dispatch=True,
            hint="The one that keeps the coalition going. It can be changed later.",
        ),
        _sector("Its sector", "sector", page.sector),
        kit.input_block(
            "Time zone",
            kit.external_select(Search.ZONE, initial=zone, placeholder="Type a city"),
            encode_question("timezone"),
            hint="Digests and deadlines are stated in it. People are asked on their own clocks.",
        ),
    )


def _priorities_view(page: SetupPage) -> View:
    choices = page.choices or (PriorityChoice(),)
    blocks: list[Block] = [kit.section(own(problem)) for problem in page.problems]
    for index, choice in enumerate(choices[:MOST_PRIORITIES]):
        number = f" {index + 1}" if len(choices) > 1 else ""
        blocks += [
            kit.input_block(
                f"Priority{number}",
                _typed(choice.name),
                encode_question(f"priority_{page.first_row + index}"),
                dispatch=True,
            ),
            # What is chosen is kept at once, and with it what was typed above: the form may be closed before Next.
            kit.input_block(
                f"Owner{number}",
                kit.users_select(Action.SETUP_KEEP, initial=choice.owner, placeholder="Choose a person"),
                encode_question(f"owner_{page.first_row + index}"),
                hint="Asked for an update every week." if index == 0 else None,
                dispatch=True,
            ),
            kit.input_block(
                f"Channel{number}",
                kit.conversations_select(Action.SETUP_KEEP, initial=choice.channel, placeholder="Choose a channel"),
                encode_question(f"channel_{page.first_row + index}"),
                hint="Where it is worked on. Invite me there first, with /invite @Backbeat." if index == 0 else None,
                dispatch=True,
            ),
        ]
        if len(choices) > 1:
            label = f"Take out: {choice.name}" if choice.name else f"Take out priority {index + 1}"
            blocks.append(
                kit.actions(kit.button("Take out", Action.SETUP_DROP_PRIORITY, value=str(index), label=label))
            )
    if len(choices) < MOST_PRIORITIES:
        blocks.append(kit.actions(kit.button("Add another priority", Action.SETUP_ADD_PRIORITY)))
    return _form(page, Submission.SETUP_PRIORITIES, "Next", *blocks)


def _people_view(page: SetupPage) -> View:
    people = plural(len(page.found), "person", "people")
    blocks: list[Block] = [kit.section(f"{people} found in {plural(page.channel_count, 'channel')}.")]
    for start in range(0, len(page.found), TICKS):
        some = page.found[start : start + TICKS]
        options = [_ticked_option(one) for one in some]
        blocks.append(
            kit.input_block(
                "Who takes part?" if start == 0 else f"Who takes part? ({start + 1}–{start + len(some)})",
                kit.checkboxes(
                    Action.SETUP_KEEP, options, initial=[one for one in options if one["value"] in page.ticked]
                ),
                encode_question(f"{TICKED}{start // TICKS}"),
                optional=True,
                dispatch=True,
            )
        )
    chosen = dict(page.stand_ins)
    for user, name in page.owners[:MOST_STAND_INS]:
        options = [
            kit.option(one.account.name, one.account.user_id) for one in page.found if one.account.user_id != user
        ]
        if not options:
            continue
        initial = next((one for one in options if one["value"] == chosen.get(user)), None)
        blocks.append(
            kit.input_block(
                f"Stand-in for {name}",
                kit.static_select(
                    Action.SETUP_KEEP, options[: limits.OPTIONS], initial=initial, placeholder="Nobody yet"
                ),
                encode_question(f"stand_in_{user}"),
                hint="Asked when the owner is away or the round is about to close.",
                optional=True,
                dispatch=True,
            )
        )
    blocks.append(_back(2))
    return _form(page, Submission.SETUP_PEOPLE, "Next", *blocks)


def _ticked_option(one: Found) -> kit.Element:
    where = ", ".join(f"#{name}" for name in one.channels) or "owner of a priority"
    return kit.option(one.account.name, one.account.user_id, description=where)


def _organizations_view(page: SetupPage) -> View:
    blocks: list[Block] = []
    for number, one in enumerate(page.organizations):
        people = listed_some(one.people, MOST_NAMED)
        blocks += [
            kit.input_block(
                f"Organization of {people}",
                _typed(one.name),
                encode_question(f"organization_{number}"),
                dispatch=True,
                hint="Read from the e-mail address; correct it." if one.is_suggested else None,
            ),
            _sector(f"Sector of {one.name or f'the organization of {people}'}", f"sector_{number}", one.sector),
        ]
    return _form(page, Submission.SETUP_ORGANIZATIONS, "Next", *blocks, _back(3))


def _typed(initial: str) -> kit.Element:
    """A field for a name; Enter reports it."""
    return kit.plain_text_input(Action.SETUP_KEEP, max_length=MOST_NAME, initial=initial, on_enter=True)


def _sector(label: str, question: str, sector: str | None) -> Block:
    options = {value: kit.option(words, value) for value, words in SECTORS.items()}
    return kit.input_block(
        label,
        kit.static_select(
            Action.SETUP_KEEP,
            list(options.values()),
            initial=options.get(sector or ""),
            placeholder="Choose one",
        ),
        encode_question(question),
        dispatch=True,
    )


def _rhythm_view(page: SetupPage) -> View:
    asks, digest = _ask_fields(page.rhythm), _digest_fields(page)
    if not page.lacks:
        return _form(
            page, Submission.SETUP_RHYTHM, "See week one", *asks, *digest, _back(4 if page.organizations else 3)
        )
    return View(
        title=RHYTHM,
        callback_id=Submission.SETUP_RHYTHM,
        submit="See week one",
        close="Close",
        blocks=(
            kit.context(BEGINS),
            *(asks if "checkin" in page.lacks else ()),
            *(digest if "digest" in page.lacks else ()),
        ),
    )


def _ask_fields(rhythm: Rhythm) -> list[Block]:
    days = _days()
    return [
        kit.input_block(
            "Ask on", kit.static_select(Entry.VALUE, days, initial=days[rhythm.ask_day]), encode_question("ask_day")
        ),
        kit.input_block(
            "Ask at",
            kit.timepicker(Entry.VALUE, initial=rhythm.ask_at),
            encode_question("ask_at"),
            hint="On each owner's own clock. Answers close at noon on the working day before the digest.",
        ),
    ]


def _digest_fields(page: SetupPage) -> list[Block]:
    days, rhythm = _days(), page.rhythm
    return [
        kit.input_block(
            "Digest on",
            kit.static_select(Entry.VALUE, days, initial=days[rhythm.digest_day]),
            encode_question("digest_day"),
        ),
        kit.input_block(
            "Digest at",
            kit.timepicker(Entry.VALUE, initial=rhythm.digest_at),
            encode_question("digest_at"),
            hint=f"In the coalition's zone: {zone_title(page.timezone)}.",
        ),
        kit.input_block(
            "Roll-up channel",
            kit.conversations_select(Entry.VALUE, initial=page.rhythm_channel, placeholder="Choose a channel"),
            encode_question("channel"),
            hint="Where leadership reads the digest. Each priority's own part goes to its channel.",
            optional=True,
        ),
    ]


def _days() -> list[kit.Element]:
    return [kit.option(day, str(number)) for number, day in enumerate(DAYS)]


def checklist_title(tasks: Sequence[Task]) -> str:
    """How far a coalition is, in plain words."""
    return f"When you're ready, {sum(task.done for task in tasks)} of {len(tasks)} done"


def task_lines(tasks: Sequence[Task]) -> list[Block]:
    """What is not there yet, each with the button that adds it."""
    return [
        kit.section(
            own(task.what),
            accessory=kit.button("Add", Action.SAY, value=task.how.removeprefix("/"), label=f"Add: {task.what}"),
        )
        for task in tasks
        if not task.done
    ]


def checklist_blocks(tasks: Sequence[Task]) -> list[Block]:
    """The same with its title; nothing where all is there."""
    lines = task_lines(tasks)
    return [kit.section(bold(checklist_title(tasks))), *lines] if lines else []


def _back(step: int) -> Block:
    return kit.actions(kit.button("Back", Action.SETUP_BACK, value=str(step), label=f"Back to step {step}"))


def _form(page: SetupPage, callback_id: Submission, submit: str, *blocks: Block) -> View:
    assert page.step <= STEPS
    return View(
        title=TITLE.format(step=page.step),
        callback_id=callback_id,
        submit=submit,
        close="Close",
        blocks=(kit.context(SEEN_BY), *blocks, *([kit.context(KEPT)] if callback_id in _TYPED_IN else [])),
    )
