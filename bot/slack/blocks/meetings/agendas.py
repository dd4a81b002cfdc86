"""Agendas on screen: the post in a group's channel, the same for one reader, and the form of a point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.actions import ActionLine
from bot.domain.meetings import (
    MOST_POINT,
    Agenda,
    FigureLine,
    IssueLine,
    MeetingLine,
    NeededLine,
    PointForm,
    PointLine,
    StocktakeLine,
    Stocktakes,
)
from bot.domain.vocabularies import MetricStatus
from bot.domain.wording import day, full_day, near_day, needed_by, plural, with_article, zone_name
from bot.slack.blocks import kit
from bot.slack.blocks.meetings.meetings import headed, message_of, moved_words, when
from bot.slack.forms import Form, Keeps, Text, about, by, note
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Block, Message
from bot.slack.metadata import OccurrenceOpened, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own
from bot.slack.names import listed_some

MOST_LINES = 8
MOST_TITLE = 150
MOST_STORY = 200
POINT_FORM: Form[PointForm, str] = Form(
    str, Submission.MEETING_POINT, "Add a point", "Add",
    note("Read by everybody who reads this agenda. Your organization stands beside it."),
    about(lambda form: _dated(form.line, form.now)),
    Text("text", "What should be talked about?", MOST_POINT),
    values=lambda _form: None,
    carries=lambda form: OccurrenceOpened(form.token, form.line.ref),
    keeps=Keeps(by(OccurrenceOpened, "key"), is_new=True),
)  # fmt: skip


def agenda_message(agenda: Agenda, zone: str | None = None) -> Message:
    """The post in the group's channel, on the meeting's own clock, and the same for one reader."""
    reader = Clock(zone or agenda.zone, agenda.as_of)
    blocks = tuple(_blocks(agenda, reader))
    if agenda.skipped:
        return message_of(blocks)
    counts = [
        plural(len(agenda.stocktakes.taken) if agenda.stocktakes is not None else 0, "stocktake"),
        plural(len(agenda.follow_ups), "follow-up"),
        plural(len(agenda.overdue), "overdue action"),
        plural(len(agenda.figures), "figure"),
        plural(len(agenda.issues), "issue"),
        plural(len(agenda.decisions), "decision"),
        plural(len(agenda.points), "added point"),
    ]
    shown = [words for words in counts if not words.startswith("0 ")]
    moment = f"{reader.dated(agenda.starts_at)} {zone_name(reader.local(agenda.starts_at))}"
    text = f"Agenda for {with_article(agenda.name)}, {moment}: {', '.join(shown) or 'nothing yet'}."
    if agenda.moved_from is not None:
        text = f"Moved from {near_day(agenda.moved_from.date(), reader.today)}. {text}"
    return Message.of(text, *blocks)


def _blocks(agenda: Agenda, reader: Clock) -> Iterator[Block]:
    line = _line(agenda)
    yield kit.header(f"Agenda: {agenda.name}")
    if agenda.skipped:
        local = Clock(agenda.zone, agenda.as_of).local(agenda.starts_at).date()
        yield kit.section(f"No meeting on {near_day(local, reader.today)}. Its points stand on the next agenda.")
        return
    moved = f"{moved_words(line, reader)}\n" if agenda.moved_from is not None else ""
    yield kit.section(f"{moved}{when(line, reader, for_all=True)}")
    if agenda.stocktakes is not None:
        yield from _stocktakes(agenda.stocktakes, agenda)
    if agenda.follow_ups and agenda.last_on is not None:
        head = f"*From last time, {day(agenda.last_on, agenda.today)}*"
        yield _list(head, [_follow_up(one, agenda) for one in agenda.follow_ups])
    if agenda.overdue:
        yield _list(f"*Overdue, {len(agenda.overdue)}*", [_overdue(one, agenda) for one in agenda.overdue])
    if agenda.figures:
        yield _list("*Figures:*", [_figure(one, agenda) for one in agenda.figures])
    if agenda.issues:
        yield from _issues(agenda.issues)
    if agenda.decisions:
        yield from _decisions(agenda)
    points = [_point(one) for one in agenda.points]
    yield _list("*Added by members:*", points) if points else kit.section("*Added by members:* none yet")
    buttons = list(_buttons(agenda))
    yield from kit.row(*buttons)
    own_clock = Clock(agenda.zone, agenda.as_of)
    zone = zone_name(own_clock.local(agenda.starts_at))
    yield kit.context(f"Updated {own_clock.dated(agenda.as_of)} {zone}")


def _stocktakes(stocktakes: Stocktakes, agenda: Agenda) -> Iterator[Block]:
    if stocktakes.taken:
        yield _list("*Stocktakes:*", [_stocktake(one, agenda) for one in stocktakes.taken])
    if stocktakes.to_come:
        names = [cut(name, MOST_TITLE) for name in stocktakes.to_come]
        yield kit.context(f"Stocktake to come: {own(listed_some(names, MOST_LINES))}")


def _stocktake(one: StocktakeLine, agenda: Agenda) -> str:
    words = f"{own(one.priority_name)}, {near_day(one.on, agenda.today)}"
    words += f": {own(one.forecast)}" if one.forecast else ""
    words += f" · “{own(cut(one.story, MOST_STORY))}”" if one.story else ""
    return words + (f" · asks for {own(one.decision_id)}" if one.decision_id else "")


def _buttons(agenda: Agenda) -> Iterator[kit.Element]:
    ref = encode(agenda.ref)
    if not agenda.has_notes:
        yield kit.button("Add a point", Action.ADD_POINT, value=ref, primary=not agenda.has_begun)
    yield kit.button("Calendar file", Action.CALENDAR_FILE, value=agenda.ref.cadence)
    if agenda.may_write_notes:
        words = "Edit notes" if agenda.has_notes else "Write notes"
        yield kit.button(words, Action.WRITE_NOTES, value=ref)


def _list(head: str, lines: Sequence[str]) -> Block:
    return headed(head, lines, MOST_LINES, beside=head.endswith(":*"))


def _follow_up(action: ActionLine, agenda: Agenda) -> str:
    if action.is_done:
        return f"{_title(action)} ({own(action.organization_name)}), done"
    today = "due today" if action.due == agenda.today else f"due {near_day(action.due, agenda.today)}"
    return f"{_title(action)} ({own(action.organization_name)}), {today}{_waits(action)}"


def _overdue(action: ActionLine, agenda: Agenda) -> str:
    return f"{_title(action)} ({own(action.organization_name)}), due {day(action.due, agenda.today)}{_waits(action)}"


def _waits(action: ActionLine) -> str:
    if action.waiting_on_name is None or action.waiting_on == action.organization:
        return ""
    return f", waits for {own(action.waiting_on_name)}"


def _title(action: ActionLine) -> str:
    return own(cut(action.title, MOST_TITLE))


def _figure(figure: FigureLine, agenda: Agenda) -> str:
    as_of = day(figure.as_of, agenda.today) if figure.as_of is not None else None
    if figure.status == MetricStatus.STALE:
        return f"{own(figure.name)}, no new figure since {as_of}"
    return f"{own(figure.name)}, numbers say off track{f' (as of {as_of})' if as_of else ''}"


def _issues(issues: Sequence[IssueLine]) -> Iterator[Block]:
    groups = {issue.group: issue.group_name for issue in issues}
    for group, name in groups.items():
        found = [issue for issue in issues if issue.group == group]
        where = f" with {own(with_article(name))}" if name is not None else ""
        noun = "Issue" if len(found) == 1 else "Issues"
        yield _list(f"*{noun}{where}:*", [_issue(issue) for issue in found])


def _issue(issue: IssueLine) -> str:
    about = f" ({own(issue.priority_name)})" if issue.group_name is None and issue.priority_name else ""
    return f"{own(cut(issue.title, MOST_TITLE))}{about}"


def _decisions(agenda: Agenda) -> Iterator[Block]:
    groups = {decision.group: decision.group_name for decision in agenda.decisions}
    for group, name in groups.items():
        found = [decision for decision in agenda.decisions if decision.group == group]
        noun = "Decision" if len(found) == 1 else "Decisions"
        head = f"*{noun} needed:*" if name is None else f"*{noun} with {own(with_article(name))}:*"
        yield _list(head, [_decision(decision, agenda) for decision in found])


def _decision(decision: NeededLine, agenda: Agenda) -> str:
    title = f": {own(cut(decision.title, MOST_TITLE))}" if decision.title is not None else ""
    by = f", {needed_by(decision.needed_by, agenda.today)}" if decision.needed_by is not None else ""
    return f"{own(decision.id)}{title}{by}"


def _point(point: PointLine) -> str:
    if point.parked:
        return f"{own(point.text)} (from last time)"
    return f"{own(point.text)}{f' ({own(point.organization_name)})' if point.organization_name else ''}"


def _line(agenda: Agenda) -> MeetingLine:
    return MeetingLine(
        ref=agenda.ref,
        name=agenda.name,
        starts_at=agenda.starts_at,
        minutes=agenda.minutes,
        zone=agenda.zone,
        moved_from=agenda.moved_from,
        has_begun=agenda.has_begun,
    )


def _dated(line: MeetingLine, now: datetime) -> str:
    own_clock = Clock(line.zone, now)
    return f"{bold(line.name)}, {full_day(own_clock.local(line.starts_at).date(), own_clock.today)}"
