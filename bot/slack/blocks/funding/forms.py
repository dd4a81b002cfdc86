"""The forms of funding: a source, what it is allocated to, and its report. Cards are in `funding`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

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
)
from bot.domain.typed import Known, marks_of
from bot.domain.wording import amount, day
from bot.errors import UserError
from bot.slack.blocks import kit
from bot.slack.forms import keeping
from bot.slack.identifiers import Entry, Search, Submission
from bot.slack.message import Block, View
from bot.slack.metadata import OUT_OF_DATE_FORM, encode_question
from bot.slack.mrkdwn import bold, cut

ADD_TITLE = "New source"
UPDATE_TITLE = "Update source"
ALLOCATE_TITLE = "Allocate"
REPORT_TITLE = "Report"
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


@keeping
def source_view(form: SourceForm) -> View:
    """A new source with its allocations, or one that is there without them."""
    plan, choices, is_new = form.plan, form.choices, form.source is None
    organization, owner = plan.get("organization"), plan.get("report_owner")
    blocks = [
        kit.context(READERS),
        _text("name", "Source", plan),
        _search("organization", "Which member organization gives it?", Search.ORGANIZATION, organization, choices.name),
        _text("funder", "Funder", plan, hint="As it should read, such as a state agency or a bank.", optional=True),
        _select("capital_type", "Capital type", CAPITAL_TYPES, plan),
        _select("arrangement", "Braided or blended?", ARRANGEMENTS, plan, optional=True),
        _select("status", "How far is it?", STATUSES, plan, words=_STATUS_WORDS),
        _money("amount", f"Whole amount, in {choices.currency}", plan, optional=False),
    ]
    if not is_new:
        blocks.append(_money("received", f"Received to date, in {choices.currency}", plan))
    blocks += [
        _day("period_start", "Starts", plan.get("period_start")),
        _day("period_end", "Ends", plan.get("period_end")),
        _money("match_required", f"Match required, in {choices.currency}", plan),
        _money("match_secured", f"Match secured, in {choices.currency}", plan),
    ]
    if plan.get("report_due") is not None:
        blocks.append(_day("report_sent", f"Report due {day(plan['report_due'], form.today)}: sent on", None))
    frequencies = dict.fromkeys([*FREQUENCIES, *([plan["report_frequency"]] if plan.get("report_frequency") else [])])
    blocks += [
        _day("report_due", "Next report due", plan.get("report_due")),
        _select("report_frequency", "How often is a report due?", list(frequencies), plan, optional=True),
        _search("report_owner", "Who writes the report?", Search.MEMBER, owner, choices.name),
    ]
    if is_new:
        blocks += _targets(choices.targets, {}, choices.currency)
    return View(
        title=ADD_TITLE if is_new else UPDATE_TITLE,
        callback_id=Submission.FUNDING_SOURCE,
        submit="Add" if is_new else "Save",
        close="Close",
        metadata=encode_form(form.source.id if form.source is not None else None, plan),
        blocks=tuple(blocks),
    )


def allocation_view(form: AllocationForm) -> View:
    """What a source gives to whom."""
    given = dict(form.plan["allocations"])
    whole = amount(form.amount, form.currency)
    return View(
        title=ALLOCATE_TITLE,
        callback_id=Submission.FUNDING_ALLOCATION,
        submit="Save",
        close="Close",
        metadata=encode_form(form.source.id, form.plan),
        blocks=(
            kit.context(READERS),
            kit.section(f"{bold(cut(form.source.name, MOST_NAME))}\n{whole} in all. What is left out counts nowhere."),
            *_targets(form.targets, given, form.currency),
        ),
    )


def report_view(form: ReportForm) -> View:
    """That a report was sent, and when the next one is due; for a funder only the day."""
    due = form.plan["report_due"]
    owed = f"The {report_label(due, form.today)} is {report_words(due, form.today)}." if due else "No report is due."
    blocks: list[Block] = [
        kit.context(REPORT_READERS),
        kit.section(f"{bold(cut(form.source.name, MOST_NAME))}\n{owed}"),
    ]
    next_due = due
    if form.may_record and due is not None:
        blocks.append(_day("report_sent", "Sent on", form.today))
        next_due = form.following
    label = "The report after that is due" if form.may_record and due is not None else "Next report due"
    blocks.append(_day("report_due", label, next_due))
    return View(
        title=REPORT_TITLE,
        callback_id=Submission.FUNDING_REPORT,
        submit="Save",
        close="Close",
        metadata=encode_form(form.source.id, form.plan),
        blocks=tuple(blocks),
    )


def encode_form(source: str | None, plan: Mapping[str, Any]) -> str:
    """A form's private_metadata: what it is about, and marks of the values it was opened with; never the values."""
    return json.dumps({"source": source, "marks": marks_of(plan)}, separators=(",", ":"))


def decode_form(text: str) -> tuple[str | None, Mapping[str, str]]:
    """The inverse of `encode_form`. Raises UserError for a form that this version never made."""
    try:
        found = json.loads(text)
        return found["source"], {str(name): str(mark) for name, mark in found["marks"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(OUT_OF_DATE_FORM) from None


def _targets(targets: Sequence[Known], given: Mapping[str, Decimal], currency: str) -> Iterable[Block]:
    shown = targets[:MOST_TARGETS]
    yield kit.context(f"How much goes where, in {currency}? All of it together is at most the whole amount.")
    for target in shown:
        value = given.get(target.id)
        element = kit.number_input(Entry.VALUE, decimals=True, initial=f"{value:f}" if value is not None else None)
        yield kit.input_block(f"To {target.name}", element, encode_question(target_field(target.id)), optional=True)
    if len(targets) > len(shown):
        yield kit.context(f"{len(shown)} of {len(targets)}; what the others have stays as it is.")


def _text(name: str, label: str, plan: Mapping[str, Any], *, optional: bool = False, hint: str | None = None) -> Block:
    initial = plan.get(name)
    element = kit.plain_text_input(
        Entry.VALUE, max_length=MOST_NAME, initial=cut(initial, MOST_NAME) if initial else None
    )
    return kit.input_block(label, element, encode_question(name), optional=optional, hint=hint)


def _search(name: str, label: str, search: Search, chosen: Any, named: Any) -> Block:
    initial = kit.option(named(chosen), str(chosen)) if chosen is not None else None
    element = kit.external_select(search, initial=initial, placeholder="Type a name")
    return kit.input_block(label, element, encode_question(name), optional=True)


def _select(
    name: str,
    label: str,
    offered: Iterable[str],
    plan: Mapping[str, Any],
    *,
    words: Mapping[str, str] | None = None,
    optional: bool = False,
) -> Block:
    options = {str(one): kit.option((words or {}).get(one, str(one).capitalize()), str(one)) for one in offered}
    chosen = options.get(str(plan.get(name)))
    element = kit.static_select(Entry.VALUE, list(options.values()), initial=chosen, placeholder="Choose one")
    return kit.input_block(label, element, encode_question(name), optional=optional)


def _money(name: str, label: str, plan: Mapping[str, Any], *, optional: bool = True) -> Block:
    value = plan.get(name)
    number = kit.number_input(Entry.VALUE, decimals=True, initial=f"{value:f}" if value is not None else None)
    return kit.input_block(label, number, encode_question(name), optional=optional)


def _day(name: str, label: str, initial: date | None) -> Block:
    return kit.input_block(label, kit.datepicker(Entry.VALUE, initial=initial), encode_question(name), optional=True)
