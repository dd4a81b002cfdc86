"""Every form: what is typed in it comes back, sent twice it is stored once, and the audit trail says it in words.

All of them are filled in and sent on one stage; each test looks at another thing of it. "Sent twice" is pressed twice
in a row and delivered once more.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.domain.record import Record
from bot.sandbox import Person
from bot.sandbox.people import Refused
from bot.sandbox.workspace import Message
from bot.slack.blocks.checkins.forms import KEPT_ON_CLOSE, NOT_KEPT_ON_CLOSE
from bot.slack.identifiers import Submission
from bot.slack.kept_words import AGAIN, NOTICE, READ_BACK, SENT_BY
from bot.slack.metadata import encode_question
from bot.store.checkins import DraftRow
from bot.store.coalition import CoalitionRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from handlers import SUBMISSIONS
from tests.conftest import MONDAY_SEVEN
from tests.engines import in_this_thread
from tests.examples import one_in, part
from tests.handlers.conftest import opened
from tests.handlers.every_form import FORMS, SETUP, Form
from tests.handlers.forms import MONDAY, TUESDAY
from tests.handlers.stage import Stage, Still, answer_to, answer_words, words
from tests.handlers.test_setup import STEP, begin, choose_priorities, count, name_organizations

pytestmark = pytest.mark.at_once

# Elapsed seconds: what is stored is counted once all of it is, however busy the machine is.
PATIENCE = 60.0
# Check-ins keep their words by question, a setup in itself; of an anonymous one nothing is kept.
OTHERWISE = {Submission.CHECKIN, Submission.CHECKIN_AHEAD, Submission.PULSE, *SETUP}
TYPED = "Kept and not sent"
# Names with underscores, codes of enums, lists and objects, days and moments as numbers, rules, accounts.
_PROGRAMS = re.compile(
    r"\b[a-z]+_[a-z_]+\b|[{}\[\]]|\b\d{4}-\d{2}-\d{2}|\bFREQ=|\b(?:None|True|False|null|true|false)\b|\b[UDCT]0[A-Z0-9]{3,}"
)
_MOST_PAGES = 60
KINDS = {one.submission: one for one in reversed(FORMS)}
# Of forms of one kind the suite sends the first.
SENT = part([one for one in FORMS if one is KINDS[one.submission]], FORMS)
# Of whether their words come back; that they say so, and that nothing is stored twice, is looked at in all of them.
OPENED_AGAIN = one_in(6, [one for one in SENT if one.submission not in OTHERWISE])
# Of whether sending them twice stores them once; the others are sent once, so that what follows finds what it needs.
# Two say by what is read that they were sent before.
SAY_IT_TWICE = {Submission.IMPORT_CONFIRM, Submission.FIGURE_TABLE_CONFIRM}
SENT_TWICE = [*one_in(8, SENT), *(one for one in SENT if one.submission in SAY_IT_TWICE)]


@dataclass
class Sent:
    """What was seen of every form, by its name and what it says then."""

    not_kept: dict[str, list[str]] = field(default_factory=dict)  # what is wrong with the words that it keeps
    not_once: dict[str, list[str]] = field(default_factory=dict)  # what is wrong with what is stored
    posts: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked: str = ""  # the message from which the first form was sent
    audit: tuple[str, ...] = ()  # the lines of the audit trail


async def settled(stage: Stage) -> None:
    """What goes along with a press is through."""
    await stage.edge.drain(PATIENCE)


def fields(person: Person) -> dict[str, str]:
    """What stands in the fields for words of the form on top, by their names."""
    blocks: list[dict[str, Any]] = person.modal.blocks if person.modal is not None else []
    texts = [one for one in blocks if (one.get("element") or {}).get("type") == "plain_text_input"]
    return {one["block_id"]: one["element"].get("initial_value", "") for one in texts}


async def drafts(stage: Stage) -> list[str]:
    async with stage.services.database.read() as session:
        return list(await session.scalars(select(DraftRow.subject).where(DraftRow.subject.startswith("form:"))))


async def open_whole(stage: Stage, form: Form, person: Person) -> None:
    """The form, with what was kept of it: where Slack would not wait for that, it comes after the form."""
    await form.open(stage, person)
    await settled(stage)


async def typed_and_opened_again(stage: Stage, form: Form, person: Person, wrong: list[str]) -> None:
    """One form: closed and opened again with words in its fields, and once more with those emptied where something had
    stood in them, if that is tried; then filled in."""
    await open_whole(stage, form, person)
    before = fields(person)
    names = list(before)
    says = words(person.modal)
    if form.submission in {Submission.QUESTIONS_PREVIEW, Submission.PULSE}:
        if NOT_KEPT_ON_CLOSE not in says:
            wrong.append("doesn't say that nothing is kept")
        names = []
    elif form.submission in OTHERWISE:
        if names and KEPT_ON_CLOSE not in says:
            wrong.append("doesn't say what is kept")
        names = []
    elif names and NOTICE not in says:
        wrong.append("doesn't say what is kept")
    if form not in OPENED_AGAIN:
        names = []
    for put in (TYPED, None) if any(before.values()) else (TYPED,):
        if names:
            await person.fill(dict.fromkeys(names, put))
            await settled(stage)
            await person.close()
            await open_whole(stage, form, person)
            if put is not None and AGAIN not in words(person.modal):
                wrong.append("doesn't say that it isn't sent")
            wrong += [f"{name} shows {shown!r}" for name, shown in fields(person).items() if shown != (put or "")]
    await person.fill({name: before[name] or None for name in names} | form.values)
    await settled(stage)


async def send_twice(stage: Stage, person: Person) -> list[str]:
    """Presses the button of the form on top twice before it is answered, then delivers the second press once more.

    Returns what is wrong with what was stored and answered.
    """
    wrong = []
    before = await stage.stored()
    outcomes = await asyncio.gather(person.submit(), person.submit())
    await stage.edge.drain(PATIENCE)
    once = await stage.stored()
    if any(outcomes):
        wrong.append(f"refused: {outcomes}")
    if once[0] - before[0] > 1:
        wrong.append(f"stored by {once[0] - before[0]} transactions")
    answers = [answer_words(one["response"]) for one in stage.submissions()[-2:]]
    again = answer_words(await stage.redeliver(stage.submissions()[-1]))
    await stage.edge.drain(PATIENCE)
    if await stage.stored() != once:
        wrong.append(f"stored once more when it was delivered once more: {once}, then {await stage.stored()}")
    if again not in answers:
        wrong.append(f"answered another way when it was delivered once more: {again}")
    return wrong


async def send_once(stage: Stage, person: Person) -> list[str]:
    """Presses the button of the form on top; returns what is wrong with what was answered."""
    with in_this_thread():
        refused = await person.submit()
        await settled(stage)
    return [f"refused: {refused}"] if refused else []


async def forgotten(stage: Stage, form: Form, person: Person, wrong: list[str]) -> None:
    """What was kept of a form is kept no more once it is sent; what is read back first, once that is sent too."""
    follows = person.modal is not None and person.modal.body.get("callback_id") in SENT_BY.values()
    waits = follows or form.submission in READ_BACK
    kept = await drafts(stage)
    if len(kept) != waits:
        wrong.append(f"kept after it was sent: {kept}")
    if form.submission in READ_BACK and person.modal is not None:
        await person.press(person.modal, "Save")
        await person.until(lambda: "Nothing is saved yet." not in words(person.modal))
        await settled(stage)
        if kept := await drafts(stage):
            wrong.append(f"kept after it was saved: {kept}")


async def fill_in_and_send(stage: Stage, form: Form, sent: Sent) -> None:
    """One form, from opening it to what is read then."""
    person, name = stage.person(form.who), f"{form.submission} ({form.said})"
    not_kept, not_once = sent.not_kept.setdefault(name, []), sent.not_once.setdefault(name, [])
    try:
        with in_this_thread():
            await typed_and_opened_again(stage, form, person, not_kept)
        not_once += await (send_twice if form in SENT_TWICE else send_once)(stage, person)
        with in_this_thread():
            if form.said not in (read := words(person.modal)):
                not_once.append(f"they read: {read}")
            await forgotten(stage, form, person, not_kept)
            if person.modal is not None:
                await person.close(is_cleared=True)
            if form.when != MONDAY:
                await stage.settle()
    except (Refused, LookupError, TimeoutError) as error:
        not_once.append(repr(error))


async def audit_trail(stage: Stage) -> tuple[str, ...]:
    """Every line of it, page by page."""
    omar = stage.person("omar")
    lines: list[str] = []
    shown = await answer_to(omar, "/coalition", "audit")
    for _page in range(_MOST_PAGES):
        assert isinstance(shown, Message)
        lines += words(shown).splitlines()
        if "Older" not in words(shown):
            break
        await omar.press(shown, "Older")
        await settled(stage)
        shown = omar.ephemerals[-1]
    return tuple(lines)


@pytest.fixture(scope="module")
def sent(first_monday: tuple[Path, Still], tmp_path_factory: pytest.TempPathFactory, sample: Record) -> Sent:
    """Every form filled in and sent, in a coalition whose meetings go on."""
    path, still = first_monday
    copy = tmp_path_factory.mktemp("every_form") / "live.db"
    shutil.copy(path, copy)
    found = Sent()

    async def live() -> None:
        async with opened(f"sqlite:///{copy}", FixedCalendar(MONDAY_SEVEN), sample, still, path) as stage:
            with in_this_thread():
                await stage.resume_meetings()
            for form in SENT:
                if form.when == TUESDAY and stage.when != TUESDAY:
                    with in_this_thread():
                        await stage.go(TUESDAY)
                await fill_in_and_send(stage, form, found)
            with in_this_thread():
                await stage.settle()
                found.posts.update((post.channel, post.text) for post in stage.sandbox.record.posts)
                found.asked = next(words(one) for one in stage.person("imani").dm() if "*Update:" in words(one))
                found.audit = await audit_trail(stage)

    asyncio.run(live())
    return found


def told(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{name}: {found}" for name, found in wrong.items() if found)


def test_every_form_is_sent() -> None:
    assert {one.submission for one in FORMS} | set(SETUP) == set(SUBMISSIONS), "a form without a row in this table"


@pytest.mark.in_part
def test_every_form_sent_twice_is_stored_once(sent: Sent) -> None:
    assert not told(sent.not_once), told(sent.not_once)
    assert {text for text, times in sent.posts.items() if times > 1} == set(), "nobody reads the same twice"
    assert sent.asked.count("No inspector.") == 1


@pytest.mark.in_part
def test_every_form_gives_back_what_was_typed_and_forgets_what_was_sent(sent: Sent) -> None:
    assert not told(sent.not_kept), told(sent.not_kept)


@pytest.mark.in_part
def test_nothing_in_the_audit_trail_is_in_the_programs_own_words(sent: Sent) -> None:
    bare = {re.sub(r"<!date\^[^|]*\|([^>]*)>|“[^”]*”", r"\1", line) for line in sent.audit}
    assert len(bare) > len(SENT)
    assert [line for line in sorted(bare) if _PROGRAMS.search(line)] == []


async def test_each_step_of_setting_up_sent_twice_is_one(empty: Stage) -> None:
    dana = empty.person("dana")

    async def twice(step: int, said: str) -> None:
        assert await send_twice(empty, dana) == [], step
        await dana.until(lambda: said in words(dana.modal), timeout=30)

    await begin(empty)
    await dana.fill({"Coalition name": "River Forks Compact", "Its sector": "nonprofit"})
    await twice(1, "Add another priority")
    await choose_priorities(empty, submit=False)
    await twice(2, "8 people found in 2 channels.")
    await dana.fill({encode_question("stand_in_U0IMANI"): "U0LUIS"})
    await twice(3, "Sector of")
    await name_organizations(empty, submit=False)
    await twice(4, "Ask on")
    await twice(5, "Week one, before anything is sent")
    assert [await count(empty, table) for table in (CoalitionRow, PriorityRow, MemberRow)] == [1, 2, 9]
    assert STEP.format(5) not in str(dana.modal and dana.modal.body["title"])
