"""Organizations on screen: the list, a card, and the form to add and change one."""

from __future__ import annotations

from typing import Any

from bot.domain.organizations import (
    CONTACT,
    COORDINATOR,
    MOST_DAYS_TEXT,
    MOST_NAME,
    PAGE,
    SECTORS,
    OrganizationCard,
    OrganizationForm,
    OrganizationLine,
    OrganizationList,
    typed_days,
)
from bot.domain.wording import day, part_of, plural
from bot.slack.blocks import kit
from bot.slack.blocks.worded import worded
from bot.slack.forms import Answered, Choice, FindSeveral, Form, Keeps, Pick, Text, as_typed, by
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Block, Message, View
from bot.slack.metadata import Marked, encode, encode_marked
from bot.slack.mrkdwn import bold, escape, own
from bot.slack.names import listed, listed_some

TITLE = "Organization"
ADD_TITLE = "New organization"
EDIT_TITLE = "Edit organization"
MOST_NAMES = 8
MOST_DAYS_SHOWN = 10
ORGANIZATION_FORM: Form[OrganizationForm, Answered] = Form(
    as_typed, Submission.ORGANIZATION,
    lambda form: ADD_TITLE if form.id is None else EDIT_TITLE, lambda form: "Add" if form.id is None else "Save",
    Text("name", "Name", MOST_NAME),
    Pick("sector", "Sector", SECTORS),
    FindSeveral("contacts", "Contacts", Search.MEMBER, shows=lambda form: form.contacts,
        hint="In the order in which they are asked. To change the order, take them out and choose them again.",
        optional=True),
    Choice("ask_via", "Where do asks go?",
        {CONTACT: "To the first contact", COORDINATOR: "To the coordinators, who look at them first"}, radio=True,
        otherwise=0),
    Text("closed_days", "Closed days", MOST_DAYS_TEXT, multiline=True,
        shows=lambda form: typed_days(form.plan.get("closed_days") or ()),
        hint="One a line, such as “Nov 26” or “Dec 24 to Dec 31”. Nobody there is written to on these days.",
        optional=True),
    values=lambda form: form.plan,
    keeps=Keeps(by(Marked, "id")),
)  # fmt: skip


def organization_list_message(found: OrganizationList) -> Message:
    """A page of organizations."""
    heading = plural(found.total, "organization") if found.total else "No organizations yet"
    blocks: list[Block] = [kit.section(f"*{heading}*")]
    blocks += [
        kit.section(
            f"{bold(one.name)}\n{_details(one)}",
            accessory=kit.button("Open", Action.OPEN_ORGANIZATION, value=one.id, label=f"Open {one.name}"),
        )
        for one in found.lines
    ]
    blocks += list_end(
        found.start,
        len(found.lines),
        found.total,
        PAGE,
        Action.TURN_ORGANIZATIONS,
        kit.button("Add organization", Action.ADD_ORGANIZATION) if found.may_edit else None,
    )
    names = "; ".join(one.name for one in found.lines)
    return Message(text=escape(f"{heading}: {names}." if names else f"{heading}."), blocks=tuple(blocks))


def list_end(
    start: int, shown: int, total: int, page_size: int, turn: Action, add: dict[str, Any] | None
) -> list[Block]:
    """Which part of a list is shown, and the buttons to the next one and to add to it."""
    blocks: list[Block] = []
    buttons = []
    if total > page_size:
        end = start + shown
        following = start // page_size + 1 if end < total else 0
        blocks.append(kit.context(part_of(start, shown, total)))
        buttons.append(kit.button("Next" if following else "First", turn, value=encode(following)))
    if add is not None:
        buttons.append(add)
    if buttons:
        blocks.append(kit.actions(*buttons))
    return blocks


def _details(one: OrganizationLine) -> str:
    contacts = (
        f"{'contact' if len(one.contacts) == 1 else 'contacts'} {own(listed_some(one.contacts, MOST_NAMES))}"
        if one.contacts
        else "no contact yet"
    )
    return f"{SECTORS.get(one.sector, one.sector)} · {plural(one.members, 'member')} · {contacts}"


def organization_message(card: OrganizationCard, note: str | None = None) -> Message:
    """One organization as a message. `note` is what just happened, plain."""
    return worded(_blocks(card, _words(card, note)))


def organization_view(card: OrganizationCard, note: str | None = None) -> View:
    """One organization as a modal."""
    return View(title=TITLE, close="Close", blocks=_blocks(card, _words(card, note)))


def _words(card: OrganizationCard, note: str | None) -> str:
    one = card.line
    lines = [own(note)] if note else []
    lines.append(f"{bold(one.name)} · {SECTORS.get(one.sector, one.sector)} · {plural(one.members, 'member')}")
    lines.append(f"*Contacts:* {own(listed(one.contacts)) if one.contacts else 'nobody yet'}")
    if card.may_edit:
        through = "the coordinators, who look at them first" if card.ask_via == COORDINATOR else "the first contact"
        lines.append(f"*Asks go to:* {through}")
        days = [day(on, card.today) for on in card.closed_days]
        lines.append(f"*Closed:* {listed_some(days, MOST_DAYS_SHOWN) if days else 'no day entered'}")
    return "\n".join(lines)


def _blocks(card: OrganizationCard, words: str) -> tuple[Block, ...]:
    edit = kit.actions(kit.button("Edit", Action.EDIT_ORGANIZATION, value=card.line.id))
    return (kit.section(words), *((edit,) if card.may_edit else ()))


def organization_form_view(form: OrganizationForm) -> View:
    """A new organization, or one that is there."""
    return ORGANIZATION_FORM.view(
        form,
        kit.context("Its name, sector and contacts are read by everyone; the rest by coordinators."),
        metadata=encode_marked(form.id, ORGANIZATION_FORM.marked(form)),
    )
