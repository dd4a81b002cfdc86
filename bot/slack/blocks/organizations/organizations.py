"""Organizations on screen: the list, a card, and the form to add and change one."""

from __future__ import annotations

from bot.domain.organizations import (
    CONTACT,
    COORDINATOR,
    MOST_DAYS_TEXT,
    MOST_NAME,
    SECTORS,
    OrganizationCard,
    OrganizationForm,
    OrganizationLine,
    OrganizationList,
    typed_days,
    typed_yearly,
    yearly_words,
)
from bot.domain.wording import day, plural
from bot.slack.blocks import kit
from bot.slack.blocks.last_days import end_buttons, last_day_words
from bot.slack.blocks.pages import roster_message
from bot.slack.blocks.worded import worded
from bot.slack.forms import Answered, Choice, FindSeveral, Form, Keeps, Pick, Text, as_typed, by, note
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Block, Message
from bot.slack.metadata import Marked
from bot.slack.mrkdwn import bold, own
from bot.slack.names import listed, listed_some

TITLE = "Organization"
ADD_TITLE = "New organization"
EDIT_TITLE = "Edit organization"
MOST_NAMES = 8
MOST_DAYS_SHOWN = 10
ORGANIZATION_FORM: Form[OrganizationForm, Answered] = Form(
    as_typed, Submission.ORGANIZATION,
    lambda form: ADD_TITLE if form.id is None else EDIT_TITLE, lambda form: "Add" if form.id is None else "Save",
    note("Its name, sector and contacts are read by everyone; the rest by coordinators."),
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
    Text("closed_yearly", "Closed every year", MOST_DAYS_TEXT, multiline=True,
        shows=lambda form: typed_yearly(form.plan.get("closed_yearly") or ()),
        hint="One a line, such as “Jan 1” or “Dec 24 to Dec 31”. It holds for every year.",
        optional=True),
    values=lambda form: form.plan,
    marks=lambda form: form.id,
    keeps=Keeps(by(Marked, "id")),
)  # fmt: skip


def organization_list_message(found: OrganizationList) -> Message:
    heading = plural(found.total, "organization") if found.total else "No organizations yet"
    rows = [
        kit.line(
            f"{bold(one.name)}\n{_details(one)}",
            "Open",
            Action.OPEN_ORGANIZATION,
            value=one.id,
            label=f"Open {one.name}",
        )
        for one in found.lines
    ]
    add = kit.button("Add organization", Action.ADD_ORGANIZATION) if found.may_edit else None
    return roster_message(found, heading, rows, [one.name for one in found.lines], Action.TURN_ORGANIZATIONS, add)


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
        if card.closed_yearly:
            lines.append(f"*Closed every year:* {listed_some(yearly_words(card.closed_yearly), MOST_DAYS_SHOWN)}")
    ends = last_day_words(card.end, card.today)
    lines += [ends] if ends else []
    return "\n".join(lines)


def _blocks(card: OrganizationCard, words: str) -> tuple[Block, ...]:
    edit = [kit.button("Edit", Action.EDIT_ORGANIZATION, value=card.line.id)] if card.may_edit else []
    return (kit.section(words), *kit.row(*edit, *end_buttons(card.end, card.line.name)))
