"""Groups on screen: the list, a card, and the form to add and change one."""

from __future__ import annotations

from bot.domain.organizations import (
    KINDS,
    MOST_CHANNEL,
    MOST_GROUP_NAME,
    RULES,
    VOICES,
    GroupCard,
    GroupForm,
    GroupLine,
    GroupList,
)
from bot.domain.vocabularies import DecisionRule, Voices
from bot.domain.wording import cut, plural
from bot.slack.blocks import kit
from bot.slack.blocks.last_days import end_buttons, last_day_words
from bot.slack.blocks.pages import roster_message
from bot.slack.blocks.worded import worded
from bot.slack.forms import (
    Answered,
    Find,
    FindSeveral,
    Form,
    Keeps,
    Number,
    Pick,
    Text,
    as_typed,
    by,
    named_options,
    note,
)
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Block, Message
from bot.slack.metadata import Marked
from bot.slack.mrkdwn import bold, fitted, own

GROUP_TITLE = "Group"
ADD_GROUP_TITLE = "New group"
EDIT_GROUP_TITLE = "Edit group"
MOST_SEATS = 25
MOST_SEAT_NAME = 40
GROUP_FORM: Form[GroupForm, Answered] = Form(
    as_typed, Submission.GROUP,
    lambda form: ADD_GROUP_TITLE if form.id is None else EDIT_GROUP_TITLE,
    lambda form: "Add" if form.id is None else "Save",
    note("Read by everyone. Who sits in a group and who chairs it has the rights that go with it."),
    Text("name", "Name", MOST_GROUP_NAME),
    Pick("kind", "What is it for?", KINDS),
    FindSeveral("members", "Members", Search.MEMBER, shows=lambda form: form.members, optional=True),
    Find("chair", "Chair", Search.MEMBER, shows=lambda form: form.chair, hint="One of the members above.",
        optional=True),
    Pick("decision_rule", "How does it decide?", RULES, nothing=DecisionRule.CONSENSUS),
    Pick("voices", "Who has a voice?", VOICES, nothing=Voices.ORGANIZATION),
    Number("quorum", "Quorum", decimals=False, hint="How many have to answer. Empty: more than half.", optional=True),
    Text("channel", "Channel", MOST_CHANNEL, hint="Its name as Slack shows it, such as #lb-talent.", optional=True),
    Pick("priority", "Which priority does it work on?", lambda form: named_options(form.priorities),
        when=lambda form: bool(form.priorities), optional=True),
    values=lambda form: form.plan,
    marks=lambda form: form.id,
    keeps=Keeps(by(Marked, "id")),
)  # fmt: skip


def group_list_message(found: GroupList) -> Message:
    heading = plural(found.total, "group") if found.total else "No groups yet"
    rows = [
        kit.line(
            f"{bold(one.name)}\n{_details(one)}", "Open", Action.OPEN_GROUP, value=one.id, label=f"Open {one.name}"
        )
        for one in found.lines
    ]
    add = kit.button("Add group", Action.ADD_GROUP) if found.may_edit else None
    return roster_message(found, heading, rows, [one.name for one in found.lines], Action.TURN_GROUPS, add)


def _details(one: GroupLine) -> str:
    parts = _kind(one)
    if one.priority is not None:
        parts.append(own(one.priority))
    parts.append(f"{plural(one.members, 'member')} from {plural(one.organizations, 'organization')}")
    parts.append(f"chair {own(one.chair)}" if one.chair is not None else "no chair yet")
    return " · ".join(parts)


def _kind(one: GroupLine) -> list[str]:
    """What the group is for, where its name doesn't say it already."""
    kind = KINDS.get(one.kind, one.kind)
    return [] if kind.casefold() == one.name.casefold() else [kind]


def group_message(card: GroupCard, note: str | None = None) -> Message:
    """One group as a message. `note` is what just happened, plain."""
    return worded(_blocks(card, _words(card, note)))


def _words(card: GroupCard, note: str | None) -> str:
    one = card.line
    lines = [own(note)] if note else []
    lines.append(" · ".join([bold(one.name), *_kind(one)]))
    if one.priority is not None:
        lines.append(f"*Works on:* {own(one.priority)}")
    lines.append(f"*Chair:* {own(one.chair) if one.chair is not None else 'nobody yet'}")
    if card.cochair is not None:
        lines.append(f"*Co-chair:* {own(card.cochair)}")
    quorum = f" · quorum {card.quorum}" if card.quorum is not None else ""
    lines.append(f"*Decides by:* {RULES.get(card.decision_rule, card.decision_rule)}{quorum}")
    lines.append(f"*Voices:* {VOICES.get(card.voices, card.voices)}")
    if card.channel is not None:
        lines.append(f"*Channel:* #{own(card.channel)}")
    ends = last_day_words(card.end, card.today) if card.today is not None else None
    lines += [ends] if ends else []
    seats = [
        f"• {own(cut(name, MOST_SEAT_NAME))}, {own(cut(organization, MOST_SEAT_NAME))}"
        for name, organization in card.seats[:MOST_SEATS]
    ]
    if len(card.seats) > MOST_SEATS:
        seats.append(f"and {len(card.seats) - MOST_SEATS} more")
    return fitted([*lines, *(["*Members:*", *seats] if seats else ["*Members:* nobody yet"])])


def _blocks(card: GroupCard, words: str) -> tuple[Block, ...]:
    edit = [kit.button("Edit", Action.EDIT_GROUP, value=card.line.id)] if card.may_edit else []
    return (kit.section(words), *kit.row(*edit, *end_buttons(card.end, card.line.name)))
