"""Funding on screen: a source, a priority's money, lists, a change that was kept, a report due. No forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bot.domain.funding import (
    PIPELINE,
    REPORTING,
    EndingMoney,
    FundingOverview,
    FundingSaved,
    Money,
    MoneyCard,
    Named,
    ReportLine,
    ReportReminder,
    SourceCard,
    SourceList,
    SourceRow,
    money_words,
    report_label,
    report_words,
)
from bot.domain.wording import amount, day, in_figures, plural, sentence
from bot.slack.blocks import kit
from bot.slack.blocks.bundles import BundleReader
from bot.slack.blocks.last_days import end_buttons, last_day_words
from bot.slack.identifiers import Action
from bot.slack.limits import MESSAGE_TEXT
from bot.slack.message import Block, Message
from bot.slack.metadata import MoneyKey, encode
from bot.slack.mrkdwn import bold, cut, escape, fitted, own, unmark

TITLE = "Funding"
MOST_ROWS = 20
MOST_REPORTS = 5
_MOST_NAME = 150
_MOST_SHARES = 10


def card_message(card: SourceCard | MoneyCard) -> Message:
    """One source, or the money of a priority or of the coalition itself."""
    return _source_message(card) if isinstance(card, SourceCard) else _money_message(card)


def overview_message(found: FundingOverview) -> Message:
    """The money that somebody sees, by priority, and the reports that come due."""
    blocks, texts = [kit.section(bold(TITLE))], [TITLE]
    for named, part in found.parts[:MOST_ROWS]:
        words = money_words(part, found.currency, found.today, amounts=True, details=False)
        blocks.append(_named_row(named, words))
        texts.append(f"{named.name}: {words}")
    if len(found.parts) > MOST_ROWS:
        blocks.append(kit.context(f"{MOST_ROWS} of {len(found.parts)} · type “funding” and a name for the others"))
    if found.own_grants:
        blocks.append(kit.section(bold("Your grants")))
        blocks += [_source_block(row, found) for row in found.own_grants[:MOST_ROWS]]
        texts += [_row_words(row, found) for row in found.own_grants[:MOST_ROWS]]
        if len(found.own_grants) > MOST_ROWS:
            blocks.append(kit.context(f"{MOST_ROWS} of {len(found.own_grants)} · type “funding list” for the others"))
    elif not found.parts:
        words = "No grant of your organization is entered yet."
        blocks.append(kit.section(words))
        texts.append(words)
    if found.reports:
        lines = [_report_words(one, found) for one in found.reports[:MOST_REPORTS]]
        more = f", {MOST_REPORTS} of {len(found.reports)}" if len(found.reports) > MOST_REPORTS else ""
        blocks.append(kit.section(fitted([bold(f"Reports due{more}"), *(own(line) for line in lines)])))
        texts += lines
    buttons = []
    # A funder whose grants all stand above has nothing more to see.
    hidden = found.sources if found.parts else found.sources - len(found.own_grants[:MOST_ROWS])
    if hidden > 0:
        words = "See the source" if found.sources == 1 else f"All {in_figures(found.sources)} sources"
        buttons.append(kit.button(words, Action.FUNDING_LIST))
    if found.may_add:
        buttons.append(kit.button("Add source", Action.FUNDING_ADD))
    blocks += kit.row(*buttons)
    return _message(texts, blocks)


def list_message(found: SourceList) -> Message:
    """Every source that somebody sees."""
    if not found.rows:
        words = (
            "There are no funding sources for you to read."
            if not found.may_add
            else "There are no funding sources yet."
        )
        buttons = [kit.actions(kit.button("Add source", Action.FUNDING_ADD))] if found.may_add else []
        return _message([words], [kit.section(words), *buttons])
    title = plural(len(found.rows), "source")
    shown = found.rows[:MOST_ROWS]
    blocks = [kit.section(bold(title)), *(_source_block(row, found) for row in shown)]
    if len(found.rows) > MOST_ROWS:
        blocks.append(kit.context(f"{MOST_ROWS} of {len(found.rows)} · type “funding” and a name for the others"))
    if found.may_add:
        blocks.append(kit.actions(kit.button("Add source", Action.FUNDING_ADD)))
    return _message([title, *(_row_words(row, found) for row in shown)], blocks)


def saved_message(saved: FundingSaved) -> Message:
    said = {
        "added": "Added.",
        "changed": "Changed.",
        "allocated": "Allocated.",
        "reported": "Kept, thank you.",
        "nothing": "Nothing is different, so nothing was changed.",
    }[saved.what]
    key, name = saved.source.id, saved.source.name
    text = fitted([bold(cut(name, _MOST_NAME)), own(said), *(f"• {own(cut(line, 300))}" for line in saved.lines)])
    buttons = [kit.button("Open", Action.FUNDING_CARD, value=encode(MoneyKey(Money.SOURCE, key)), about=name)]
    if saved.may_change:
        buttons.append(kit.button("Allocate", Action.FUNDING_ALLOCATE, value=key, about=name))
    return Message.of(cut(unmark(text), 2000), kit.section(text), kit.actions(*buttons))


def unknown_funding_message(words: str, suggestion: Named | None) -> Message:
    """Nothing, or more than one thing, is called that; `words` are plain. [Yes] shows what was meant."""
    buttons = [kit.button("Show all sources", Action.FUNDING_LIST)]
    if suggestion is not None:
        value = encode(MoneyKey(suggestion.kind, suggestion.key))
        buttons.insert(0, kit.button("Yes", Action.FUNDING_CARD, value=value, about=suggestion.name))
    return Message.of(words, kit.section(escape(words)), kit.actions(*buttons))


def due_report_blocks(reports: Sequence[ReportLine], today: date) -> tuple[Block, ...]:
    """The reports that somebody writes as lines of Home."""
    return tuple(
        kit.section(
            f"{bold(cut(one.source_name, _MOST_NAME))}\nThe report to the funder is {report_words(one.due, today)}.",
            accessory=_sent(one.source, one.source_name) if one.may_record else None,
        )
        for one in reports
    )


def report_due_item(value: ReportReminder, reader: BundleReader) -> tuple[Iterable[Block], str]:
    """A report that is due, or what has become of it."""
    name = cut(value.source_name, _MOST_NAME)
    if value.state == "due":
        helper = f" {value.helper or 'A coordinator'} can record that it is sent." if not value.may_record else ""
        words = f"The report to the funder is {report_words(value.due, value.today)}.{helper}"
    elif value.state == "sent" and value.sent_on is not None:
        words = f"The report due {reader.day(value.due)} was sent {reader.day(value.sent_on)}."
    elif value.state == "moved":
        words = f"The report is due {reader.day(value.next_due)} now." if value.next_due else "No report is due now."
    else:
        words = "Somebody else writes this report now."
    blocks = [kit.section(f"{bold(name)}\n{own(words)}")]
    if value.state == "due" and value.may_record:
        blocks.append(kit.actions(_sent(value.source, value.source_name, primary=reader.may_be_primary)))
    return blocks, f"{name}: {words}"


def money_ends_item(value: EndingMoney, reader: BundleReader) -> tuple[Iterable[Block], str]:
    """Money that comes to its end, or what has become of it."""
    name, today = cut(value.source_name, _MOST_NAME), value.today
    if value.state == "due":
        words = f"This money ends {_ends(value.ends, today)}."
        given = [f"{cut(to, 80)} {amount(one, value.currency)}" for to, one in value.shares[:_MOST_SHARES]]
        words += f" It gives {'; '.join(given)}." if given else ""
    elif value.state == "moved":
        words = f"This money ends {day(value.now_ends, today)} now." if value.now_ends else "This money has no end now."
    else:
        words = "Others look after this money now."
    blocks = [kit.section(f"{bold(name)}\n{own(words)}")]
    if value.state == "due":
        card = encode(MoneyKey(Money.SOURCE, value.source))
        blocks.append(kit.actions(kit.button("Open", Action.FUNDING_CARD, value=card, about=value.source_name)))
    return blocks, f"{name}: {words}"


def _ends(on: date, today: date) -> str:
    """When money ends: "Jun 30, 2027, in 180 days"; once that is over only the day."""
    left = (on - today).days
    return f"{day(on, today)}, in {plural(left, 'day')}" if left > 0 else day(on, today)


def _sent(source: str, name: str, *, primary: bool = False) -> kit.Element:
    label = f"Report sent: {name}"
    return kit.button("Report sent", Action.FUNDING_REPORT, value=source, primary=primary, label=label)


def _source_message(card: SourceCard) -> Message:
    row, today = card.row, card.today
    lines = [bold(cut(row.name, _MOST_NAME)), *(own(line) for line in _source_lines(card))]
    blocks = [kit.section(fitted(lines))]
    buttons = []
    if card.may_change:
        buttons.append(kit.button("Update", Action.FUNDING_UPDATE, value=row.id, about=row.name))
        buttons.append(kit.button("Allocate", Action.FUNDING_ALLOCATE, value=row.id, about=row.name))
    if card.may_set_report:
        words = "Report sent" if card.may_record_report and card.owes_report else "Report date"
        buttons.append(kit.button(words, Action.FUNDING_REPORT, value=row.id, about=row.name))
    buttons.append(kit.button("History", Action.FUNDING_HISTORY, value=row.id, about=row.name))
    blocks.append(kit.actions(*buttons, *end_buttons(card.end, row.name)))
    if card.report_sent is not None:
        blocks.append(kit.context(f"Last report sent {day(card.report_sent, today)}"))
    return _message([unmark(line) for line in lines], blocks)


def _source_lines(card: SourceCard) -> Iterator[str]:
    """What a source's card says, the report that is owed first."""
    row, today, currency = card.row, card.today, card.currency
    if card.owes_report and row.report_due is not None:
        by = f", by {card.report_owner}" if card.report_owner else ""
        yield f"{sentence(report_label(row.report_due, today))}: {report_words(row.report_due, today)}{by}"
    money = f"{amount(row.amount, currency)}, " if row.amount is not None else ""
    yield f"{money}{row.status}{_until(row, card)}"
    if card.decision_expected is not None and row.status in PIPELINE:
        yield f"Decision expected {day(card.decision_expected, today)}"
    if card.received is not None:
        yield f"Received to date: {amount(card.received, currency)}"
    if row.allocated:
        yield "Allocated: " + "; ".join(f"{cut(to, 80)} {amount(one, currency)}" for to, one in row.allocated[:30])
    if len(row.allocated) > 30:
        yield f"(30 of {len(row.allocated)} allocations)"
    if card.unallocated:
        yield f"Not allocated: {amount(card.unallocated, currency)}, counted nowhere"
    if card.match_required:
        secured = amount(card.match_secured or 0, currency)
        yield f"Match: {secured} of {amount(card.match_required, currency)}"
    funder = cut(row.funder, _MOST_NAME)
    member = f" ({card.organization})" if card.organization and card.organization != row.funder else ""
    how = f", {card.arrangement}" if card.arrangement else ""
    how += {True: ", restricted", False: ", unrestricted", None: ""}[card.restricted]
    reports = f", {card.report_frequency} reports" if card.report_frequency else ""
    yield f"{funder}{member} · {row.capital_type}{how}{reports}"
    ends = last_day_words(card.end, today)
    if ends is not None:
        yield ends


def _until(row: SourceRow, card: SourceCard) -> str:
    if card.period_start is not None and row.period_end is not None:
        return f", {day(card.period_start, card.today)} to {day(row.period_end, card.today)}"
    return f", until {day(row.period_end, card.today)}" if row.period_end is not None else ""


def _money_message(card: MoneyCard) -> Message:
    part, today, currency, name = card.part, card.today, card.currency, card.about.name
    lines = [bold(cut(name, _MOST_NAME))]
    if not card.amounts:
        lines.append(own(money_words(part, currency, today, amounts=False)))
        words = "Amounts are read by its owner, steering and the coordinators."
        return _message([unmark(line) for line in lines], [kit.section("\n".join(lines)), kit.context(words)])
    lines.append(own(money_words(part, currency, today, amounts=True, details=False)))
    if part.through is not None and part.first_ends_on is not None:
        lines.append(own(f"First source ends {day(part.first_ends_on, today)}"))
    if part.by_capital_type:
        kinds = " · ".join(f"{kind} {amount(value, currency)}" for kind, value in part.by_capital_type.items())
        lines.append(own(f"Secured by capital type: {kinds}"))
    if part.match_required:
        lines.append(own(f"Match: {amount(part.match_secured, currency)} of {amount(part.match_required, currency)}"))
    if part.next_report is not None:
        due = report_words(part.next_report.due, today)
        label = sentence(report_label(part.next_report.due, today))
        lines.append(own(f"{label}: {cut(part.next_report.source_name, _MOST_NAME)}, {due}"))
    blocks = [kit.section(fitted(lines)), *(_source_block(row, card) for row in card.sources[:MOST_ROWS])]
    if len(card.sources) > MOST_ROWS:
        blocks.append(kit.context(f"{MOST_ROWS} of {len(card.sources)} · type “funding” and a name for the others"))
    if card.may_add:
        blocks.append(kit.actions(kit.button("Add source", Action.FUNDING_ADD)))
    return _message([unmark(line) for line in lines], blocks)


def _named_row(named: Named, words: str) -> Block:
    name = cut(named.name, _MOST_NAME)
    value = encode(MoneyKey(named.kind, named.key))
    button = kit.button("Open", Action.FUNDING_CARD, value=value, about=named.name)
    return kit.section(f"{bold(name)}\n{own(words)}", accessory=button)


def _source_block(row: SourceRow, found: FundingOverview | SourceList | MoneyCard) -> Block:
    value = encode(MoneyKey(Money.SOURCE, row.id))
    button = kit.button("Open", Action.FUNDING_CARD, value=value, about=row.name)
    name, _, rest = _row_words(row, found).partition("\n")
    return kit.section(f"{bold(name)}\n{own(rest)}", accessory=button)


def _row_words(row: SourceRow, found: FundingOverview | SourceList | MoneyCard) -> str:
    """A source's name, then what there is to say of it."""
    pieces: list[str] = [row.status]
    if row.amount is not None:
        pieces.append(amount(row.amount, found.currency))
    else:
        pieces += [f"{cut(to, 80)} {amount(one, found.currency)}" for to, one in row.allocated[:3]]
    if row.period_end is not None:
        pieces.append(f"until {day(row.period_end, found.today)}")
    if row.report_due is not None and row.status in REPORTING:
        pieces.append(f"report {report_words(row.report_due, found.today)}")
    return f"{cut(row.name, _MOST_NAME)}\n{' · '.join(pieces)}"


def _report_words(report: ReportLine, found: FundingOverview) -> str:
    by = f", by {report.owner}" if report.owner else ""
    return f"{cut(report.source_name, _MOST_NAME)}, {report_words(report.due, found.today)}{by}"


def _message(texts: Iterable[str], blocks: Iterable[Block]) -> Message:
    return Message(text=cut(escape("\n".join(texts)), MESSAGE_TEXT), blocks=tuple(blocks))
