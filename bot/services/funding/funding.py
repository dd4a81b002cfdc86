"""Funding as people read it: what they see of it, a source, a priority's money, lists. Changing it is elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.domain import funding
from bot.domain.endings import end_of
from bot.domain.funding import (
    WHOLE_COALITION,
    FundingOverview,
    FundingPart,
    FundingSight,
    Money,
    MoneyCard,
    Named,
    ReportLine,
    SourceCard,
    SourceList,
    SourceRow,
    UnknownFunding,
    allocated,
    find_funding,
    funding_sight,
    owed_reports,
    received,
    unknown_funding,
    writes_report,
)
from bot.domain.histories import Describe, ItemHistory, Names, RowChange, entries_of, field_lines, page_of
from bot.domain.known import in_coalition_time
from bot.domain.people import zone_of_member
from bot.domain.record import Directory, FundingSource, Noun, Priority, Record, in_common
from bot.domain.rights import Right, may_read_priority
from bot.domain.wording import amount, day, one_line
from bot.errors import Refused
from bot.services.access import Actor, Service
from bot.services.actions import member_of
from bot.services.priorities import helpers_of
from bot.services.trail import read_changes, read_names
from bot.store.funding import FundingSourceRow

# How far ahead the overview looks for reports that come due.
REPORTS_AHEAD = timedelta(days=90)
# How near a report is when it waits for somebody.
REPORT_WAITS = timedelta(days=7)


class Funding(Service):
    """Use cases around reading funding."""

    async def overview(self, actor: Actor) -> FundingOverview:
        """The money that this person sees: of the whole, of their priorities, or their organization's grants."""
        record = await self.read_record(actor, "funding.overview")
        sight, today = sight_of_actor(record, actor), in_coalition_time(record, self.calendar.now()).date()
        _require_any(record, sight)
        own = [one for one in record.funding_sources if sight.organization and one.organization == sight.organization]
        return FundingOverview(
            parts=tuple(_parts(record, sight)),
            own_grants=tuple(row_of(one, sight, Directory.of(record)) for one in own),
            reports=_reports(record, actor, sight, today + REPORTS_AHEAD),
            sources=sum(sight.sees(one) for one in record.funding_sources),
            currency=record.coalition.currency,
            today=today,
            may_add=actor.standing.may(Right.CHANGE_FUNDING),
        )

    async def sources(self, actor: Actor) -> SourceList:
        """Every source that this person sees anything of. Raises Refused for somebody who sees no money."""
        record = await self.read_record(actor)
        sight, directory = sight_of_actor(record, actor), Directory.of(record)
        _require_any(record, sight)
        return SourceList(
            rows=tuple(row_of(one, sight, directory) for one in record.funding_sources if sight.sees(one)),
            currency=record.coalition.currency,
            today=in_coalition_time(record, self.calendar.now()).date(),
            may_add=actor.standing.may(Right.CHANGE_FUNDING),
        )

    async def find(self, actor: Actor, typed: str) -> SourceCard | MoneyCard:
        """A source or a priority's money by id, name or beginning. Raises UnknownFunding, Refused by right."""
        record = await self.read_record(actor, "funding.find")
        return _card(record, actor, named_money(record, actor, typed), self.calendar.now())

    async def card(self, actor: Actor, kind: str, key: str) -> SourceCard | MoneyCard:
        """The same, by what it is and its id."""
        record = await self.read_record(actor, "funding.card")
        found = next((one for one in _everything(record) if (one.kind, one.key) == (kind, key)), None)
        if found is None:
            raise unknown_funding(key, ())
        return _card(record, actor, found, self.calendar.now())

    async def history(self, actor: Actor, typed: str, page: int = 0) -> ItemHistory:
        """What happened to a source and its allocations, for whoever sees it: the amounts that are theirs to see."""
        async with self.reading(actor) as tx:
            source = named_source(tx.record, actor, typed)
            sight = sight_of_actor(tx.record, actor)
            below = {"allocations": "funding_source_id"}
            changes = await read_changes(tx, FundingSourceRow, source.id, below)
            names = await read_names(tx)
        today = tx.today
        own = None if sight.whole(source) else {one.name for one in tx.record.priorities if sight.of_priority(one.id)}
        describe = _source_lines(names, today, tx.record.coalition.currency, own)
        zone = zone_of_member(tx.record, actor.key)
        return page_of(source.id, source.name, entries_of(changes, names, describe), page, zone=zone, now=tx.now)


def due_reports(record: Record, actor: Actor, now: datetime) -> tuple[ReportLine, ...]:
    """The reports that wait for this person: their own, and for coordinators those that nobody owns."""
    until = in_coalition_time(record, now).date() + REPORT_WAITS
    may = actor.standing.may(Right.CHANGE_FUNDING)
    return tuple(
        _report(record, actor, source, due)
        for source, due in owed_reports(record.funding_sources)
        if due <= until
        and source.report is not None
        and (source.report.owner == actor.key if source.report.owner is not None else may)
    )


def sight_of_actor(record: Record, actor: Actor) -> FundingSight:
    """What money this person sees."""
    return funding_sight(record, actor.standing, member_of(record, actor.key))


def row_of(source: FundingSource, sight: FundingSight, directory: Directory) -> SourceRow:
    """A source as one reader sees it."""
    return SourceRow(
        amount=source.amount if sight.whole(source) else None,
        allocated=tuple((directory.name(one.to), one.amount) for one in sight.allocations(source)),
        report_due=source.report.next_due if source.report else None,
        **in_common(SourceRow, source, "amount"),
    )


def may_record_report(actor: Actor, source: FundingSource) -> bool:
    """Whether this person may say that a report is sent: coordinators, and whoever writes it."""
    return actor.standing.may(Right.CHANGE_FUNDING) or writes_report(source, actor.key)


def may_set_report(record: Record, actor: Actor, source: FundingSource) -> bool:
    """Whether this person may set a report's date: who may say that it is sent, and a funder for its own grant."""
    if may_record_report(actor, source):
        return True
    sight = sight_of_actor(record, actor)
    is_own = sight.organization is not None and source.organization == sight.organization
    return is_own and actor.standing.may(Right.SET_REPORT_DATE)


def named_money(record: Record, actor: Actor, typed: str) -> Named:
    """What this person means: of what they see first. Raises UnknownFunding, Refused for a source out of sight."""
    sight, everything = sight_of_actor(record, actor), _everything(record)
    sources = {one.id: one for one in record.funding_sources}
    seen = [
        one
        for one in everything
        if (one.kind == Money.SOURCE and sight.sees(sources[one.key]))
        or (one.kind == Money.PRIORITY and _may_read(record, actor, one.key))
        or (one.kind == Money.COALITION and sight.everything)
    ]
    found = find_funding(typed, seen)
    if found is not None:
        return found
    rest = [one for one in everything if one.kind != Money.SOURCE or not sight.is_hidden(sources[one.key])]
    if _is_among(typed, rest):
        raise _refused(record)
    raise unknown_funding(typed, seen)


def written_source(record: Record, actor: Actor, typed: str) -> FundingSource | None:
    """The source whose report this person writes, by its id or its whole name; they need not see its money."""
    wanted = one_line(typed).casefold()
    return next(
        (
            one
            for one in record.funding_sources
            if writes_report(one, actor.key) and wanted in {one.id.casefold(), one_line(one.name).casefold()}
        ),
        None,
    )


def named_source(record: Record, actor: Actor, typed: str) -> FundingSource:
    """The source that is meant, of those that this person sees. Raises UnknownFunding, Refused."""
    sight = sight_of_actor(record, actor)
    known = [one for one in record.funding_sources if not sight.is_hidden(one)]
    seen = [Named(Money.SOURCE, one.id, one.name) for one in known if sight.sees(one)]
    found = find_funding(typed, seen)
    if found is None and _is_among(typed, [Named(Money.SOURCE, one.id, one.name) for one in known]):
        raise _refused(record)
    if found is None:
        raise unknown_funding(typed, seen)
    return next(one for one in record.funding_sources if one.id == found.key)


def _is_among(typed: str, known: Sequence[Named]) -> bool:
    """Whether something is called so; which ones is not for whoever asks."""
    try:
        return find_funding(typed, known) is not None
    except UnknownFunding:
        return True


def _everything(record: Record) -> list[Named]:
    return [
        *(Named(Money.SOURCE, one.id, one.name) for one in record.funding_sources),
        *(Named(Money.PRIORITY, one.id, one.name) for one in record.priorities),
        Named(Money.COALITION, *WHOLE_COALITION),
    ]


def _card(record: Record, actor: Actor, about: Named, now: datetime) -> SourceCard | MoneyCard:
    sight, directory = sight_of_actor(record, actor), Directory.of(record)
    today, currency = in_coalition_time(record, now).date(), record.coalition.currency
    if all((one.kind, one.key) != (about.kind, about.key) for one in _everything(record)):
        raise unknown_funding(about.key, ())
    if about.kind == Money.SOURCE:
        source = next(one for one in record.funding_sources if one.id == about.key)
        if sight.is_hidden(source):
            raise unknown_funding(about.key, ())
        if not sight.sees(source):
            raise _refused(record)
        return _source_card(record, actor, source, sight, today)
    amounts = sight.everything if about.kind == Money.COALITION else sight.of_priority(about.key)
    if not amounts and (about.kind == Money.COALITION or not _may_read(record, actor, about.key)):
        raise _refused(record)
    ids = set(directory.groups) if about.kind == Money.COALITION else {about.key}
    sources = [
        one
        for one in record.funding_sources
        if not sight.is_hidden(one) and any(allocation.to in ids for allocation in one.allocations)
    ]
    return MoneyCard(
        about=about,
        part=_part(record, sight, about),
        amounts=amounts,
        sources=tuple(row_of(one, sight, directory) for one in sources) if amounts else (),
        currency=currency,
        today=today,
        may_add=actor.standing.may(Right.CHANGE_FUNDING),
    )


def _source_card(record: Record, actor: Actor, source: FundingSource, sight: FundingSight, today: date) -> SourceCard:
    directory, report = Directory.of(record), source.report
    whole = sight.whole(source)
    sent = report.extra.get("last_sent") if report else None
    return SourceCard(
        row=row_of(source, sight, directory),
        organization=directory.name(source.organization) if source.organization else None,
        arrangement=source.arrangement,
        restricted=source.restricted,
        decision_expected=source.decision_expected,
        received=received(source) if whole else None,
        unallocated=funding.EXACT.subtract(source.amount, allocated(source)) if whole else None,
        match_required=source.match_required,
        match_secured=source.match_secured,
        period_start=source.period_start,
        report_frequency=report.frequency if report else None,
        report_owner=directory.name(report.owner) if report and report.owner else None,
        report_sent=sent if isinstance(sent, date) else None,
        currency=record.coalition.currency,
        today=today,
        may_change=actor.standing.may(Right.CHANGE_FUNDING),
        may_set_report=may_set_report(record, actor, source),
        may_record_report=may_record_report(actor, source),
        end=end_of(actor.standing, record, Noun.SOURCE, source),
    )


def _part(record: Record, sight: FundingSight, about: Named) -> FundingPart:
    """The money of a priority or of the coalition itself, without what this person may not know of."""
    known = [one for one in record.funding_sources if not sight.is_hidden(one)]
    if about.kind == Money.COALITION:
        return funding.summarize(funding.to_groups(known, Directory.of(record)), None)
    priority: Priority = next(one for one in record.priorities if one.id == about.key)
    return funding.summarize(funding.by_target(known).get(about.key, ()), priority.need)


def _parts(record: Record, sight: FundingSight) -> Iterable[tuple[Named, FundingPart]]:
    for one in _everything(record):
        is_seen = sight.of_priority(one.key) if one.kind == Money.PRIORITY else sight.everything
        if one.kind != Money.SOURCE and is_seen:
            yield one, _part(record, sight, one)


def _reports(record: Record, actor: Actor, sight: FundingSight, until: date) -> tuple[ReportLine, ...]:
    return tuple(
        _report(record, actor, source, due)
        for source, due in owed_reports(record.funding_sources)
        if due <= until and sight.sees(source)
    )


def _report(record: Record, actor: Actor, source: FundingSource, due: date) -> ReportLine:
    owner = source.report.owner if source.report else None
    return ReportLine(
        source=source.id,
        source_name=source.name,
        due=due,
        owner=Directory.of(record).name(owner) if owner else None,
        may_record=may_record_report(actor, source),
    )


def _may_read(record: Record, actor: Actor, priority: str) -> bool:
    return sight_of_actor(record, actor).of_priority(priority) or may_read_priority(actor.standing, priority)


def _require_any(record: Record, sight: FundingSight) -> None:
    if sight.is_nothing:
        raise Refused(
            "Funding is read by the coordinators and steering, by owners for their own priority and by funders "
            f"for their own grants. {helpers_of(record, None)} can help."
        )


def _refused(record: Record) -> Refused:
    return Refused(
        "This funding is read by the coordinators and steering, by the owners of its priorities and by its own "
        f"funder. {helpers_of(record, None)} can help."
    )


def _source_lines(names: Names, today: date, currency: str, own: Collection[str] | None) -> Describe:
    """Describes changes of a source's own row and of its allocations, given in their order. `own` names the priorities
    whose amounts alone the reader sees; None: every amount is seen."""
    targets: dict[int, str] = {}

    def allocation(change: RowChange) -> list[str]:
        row = {**change.old, **change.new}
        to = names.of("priorities", row.get("priority_id")) or names.of("groups", row.get("group_id"))
        # An update says only what it changed.
        to = targets.setdefault(change.row_id, to or "Something that is gone")
        if own is not None and to not in own:
            return []
        words = [
            amount(one["amount"], currency) if one.get("amount") is not None else "none"
            for one in (change.old, change.new)
        ]
        return [f"{one_line(to)}: {words[0]} → {words[1]}"] if words[0] != words[1] else []

    def said(value: object) -> str:
        if isinstance(value, Decimal | int):
            return amount(value, currency)
        return day(value, today) if isinstance(value, date) else one_line(str(value or "none"))

    def describe(change: RowChange) -> list[str]:
        if change.table == "allocations":
            return allocation(change)
        if change.operation == "insert":
            whole = "" if own is not None else f"{amount(change.new['amount'], currency)}, "
            return [f"Added: {whole}{change.new['status']}"]
        lines = field_lines(change, names, today, without=("has_report", *(() if own is None else ("amount",))))
        for column, key, label in (
            ("extra", "received_to_date", "Received to date"),
            ("extra", "arrangement", "Arrangement"),
            ("report_extra", "last_sent", "Report sent"),
        ):
            if key == "received_to_date" and own is not None:
                continue
            old, new = ((side.get(column) or {}).get(key) for side in (change.old, change.new))
            if column in change.new and old != new:
                lines.append(f"{label}: {said(old)} → {said(new)}")
        return lines

    return describe
