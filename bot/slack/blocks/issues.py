"""Issues on screen: the post for the group that they went to, cards, lists, read back, what became of one, forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.issues import (
    MOST_IMPACT,
    MOST_NOTE,
    MOST_TITLE,
    Escalation,
    IssueCard,
    IssueChange,
    IssueDecision,
    IssueForm,
    IssueList,
    IssueReadBack,
    NewIssue,
)
from bot.domain.vocabularies import DecisionStatus, IssueStatus
from bot.domain.wording import day, near_day, needed_by, plural, with_article
from bot.slack.blocks import kit, numbered
from bot.slack.blocks.menu import unknown_message
from bot.slack.blocks.worded import worded
from bot.slack.forms import (
    PRIORITY,
    VISIBILITY,
    Choice,
    Find,
    Form,
    Keeps,
    Text,
    about,
    about_one,
    by,
    each,
    named_options,
    note,
)
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Block, Message, View
from bot.slack.metadata import EscalationKey, IssueCloseOpened, encode
from bot.slack.mrkdwn import bold, cut, own
from bot.slack.names import listed

TITLE = "Issue"
CLOSE_TITLES = {"resolve": "Resolve an issue", "park": "Park an issue"}
ADD_HINT = "No fire inspector until January in family-access: Holds back 46 seats"


@dataclass(frozen=True, slots=True)
class Closing:
    """What the form that ends an issue is opened with. `what` is resolve or park."""

    card: IssueCard
    what: str

    @property
    def is_resolved(self) -> bool:
        return self.what == "resolve"


NEW_ISSUE_FORM: Form[IssueForm, NewIssue] = Form(
    NewIssue, Submission.NEW_ISSUE, "Raise an issue", "Raise",
    note(lambda form: f"Read by {own(listed(form.readers))}, unless you choose others below."),
    each(lambda form: form.problems),
    Text("title", "What is in the way?", MOST_TITLE),
    PRIORITY,
    Text("impact", "What does it hold up?", MOST_IMPACT, optional=True),
    Find("owner", "Who looks after it?", Search.MEMBER, hint="Without a name, the priority's owner does.",
        optional=True),
    VISIBILITY,
    carries=lambda form: form.token,
    keeps=Keeps(about_one),
)  # fmt: skip
ESCALATION_FORM: Form[Escalation, str] = Form(
    str, Submission.ESCALATE_ISSUE, "Escalate an issue", "Escalate",
    note(lambda found: _where_told(found.card)),
    about(lambda found: _named(found.card)),
    Choice("group", "To which group?", lambda found: named_options(found.groups), shows=lambda found: found.chosen),
    values=lambda found: {"group": found.escalated_to},
    marks=lambda found: found.card.id,
)  # fmt: skip
CLOSE_ISSUE_FORM: Form[Closing, str] = Form(
    str, Submission.CLOSE_ISSUE,
    lambda form: CLOSE_TITLES[form.what], lambda form: "Resolve" if form.is_resolved else "Park",
    note("Read by everyone who reads the issue."),
    about(lambda form: _named(form.card)),
    Text("note", lambda form: "How was it resolved?" if form.is_resolved else "Why can it wait?", MOST_NOTE,
        multiline=True),
    carries=lambda form: IssueCloseOpened(form.card.id, form.what),
    keeps=Keeps(by(IssueCloseOpened, "key")),
)  # fmt: skip


def _where_told(card: IssueCard) -> str:
    """Where an escalation is told."""
    if card.kept_to:
        return "Its members see it then, and it stays out of the digest. It's posted only in a channel of theirs alone."
    return "Posted in that group's channel, and in the next digest."


def issue_post(card: IssueCard) -> Message:
    """An issue where the group that it went to talks."""
    group = own(with_article(card.escalated_to_name or "group"))
    title = f"Issue for {group}: {own(cut(card.title, MOST_TITLE))}".replace("*", "∗")
    lines = [f"*{title}* ({own(card.id)})", _about(card), *_then(card)]
    blocks: list[Block] = [kit.section("\n".join(lines))]
    if card.is_open:
        buttons = [kit.button("Propose a decision", Action.ISSUE_DECISION, value=card.id)]
        if card.may_add_point and card.agenda_on is None:
            buttons.append(_agenda(card))
        buttons.append(_act("Resolve", Action.RESOLVE_ISSUE, card))
        blocks.append(kit.actions(*buttons))
    return worded(blocks)


def card_message(card: IssueCard) -> Message:
    """One issue with what this reader may do about it."""
    return worded(list(card_blocks(card)))


def card_view(card: IssueCard, done: IssueChange | None = None) -> View:
    """The same as a modal; `done` is what has just become of it."""
    return numbered.card_view(TITLE, card_blocks(card), kit.section(became(done)) if done is not None else None)


def card_blocks(card: IssueCard) -> Iterator[Block]:
    lines = [f"{bold(cut(card.title, MOST_TITLE))} ({own(card.id)})", _about(card)]
    lines.append(f"Raised by {own(card.raised_by_name)} · looked after by {own(card.owner_name)}")
    if card.escalated_to_name and card.is_open:
        lines.append(f"With {own(with_article(card.escalated_to_name))}")
    yield kit.section("\n".join([*lines, *_then(card)]))
    yield from numbered.kept_to(card.kept_to)
    history = _act("History", Action.ISSUE_HISTORY, card)
    yield kit.actions(*_buttons(card), history)


def change_message(change: IssueChange) -> Message:
    return worded([kit.section(became(change)), kit.actions(_open(change.card))])


def became(change: IssueChange) -> str:
    """What became of it, in markup."""
    card, already = change.card, "already " if change.already else ""
    title = f"{bold(cut(card.title, MOST_TITLE))} ({own(card.id)})"
    if change.what == "raised":
        raised = "Already raised" if change.already else "Raised"
        return f"{raised} as {own(card.id)}. {own(card.owner_name)} looks after it."
    if change.what == "escalated":
        return f"{title} · {already}with {own(with_article(card.escalated_to_name or 'the group'))}"
    if change.what == "agenda" and card.agenda_on is not None:
        return f"{title} · {already}on the agenda of {near_day(card.agenda_on, card.today)}"
    if change.what == "open":
        return f"{title} · {'already open' if change.already else 'open again'}"
    return f"{title} · {already}{change.what}{f': {own(card.note)}' if card.note else ''}"


def issue_line(card: IssueCard) -> Block:
    with_whom = f" · with {own(with_article(card.escalated_to_name))}" if card.is_escalated else ""  # type: ignore[arg-type]
    state = "" if card.is_open else f" · {card.status}"
    return kit.section(f"{_named(card)}{with_whom}{state}", accessory=_open(card))


def unknown_list_message(said: str, nearest: str) -> Message:
    """A list that is not known, and which was probably meant."""
    hint = "Type an id, words of a title, a state such as “parked”, a priority or a group."
    return unknown_message(said, f"issue list {nearest}" if nearest else None, shown=nearest or None, hint=hint)


def read_back_message(back: IssueReadBack) -> Message:
    """The issue as it would be raised."""
    title = bold(cut(back.title, MOST_TITLE)) or "*(nothing is in the way yet)*"
    about = [own(back.priority_name or "The whole coalition"), f"looked after by {own(back.owner_name)}"]
    lines = [title, " · ".join(about), *([f"*What it holds up:* {own(back.new.impact)}"] if back.new.impact else [])]
    add = ("Raise", Action.RAISE_DRAFT)
    return numbered.read_back_message(back, "\n".join(lines), ["Not raised yet."], add, Action.CHANGE_ISSUE_DRAFT)


def add_hint_message() -> Message:
    """Where no form can be opened by itself."""
    words = f"Type “issue add” and what is in the way, such as “issue add {ADD_HINT}”, or press the button."
    return worded([kit.section(words), kit.actions(kit.button("Raise an issue", Action.NEW_ISSUE))])


def escalation_message(found: Escalation) -> Message:
    """A typed escalation as it would be."""
    card, chosen = found.card, found.chosen or ""
    name = next((one.name for one in found.groups if one.id == chosen), "")
    where = f"It's posted in #{own(found.channel)} then" if found.channel else "Its members hear of it then"
    told = _where_told(card) if card.kept_to else f"{where}, and in the next digest."
    value = encode(EscalationKey(card.id, chosen))
    return worded(
        [
            kit.section(f"{bold(cut(card.title, MOST_TITLE))} ({own(card.id)})\nTo {own(with_article(name))}"),
            kit.context(f"Not escalated yet. {told}"),
            kit.actions(
                kit.button("Escalate", Action.ESCALATE_NOW, value=value, primary=True, about=card.title),
                _act("Other group", Action.ESCALATE_ISSUE, card),
            ),
        ]
    )


def _named(card: IssueCard) -> str:
    return f"{bold(cut(card.title, MOST_TITLE))} ({own(card.id)})\n{_about(card)}"


def _about(card: IssueCard) -> str:
    parts = [own(card.priority_name or "The whole coalition"), *([own(card.impact)] if card.impact else [])]
    dates = f"raised {day(card.raised, card.today)}"
    if card.escalated is not None:
        dates += f", escalated {day(card.escalated, card.today)}"
    return " · ".join([*parts, dates])


def _then(card: IssueCard) -> Iterator[str]:
    """What has become of it since."""
    for one in card.decisions:
        yield _decision(one, card)
    if card.agenda_on is not None:
        yield f"On the agenda of {day(card.agenda_on, card.today)}"
    if card.status == IssueStatus.RESOLVED:
        on = f" {day(card.resolved, card.today)}" if card.resolved else ""
        yield f"Resolved{on}{f': {own(card.note)}' if card.note else ''}"
    if card.status == IssueStatus.PARKED:
        yield f"Parked{f': {own(card.note)}' if card.note else ''}"


def _decision(one: IssueDecision, card: IssueCard) -> str:
    if one.is_decided:
        on = f" on {day(one.decided_on, card.today)}" if one.decided_on else ""
        return f"Decision {own(one.id)} decided{on}"
    if not one.is_needed:
        return f"Decision {own(one.id)} {'put off' if one.status == DecisionStatus.DEFERRED else 'taken back'}"
    by = f", {needed_by(one.needed_by, card.today, 'needed by')}" if one.needed_by else ""
    return f"Decision {own(one.id)} proposed{by}"


def _buttons(card: IssueCard) -> Iterator[kit.Element]:
    """What this reader may do."""
    if not card.is_open:
        if card.may_change:
            yield _act("Reopen", Action.REOPEN_ISSUE, card)
            yield numbered.who_sees(card.id, card.title)
        return
    if card.may_escalate:
        yield _act("Escalate", Action.ESCALATE_ISSUE, card)
    if card.may_propose:
        yield kit.button("Propose a decision", Action.ISSUE_DECISION, value=card.id)
    if card.may_add_point and card.agenda_on is None:
        yield _agenda(card)
    if card.may_change:
        yield _act("Resolve", Action.RESOLVE_ISSUE, card)
        yield _act("Park", Action.PARK_ISSUE, card)
        yield numbered.who_sees(card.id, card.title)


def _act(text: str, action: Action, card: IssueCard) -> kit.Element:
    return numbered.act(text, action, card.id, card.title)


def _agenda(card: IssueCard) -> kit.Element:
    return _act("Put on the agenda", Action.ISSUE_AGENDA, card)


def _open(card: IssueCard) -> kit.Element:
    return _act("Open", Action.OPEN_ISSUE, card)


def _heading(found: IssueList) -> str:
    total = plural(found.total, "open issue")
    if found.query.kind == "mine":
        return f"Your {total}"
    if found.query.kind == "status":
        return f"{plural(found.total, 'issue')} {found.query.id}"
    return f"{total}: {found.name}" if found.name else total


def _nothing(found: IssueList) -> str:
    if found.query.kind == "mine":
        return "You have no open issues."
    about = f": {own(found.name)}" if found.name else ""
    if found.sight:
        # That there is none would not be true.
        words = found.query.id if found.query.kind == "status" else "open"
        return f"No {own(words)} issue that you can see{about}."
    if found.query.kind == "status":
        return f"No issue is {own(found.query.id)}."
    return f"No open issues{about}." if about else "No issue is open."


LISTS: numbered.Lists[IssueList] = numbered.Lists(
    heading=_heading,
    nothing=_nothing,
    lines=lambda found: map(issue_line, found.cards),
    turn=Action.TURN_ISSUES,
    add=kit.button("Raise an issue", Action.NEW_ISSUE),
    others="You have no open issues. These are the others:",
)
list_message = LISTS.message
