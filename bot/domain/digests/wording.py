"""The digest's lines: how a standing, a figure, an outcome, actions, money and a change read, in every edition.

Which lines an edition has, and what is cut, is in `editions` and `roll_up`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.domain import wording
from bot.domain.actions import ActionLine, ordinal
from bot.domain.decisions import DecisionLine
from bot.domain.digests.figures import news_of, news_of_metric
from bot.domain.digests.pages import Line, Span, Way, bold, joined, line, mark, name_of, own, said
from bot.domain.digests.parts import NOT_REPORTED, AskLine, Digest, MovedAction, PriorityPart
from bot.domain.funding import funding_pieces
from bot.domain.metrics import MetricLine
from bot.domain.vocabularies import AskState, Assessment, MetricStatus

# Of a priority's moved actions so many are named in its part; the roll-up names more.
MOST_MOVED = 2

Spans = list[Span | str]


def is_new(metric: MetricLine, digest: Digest) -> bool:
    """Whether a figure of a metric was recorded since the digest that this one is compared with."""
    return bool(news_of_metric(digest, metric))


def farewell_words(digest: Digest) -> tuple[Line, ...]:
    """That it is the last digest, and what was reached in all; nothing in any other one."""
    end = digest.farewell
    if end is None:
        return ()
    name = wording.one_line(digest.short_name or digest.coalition_name)
    head = f"This is the last digest: {name} ends {wording.near_day(end.last_day, digest.today)}."
    if digest.today > end.last_day:
        head = f"This is the last digest: {name} ended {wording.near_day(end.last_day, digest.today)}."
    reached = [
        f"{end.outcomes} of {wording.plural(end.outcomes_of, 'outcome')}" if end.outcomes_of else "",
        f"{end.targets} of {wording.plural(end.targets_of, 'target')}" if end.targets_of else "",
    ]
    told = wording.all_of([one for one in reached if one])
    done = [
        wording.plural(end.actions, "action") + " done" if end.actions else "",
        wording.plural(end.decisions, "decision") + " made" if end.decisions else "",
    ]
    also = wording.all_of([one for one in done if one])
    words = " ".join(f"{one}." for one in (f"Reached: {told}" if told else "", wording.sentence(also)) if one)
    return (line(bold(head), *([f" {words}"] if words else [])),)


def is_quiet(digest: Digest) -> bool:
    """Whether there is nothing to tell: nothing changed, no figure came, nothing was decided or is needed."""
    return (
        digest.is_quiet
        and not news_of(digest)
        and not digest.moved_actions
        and not digest.decisions_made
        and not digest.promises
        and not digest.said_and_done
    )


def group_ids(digest: Digest) -> frozenset[str]:
    """Return the ids of the groups that the digest knows of."""
    known = {one.decider for one in (*digest.decisions_needed, *digest.decisions_made)}
    known.update(part.working_group for part in digest.priorities if part.working_group)
    known.update(issue.escalated_to for issue in digest.issues_escalated if issue.escalated_to)
    known.update(meeting.group for meeting in digest.upcoming_meetings if meeting.group)
    priorities = {part.id for part in digest.priorities}
    allocated = {one.to for source in digest.sources for one in source.allocations}
    return frozenset(known | (allocated - priorities))


def asked_name(ask: AskLine, digest: Digest) -> str | None:
    """Return whom an ask goes to as it stands in a sentence: a group has an article, an organization none."""
    if ask.organization is None or ask.organization_name is None:
        return None
    name = wording.one_line(ask.organization_name)
    return wording.with_article(name) if ask.organization in group_ids(digest) else name


def ask_answer(ask: AskLine) -> str | None:
    """Return what became of an ask that was sent: "answered: can help"; None while an answer is waited for."""
    if ask.outcome is not None:
        return "came through" if ask.outcome == AskState.CAME_THROUGH else "did not come through"
    if ask.answer == "not_us" and ask.suggested_name:
        return f"answered: try {wording.one_line(ask.suggested_name)}"
    known = {"can_help": "can help", "not_us": "not them", "talk": "will talk"}
    if ask.answer is None and not ask.is_there:
        return "not with them yet"
    return f"answered: {known[ask.answer]}" if ask.answer in known else None


def owner_words(part: PriorityPart, today: date) -> str:
    """Return how the owner sees it: "off track (1 week)", "at risk, last assessed Nov 3, three weeks ago"."""
    standing = part.standing
    words = wording.status(standing.assessment)
    if standing.by is None:
        return f"{words}, set {wording.day(standing.assessed_on, today)}" if standing.assessed_on else words
    if standing.silent_rounds and standing.assessed_on is not None and standing.age_days is not None:
        return f"{words}, last assessed {wording.day(standing.assessed_on, today)}, {wording.ago(standing.age_days)}"
    if standing.weeks is None:
        return words
    began_earlier = standing.since is not None and standing.since < today - timedelta(days=today.weekday())
    if standing.weeks == 0 and began_earlier and standing.since is not None:
        stood = f"since {wording.day(standing.since, today)}"
    else:
        stood = wording.weeks(standing.weeks)
    return f"{words} ({stood}{', no change' if standing.no_change else ''})"


def owner_says(part: PriorityPart, today: date) -> Spans:
    """Return how it stands, and whether that is the owner's own word."""
    label = "Owner says" if part.is_owners_word else "Said for the owner"
    return [bold("Stands" if part.standing.by is None else label), f" {owner_words(part, today)}"]


def named(part: PriorityPart) -> Spans:
    """Return the priority's color and name."""
    return [mark(wording.ASSESSMENT_MARKS.get(part.standing.assessment, "⚪")), name_of(part.name, is_bold=True)]


def numbers_say(metric: MetricLine | None, today: date, *, with_figure: bool) -> Spans:
    """Return what the headline metric says, with the date of its figure."""
    if metric is None:
        return [bold("Numbers say"), " no figure set up yet"]
    if metric.latest is None or metric.status in NOT_REPORTED:
        return [bold("Numbers say"), f" {not_reported(metric, today)}"]
    words = f" {wording.status(metric.status)}"
    if with_figure:
        words += f", {_against_target(metric)}"
    as_of = wording.day(metric.latest.period_end, today)
    return [bold("Numbers say"), f"{words} (as of {as_of}{_provisional(metric)})"]


def not_reported(metric: MetricLine, today: date) -> str:
    """Return why a metric says nothing: "no new figure since Sep 30", "no figure yet, first due Sep 27"."""
    if metric.status == MetricStatus.STALE and metric.latest is not None:
        return f"no new figure since {wording.day(metric.latest.period_end, today)}"
    if metric.baseline is None:
        return "no figure yet, baseline being set"
    if metric.target is None:
        return "nothing yet, target being set"
    if metric.first_due is not None:
        return f"no figure yet, first due {wording.day(metric.first_due, today)}"
    return "no figure yet"


def way_to(part: PriorityPart) -> Way:
    """Where a line about a priority leads."""
    return Way("priority", part.id, part.name)


def priority_line(part: PriorityPart, today: date, *, with_figure: bool = True, because: int = 0) -> Line:
    """Return the main message's line: what the owner says beside what the numbers say.

    `because`: so many words of what is in the way are told, where the priority has a reason to tell.
    """
    says = owner_says(part, today)
    if because and has_reason(part) and part.blocker:
        says += [", because ", said(wording.cut_words(wording.one_line(part.blocker), because))]
    pieces = [named(part), says, numbers_say(part.headline, today, with_figure=with_figure)]
    return line(*joined((*pieces, *_disagreement(part)), " · "))


def has_reason(part: PriorityPart) -> bool:
    """Whether a priority's line tells why it stands there: those off track and at risk do, where a blocker is known."""
    return part.standing.assessment in {Assessment.OFF_TRACK, Assessment.AT_RISK} and bool(part.blocker)


def _disagreement(part: PriorityPart) -> list[Spans]:
    """That the standing and the figure exclude each other, in words."""
    return [[bold("They disagree")]] if part.disagrees else []


def head_line(part: PriorityPart, today: date, *, spell_out: bool) -> Line:
    """Return the reply's first line; owner and numbers are told apart where they exclude each other."""
    pieces: list[Spans] = [named(part)]
    if spell_out or part.disagrees:
        pieces += [owner_says(part, today), numbers_say(part.headline, today, with_figure=False)]
        pieces += _disagreement(part)
    else:
        pieces.append([owner_words(part, today)])
    confidence = _confidence(part)
    if confidence:
        pieces.append([bold("Confidence"), f" {confidence}"])
    return line(*joined(pieces, " · "))


def other_metrics(part: PriorityPart, digest: Digest) -> list[MetricLine]:
    """Return the metrics beside the headline one that are worth a line: new, restated, changed or not reported.

    Those with a figure since the last digest come first: whatever was recorded is shown as long as there is room.
    """
    changed = {one.subject for one in digest.changed if one.kind in ("metric_status", "retargeted", "restated")}
    found = [
        metric
        for metric in part.metrics
        if not metric.headline
        and (metric.restated or metric.id in changed or metric.status in NOT_REPORTED or is_new(metric, digest))
    ]
    return sorted(found, key=lambda metric: not is_new(metric, digest))


def story_lines(part: PriorityPart, digest: Digest) -> Iterator[Line]:
    """Yield what moved, what is in the way, the ask and the next outcome."""
    today, said_on = digest.today, _said_on(part)
    since = f", {wording.day(said_on, today)}" if said_on else ""
    if said_on:
        yield line(bold("Moved:"), f" no update since {wording.day(said_on, today)}")
    elif part.moved:
        yield line(bold("Moved:"), " ", own(part.moved))
    blocker = blocker_line(part, digest)
    if blocker is not None:
        yield blocker
    if part.context:
        yield line(bold("Context:"), " ", own(part.context))
    if part.ask is not None:
        name = asked_name(part.ask, digest)
        whom: Spans = [name_of(wording.sentence(name.removeprefix("the "))), ", "] if name else []
        answered = ask_answer(part.ask)
        yield line(
            bold(f"Ask{since}:"), " ", *whom, said(part.ask.text, may_cut=False), f", {answered}" if answered else ""
        )
    if part.next_outcome is not None:
        yield line(
            bold("Next outcome:"), " ", own(part.next_outcome.name), f", {outcome_due(part, today, with_day=True)}"
        )


def blocker_line(part: PriorityPart, digest: Digest) -> Line | None:
    """Return what is in the way: what was said, dated where that is long ago, else the oldest escalated issue."""
    if part.blocker:
        said_on = _said_on(part)
        since = f", {wording.day(said_on, digest.today)}" if said_on else ""
        return line(bold(f"In the way{since}:"), " ", own(part.blocker))
    if part.escalated_issue is not None:
        return line(bold("In the way:"), " ", own(part.escalated_issue.title), _escalated_to(part))
    return None


def _said_on(part: PriorityPart) -> date | None:
    """When the latest answer was given, where rounds went by without one since."""
    standing = part.standing
    return standing.assessed_on if standing.silent_rounds and standing.by else None


def outcome_due(part: PriorityPart, today: date, *, with_day: bool = False) -> str | None:
    """Return when the next outcome is due, or how long it has been: "due Jan 31, 2027", "56 days overdue"."""
    outcome = part.next_outcome
    if outcome is None:
        return None
    on = wording.day(outcome.due, today)
    if not outcome.days_overdue:
        return f"due {on}"
    return wording.days_overdue(outcome.days_overdue) + (f" ({on})" if with_day else "")


def actions_line(part: PriorityPart) -> Line:
    """Return counts of actions and, of the overdue ones, the oldest with the organization that carries it."""
    actions = part.actions
    counts = f" {len(actions.done)} done, {len(actions.due_soon)} due, {len(actions.overdue)} overdue"
    oldest = actions.oldest_overdue
    if oldest is None:
        return line(bold("Actions:"), counts)
    lead = ": " if len(actions.overdue) == 1 else ". Oldest: "
    return line(bold("Actions:"), counts, lead, own(oldest.title), *_why(oldest))


def moved_line(part: PriorityPart, digest: Digest) -> Line | None:
    """Return which of a priority's actions have another date since the last digest, the most often moved first."""
    moved = [one for one in digest.moved_actions if one.priority == part.id]
    if not moved:
        return None
    told = joined((moved_words(one, digest.today) for one in moved[:MOST_MOVED]), "; ")
    rest = len(moved) - MOST_MOVED
    more = f"; {wording.plural(rest, 'more action')} moved" if rest > 0 else ""
    return line(bold("New dates:"), " ", *told, more)


def moved_words(action: MovedAction, today: date) -> Spans:
    """Return a moved action: "A-101 moved to Jan 15, third time: Legal is closed (Return the wording)"."""
    nth = f", {ordinal(action.count)} time" if action.count > 1 else ""
    words: Spans = [f"{action.id} moved to {wording.day(action.due, today)}{nth}"]
    words += [": ", own(action.reason)] if action.reason else []
    return [*words, " (", own(action.title), ")"]


def funding_line(part: PriorityPart, digest: Digest, *, amounts: bool, details: bool = True) -> Line | None:
    """Return the priority's money: with amounts, or as a count of sources. `details`: match and next report."""
    pieces = funding_pieces(part.funding, digest.currency, digest.today, amounts=amounts, details=details)
    if not pieces and digest.sources:
        pieces.append("no source yet, need not set" if amounts else "no source yet")
    return line(bold("Funding:"), f" {'; '.join(pieces)}") if pieces else None


def decision_title(decision: DecisionLine, *, amounts: bool) -> str | None:
    """Return a decision's title where it may be read: one that could hold an amount goes by its id elsewhere."""
    return decision.title if amounts or not wording.may_hold_amount(decision.title) else None


def chosen_outcome(decision: DecisionLine, *, amounts: bool) -> str | None:
    """Return what a decision came to, where its title alone doesn't say it and where it may be read."""
    outcome = decision.outcome if decision.chosen else None
    return outcome if outcome and (amounts or not wording.may_hold_amount(outcome)) else None


def north_star_line(digest: Digest, *, with_counts: bool = True) -> Line | None:
    """Return the north star's figures and how many priorities stand where."""
    pieces: list[Spans] = []
    star, today = digest.north_star, digest.today
    if star is not None and star.baseline is not None and star.target is not None:
        target = wording.entered(star.target.value, star.unit)
        until = wording.day(star.target.on, today)
        first = f"{wording.entered(star.baseline.value, star.unit)} ({wording.day(star.baseline.on, today)})"
        latest = f" → {latest_words(star, today)}" if star.latest else ""
        late = f", {not_reported(star, today)}" if star.status in NOT_REPORTED else ""
        pieces.append([own(star.name, may_cut=False), f": {first}{latest}{late}, target {target} by {until}."])
    elif star is not None:
        pieces.append([own(star.name, may_cut=False), f": {not_reported(star, today)}."])
    if with_counts:
        counts: list[Spans] = [
            [mark(wording.ASSESSMENT_MARKS[name]), f"{count} {wording.status(name)}"]
            for name, count in digest.assessment_counts.items()
        ]
        if counts:
            pieces.append(joined(counts, " · "))
    return line(*joined(pieces, " ")) if pieces else None


def _confidence(part: PriorityPart) -> str:
    confidence = part.confidence
    if confidence.value is None:
        return ""
    if part.standing.silent_rounds:
        return f"then {confidence.value} of 10"
    words = f"{confidence.value} of 10"
    if confidence.change == 0:
        words += ", unchanged"
    elif confidence.before is not None:
        words += f", was {confidence.before}"
    return f"{words}, falling" if confidence.falling else words


def latest_words(metric: MetricLine, today: date) -> str:
    latest = metric.latest
    if latest is None:
        return "no figure yet"
    start = latest.period_start if metric.aggregation == "period_total" else None
    when = wording.period(start, latest.period_end, today)
    if latest.value is None:
        return f"withheld, too few reported ({when})"
    return f"{wording.entered(latest.value, metric.unit)} ({when}{_provisional(metric)})"


def _provisional(metric: MetricLine) -> str:
    return ", provisional" if metric.latest is not None and metric.latest.quality == "provisional" else ""


def _against_target(metric: MetricLine) -> str:
    """The latest figure beside the target: "134 of 220 seats", where more is better and it can be counted."""
    if metric.latest is None or metric.latest.value is None:
        return "figure withheld, too few reported"
    value = metric.latest.value
    if metric.target is None:
        return wording.figure(value, metric.unit)
    target = wording.entered(metric.target.value, metric.unit)
    if metric.direction == "increase" and metric.unit != "percent":
        return f"{wording.entered(value, metric.unit)} of {target}{wording.noun_of(metric.unit)}"
    return f"{wording.figure(value, metric.unit)}, target {target}"


def _escalated_to(part: PriorityPart) -> str:
    issue = part.escalated_issue
    name = issue.escalated_to_name if issue is not None else None
    return f" (with {wording.with_article(wording.one_line(name))})" if name else " (escalated)"


def _why(action: ActionLine) -> Spans:
    """The organization that carries an overdue action, for how long it has been overdue, and the reason if given."""
    where: Spans = [" (", own(action.organization_name), f", {wording.plural(action.days_overdue, 'day')})"]
    if action.reason:
        return [*where, ": ", own(action.reason)]
    if action.waiting_on_name:
        return [*where, ", waits for ", own(action.waiting_on_name)]
    return [*where, ", no reason given"]
