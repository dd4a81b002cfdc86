"""The forms of funding: a source, what it is allocated to, and its report. Cards are in `funding`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from bot.domain.funding import (
    ARRANGEMENTS,
    CAPITAL_TYPES,
    FREQUENCIES,
    MOST_NAME,
    STATUSES,
    AllocationForm,
    ReportForm,
    SourceForm,
    report_label,
    report_words,
    target_field,
    value_words,
)
from bot.domain.typed import Known, marks_of
from bot.domain.wording import amount
from bot.slack.blocks import kit
from bot.slack.forms import (
    Answered,
    Day,
    Field,
    Find,
    Form,
    Keeps,
    Number,
    Pick,
    Text,
    about,
    as_typed,
    by,
    fixed,
    note,
)
from bot.slack.identifiers import Search, Submission
from bot.slack.message import Block
from bot.slack.metadata import Marked
from bot.slack.mrkdwn import bold, cut

ADD_TITLE = "New source"
UPDATE_TITLE = "Update source"
READERS = "Amounts are read by steering, the coordinators, the owners of its priorities and its own funder."
REPORT_READERS = "Report dates are read by everyone who reads the priorities that it pays for, and in their digests."
# More fields than this don't fit into one form beside the others.
MOST_TARGETS = 60
_STATUS_WORDS = {
    "prospect": "Prospect: in talks",
    "applied": "Applied for",
    "awarded": "Awarded",
    "active": "Active",
    "closed": "Closed",
    "declined": "Declined",
}


def _in_words(offered: Iterable[str]) -> dict[str, str]:
    return {str(one): _STATUS_WORDS.get(one, one.capitalize()) for one in offered}


def _named(name: str) -> Callable[[SourceForm], Known | None]:
    """Who is chosen, with the name."""

    def known(form: SourceForm) -> Known | None:
        chosen = form.plan.get(name)
        return Known(str(chosen), form.choices.name(chosen)) if chosen is not None else None

    return known


def _shortened(name: str) -> Callable[[SourceForm], str]:
    """A name; that it is longer in a file is seen."""
    return lambda form: cut(str(form.plan.get(name) or ""), MOST_NAME)


def _frequencies(form: SourceForm) -> list[kit.Element]:
    """How often a report may be due, and the one that a file says."""
    own = form.plan.get("report_frequency")
    offered = dict.fromkeys([*FREQUENCIES, *([str(own)] if own else [])])
    return [kit.option(words, value) for value, words in _in_words(offered).items()]


def _targets(targets: Sequence[Known], given: Mapping[str, Decimal], currency: str) -> Iterator[Field[object] | Block]:
    shown = targets[:MOST_TARGETS]
    yield kit.context(f"How much goes where, in {currency}? All of it together is at most the whole amount.")
    for target in shown:
        yield Number(target_field(target.id), f"To {target.name}", shows=fixed(given.get(target.id)), optional=True)
    if len(targets) > len(shown):
        yield kit.context(f"{len(shown)} of {len(targets)}; what the others have stays as it is.")


SOURCE_FORM: Form[SourceForm, Answered] = Form(
    as_typed, Submission.FUNDING_SOURCE,
    lambda form: ADD_TITLE if form.source is None else UPDATE_TITLE,
    lambda form: "Add" if form.source is None else "Save",
    note(READERS),
    Text("name", "Source", MOST_NAME, shows=_shortened("name")),
    Find("organization", "Which member organization gives it?", Search.ORGANIZATION, shows=_named("organization"),
        optional=True),
    Text("funder", "Funder", MOST_NAME, shows=_shortened("funder"),
        hint="As it should read, such as a state agency or a bank.", optional=True),
    Pick("capital_type", "Capital type", _in_words(CAPITAL_TYPES)),
    Pick("arrangement", "Braided or blended?", _in_words(ARRANGEMENTS),
        hint="Braided money keeps its own books and rules; blended money goes into one pool.", optional=True),
    Pick("restricted", "May it be used for one purpose only?", {"yes": "Yes, restricted", "no": "No, unrestricted"},
        optional=True),
    Pick("status", "How far is it?", _in_words(STATUSES)),
    Number("amount", lambda form: f"Whole amount, in {form.choices.currency}"),
    Number("received", lambda form: f"Received to date, in {form.choices.currency}",
        when=lambda form: form.source is not None, optional=True),
    Day("period_start", "Starts", optional=True),
    Day("period_end", "Ends", optional=True),
    Day("decision_expected", "When is a decision expected?", optional=True),
    Number("match_required", lambda form: f"Match required, in {form.choices.currency}", optional=True),
    Number("match_secured", lambda form: f"Match secured, in {form.choices.currency}", optional=True),
    Day("report_sent",
        lambda form: f"Report due {value_words('report_due', form.plan, form.choices, form.today)}: sent on",
        when=lambda form: form.plan.get("report_due") is not None, optional=True),
    Day("report_due", "Next report due", optional=True),
    Pick("report_frequency", "How often is a report due?", _frequencies, optional=True),
    Find("report_owner", "Who writes the report?", Search.MEMBER, shows=_named("report_owner"), optional=True),
    lambda form: _targets(form.choices.targets, {}, form.choices.currency) if form.source is None else (),
    values=lambda form: form.plan,
    carries=lambda form: Marked(form.source.id if form.source is not None else None, marks_of(form.plan)),
    keeps=Keeps(by(Marked, "id")),
)  # fmt: skip
ALLOCATION_FORM: Form[AllocationForm, Answered] = Form(
    as_typed, Submission.FUNDING_ALLOCATION, "Allocate", "Save",
    note(READERS),
    about(lambda form: f"{_name(form.source)}\n{amount(form.amount, form.currency)} in all. What is left out counts "
        "nowhere."),
    lambda form: _targets(form.targets, dict(form.plan["allocations"]), form.currency),
    carries=lambda form: Marked(form.source.id, marks_of(form.plan)),
)  # fmt: skip
REPORT_FORM: Form[ReportForm, Answered] = Form(
    as_typed, Submission.FUNDING_REPORT, "Report", "Save",
    note(REPORT_READERS),
    about(lambda form: f"{_name(form.source)}\n{_owed(form)}"),
    Day("report_sent", "Sent on", shows=lambda form: form.today, when=lambda form: _is_owed(form), optional=True),
    Day("report_due", lambda form: "The report after that is due" if _is_owed(form) else "Next report due",
        shows=lambda form: form.following if _is_owed(form) else form.plan["report_due"], optional=True),
    carries=lambda form: Marked(form.source.id, marks_of(form.plan)),
)  # fmt: skip


def _is_owed(form: ReportForm) -> bool:
    """Whether this person may say that the report is sent."""
    return form.may_record and form.plan["report_due"] is not None


def _owed(form: ReportForm) -> str:
    due = form.plan["report_due"]
    return f"The {report_label(due, form.today)} is {report_words(due, form.today)}." if due else "No report is due."


def _name(source: Known) -> str:
    return bold(cut(source.name, MOST_NAME))
