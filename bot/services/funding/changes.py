"""Changing funding: sources are added and updated, allocated, and their reports sent. Reading is in `funding`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.domain.endings import require_open_again
from bot.domain.funding import (
    Allocated,
    AllocationForm,
    FundingChoices,
    FundingSaved,
    Plan,
    ReportForm,
    SourceForm,
    allocation_plan,
    change_lines,
    following_report,
    funding_choices,
    new_source,
    read_allocations,
    read_report,
    read_source,
    report_plan,
    source_plan,
    target_field,
    value_words,
    with_plan,
)
from bot.domain.known import in_coalition_time
from bot.domain.outbox import Item
from bot.domain.packing import pack, unpack
from bot.domain.record import FundingSource, Record
from bot.domain.rights import METHODS, Right
from bot.domain.typed import Answers, Known, Marks, Mistakes, edit_of, marks_of, refuse_clashes
from bot.domain.wording import amount, one_line
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, Service, locked_row
from bot.services.drafts import keep_sent, sent_before
from bot.services.funding.funding import may_record_report, may_set_report, named_source, written_source
from bot.services.funding.reports import refresh_notices
from bot.services.priorities import helpers_of
from bot.store.funding import FundingSourceRow


class FundingChanges(Service):
    """Use cases around how funding is kept up to date."""

    async def form(self, actor: Actor) -> SourceForm:
        """The form of a new source."""
        record = await self.read_record(actor, to_change=True)
        _require_changer(actor, record, "fundingchanges.form")
        return SourceForm(source=None, plan={}, choices=funding_choices(record), today=self._today(record))

    async def add(self, actor: Actor, key: str, answers: Mapping[str, str | None]) -> FundingSaved:
        """Adds a source. `key` identifies the form: the same one again adds nothing, a corrected one changes the
        source that it added. Raises Mistakes."""
        async with self.changing(actor, alone=True) as tx:
            _require_changer(actor, tx.record, "fundingchanges.add")
            choices, today = funding_choices(tx.record), self._today(tx.record)
            sent = await sent_before(tx, f"funding:{key}")
            plan = read_source(answers, choices, None, today)
            writer = tx.writer()
            if sent is not None:
                done = _source(tx.record, sent.reply["source"][0])
                before: Plan = {**source_plan(done), **allocation_plan(done)}
                edit = sent.edit(before, plan)
                refuse_clashes(edit.clashes, lambda name: value_words(name, before, choices, today))
                row = await _locked(tx, done.id)
                await writer.put(with_plan(done, edit.changes), done, row=row)
            else:
                row = await writer.put_new(new_source(plan, {one.id for one in tx.record.everything.funding_sources}))
            lines = [value_words(name, plan, choices, today) for name in ("amount", "status")]
            given = dict(plan["allocations"])
            lines += [
                f"{one_line(target.name)}: {amount(given[target.id], choices.currency)}"
                for target in choices.targets
                if target.id in given
            ]
            saved = FundingSaved(source=Known(row.key, row.name), what="added", lines=tuple(lines))
            return await _remember(tx, key, saved, plan)

    async def update_form(self, actor: Actor, typed: str) -> SourceForm | ReportForm:
        """The form of a source by its name or id; for a funder's own grant only that of its report."""
        record = await self.read_record(actor, to_change=True)
        if not actor.standing.may(Right.CHANGE_FUNDING):
            return _report_form(actor, record, _reportable(actor, record, typed), self._today(record))
        source = named_source(record, actor, typed)
        return SourceForm(
            source=Known(source.id, source.name),
            plan=source_plan(source),
            choices=funding_choices(record),
            today=self._today(record),
        )

    async def update(
        self, actor: Actor, key: str, source: str, opened: Marks, answers: Mapping[str, str | None]
    ) -> FundingSaved:
        """Changes a source; `opened` are the marks that its form was opened with. Raises Mistakes."""
        async with self.writing(actor) as tx:
            row = await _locked(tx, source)
            tx = await tx.read()
            _require_changer(actor, tx.record, "fundingchanges.update")
            known, choices, today = _source(tx.record, source), funding_choices(tx.record), self._today(tx.record)
            before, entered = source_plan(known), {"answers": dict(answers)}
            sent = await sent_before(tx, f"funding:{key}")
            if sent is not None and sent.is_same(entered):
                return unpack(FundingSaved, sent.reply)
            typed = read_source(answers, choices, known, today)
            if answers.get("report_sent") and sent is None:
                _refuse_stale_report(opened, before, choices, today)
            edit = edit_of(sent.marks if sent is not None else opened, before, typed)
            refuse_clashes(edit.clashes, lambda name: value_words(name, before, choices, today))
            lines = change_lines(before, edit.changes, choices, today)
            if not lines:
                return FundingSaved(source=Known(known.id, known.name), what="nothing", lines=())
            after = with_plan(known, edit.changes)
            if "status" in edit.changes:
                require_open_again(tx.record, "funding_sources", after, "status")
            await tx.writer().put(after, known, row=row)
            await _refresh(tx, known, edit.changes)
            saved = FundingSaved(source=Known(row.key, row.name), what="changed", lines=lines)
            return await _remember(tx, key, saved, {**typed, **entered})

    async def allocation_form(self, actor: Actor, typed: str) -> AllocationForm:
        """What a source gives to whom; those that get something come first."""
        record = await self.read_record(actor, to_change=True)
        _require_changer(actor, record, "fundingchanges.allocation_form")
        source, choices = named_source(record, actor, typed), funding_choices(record)
        plan = allocation_plan(source)
        given = dict(plan["allocations"])
        return AllocationForm(
            source=Known(source.id, source.name),
            plan=plan,
            amount=source.amount,
            targets=tuple(sorted(choices.targets, key=lambda one: one.id not in given)),
            currency=choices.currency,
        )

    async def allocate(
        self, actor: Actor, key: str, source: str, opened: Marks, answers: Mapping[str, str | None]
    ) -> FundingSaved:
        """Allocates a source to priorities and groups. More than its amount is refused at the field."""
        async with self.writing(actor) as tx:
            row = await _locked(tx, source)
            tx = await tx.read()
            _require_changer(actor, tx.record, "fundingchanges.allocate")
            known, choices, today = _source(tx.record, source), funding_choices(tx.record), self._today(tx.record)
            before, entered = allocation_plan(known), {"answers": dict(answers)}
            sent = await sent_before(tx, f"funding:{key}")
            if sent is not None and sent.is_same(entered):
                return unpack(FundingSaved, sent.reply)
            typed: Plan = {"allocations": _asked_allocations(answers, before, known, choices)}
            edit = edit_of(sent.marks if sent is not None else opened, before, typed)
            first = next((name for name in answers if name.startswith(target_field(""))), "allocations")
            words = value_words("allocations", before, choices, today)
            refuse_clashes(edit.clashes, lambda _name: words, allocations=first)
            lines = change_lines(before, edit.changes, choices, today)
            if not lines:
                return FundingSaved(source=Known(known.id, known.name), what="nothing", lines=())
            await tx.writer().put(with_plan(known, edit.changes), known, row=row)
            await _refresh(tx, known, edit.changes)
            saved = FundingSaved(source=Known(row.key, row.name), what="allocated", lines=lines)
            return await _remember(tx, key, saved, {**typed, **entered})

    async def report_form(self, actor: Actor, typed: str) -> ReportForm:
        """The form of a source's report: when it was sent, and when the next one is due."""
        record = await self.read_record(actor, to_change=True)
        return _report_form(actor, record, _reportable(actor, record, typed), self._today(record))

    async def report(
        self, actor: Actor, key: str, source: str, opened: Marks, answers: Mapping[str, str | None]
    ) -> FundingSaved:
        """Keeps that a report was sent, and when the next one is due. A funder sets only the day, of its own grant."""
        async with self.writing(actor) as tx:
            row = await _locked(tx, source)
            tx = await tx.read()
            known = _reportable(actor, tx.record, row.key)
            choices, today = funding_choices(tx.record), self._today(tx.record)
            may_record, may_change = may_record_report(actor, known), actor.standing.may(Right.CHANGE_FUNDING)
            before, entered = report_plan(known), {"answers": dict(answers)}
            sent = await sent_before(tx, f"funding:{key}")
            if sent is not None and sent.is_same(entered):
                return unpack(FundingSaved, sent.reply)
            if may_record and answers.get("report_sent") and sent is None:
                _refuse_stale_report(opened, before, choices, today)
            typed = read_report(answers, known, today, may_record=may_record)
            edit = edit_of(sent.marks if sent is not None else opened, before, typed)
            refuse_clashes(edit.clashes, lambda name: value_words(name, before, choices, today))
            lines = change_lines(before, edit.changes, choices, today)
            about = Known(known.id, known.name)
            if not lines:
                return FundingSaved(source=about, what="nothing", lines=(), may_change=may_change)
            await tx.writer().put(with_plan(known, edit.changes), known, row=row)
            await _refresh(tx, known, edit.changes)
            what = "reported" if "report_sent" in edit.changes else "changed"
            saved = FundingSaved(source=about, what=what, lines=lines, may_change=may_change)
            return await _remember(tx, key, saved, {**typed, **entered})

    def _today(self, record: Record) -> date:
        return in_coalition_time(record, self.calendar.now()).date()


def _require_changer(actor: Actor, record: Record, method: str) -> None:
    if not actor.standing.may(METHODS[method]):
        raise Refused(
            f"Funding is added, updated and allocated by the coordinators. {helpers_of(record, None)} can help."
        )


def _reportable(actor: Actor, record: Record, typed: str) -> FundingSource:
    """The source that is meant, for somebody who may set its report's date."""
    written = written_source(record, actor, typed)
    if written is not None:
        return written
    if not actor.standing.may(Right.SET_REPORT_DATE):
        _require_changer(actor, record, "fundingchanges.update")
    source = named_source(record, actor, typed)
    if not may_set_report(record, actor, source):
        raise Refused(
            "A report is kept by whoever writes it and the coordinators; a funder sets the date of its own grants'. "
            f"{helpers_of(record, None)} can help."
        )
    return source


def _report_form(actor: Actor, record: Record, source: FundingSource, today: date) -> ReportForm:
    return ReportForm(
        source=Known(source.id, source.name),
        plan=report_plan(source),
        following=following_report(source),
        may_record=may_record_report(actor, source),
        today=today,
    )


def _asked_allocations(
    answers: Mapping[str, str | None], before: Plan, source: FundingSource, choices: FundingChoices
) -> Allocated:
    """What the form says; a priority that it had no room for keeps what it has."""
    given = dict(before["allocations"])
    kept = {
        target_field(one.id): f"{given[one.id]:f}"
        for one in choices.targets
        if one.id in given and target_field(one.id) not in answers
    }
    reader = Answers({**answers, **kept})
    found = read_allocations(reader, choices.targets, source.amount, choices.currency)
    reader.require_none()
    return found


def _source(record: Record, key: str) -> FundingSource:
    found = next((one for one in record.funding_sources if one.id == key), None)
    if found is None:
        raise UserError("I can't find this source anymore. Type /funding list for those that there are.")
    return found


def _refuse_stale_report(opened: Marks, now: Plan, choices: FundingChoices, today: date) -> None:
    """Raises Mistakes where the report that is told as sent is no longer the one that is due."""
    if opened.get("report_due") != marks_of(now)["report_due"]:
        due = value_words("report_due", now, choices, today)
        raise Mistakes(
            {
                "report_sent": f"Somebody kept this up meanwhile: the next report's day is {due} now. "
                "Open the form again to change it."
            }
        )


async def _locked(tx: ByActor, key: str) -> FundingSourceRow:
    gone = "I can't find this source anymore. Type “funding list” to see what there is."
    return await locked_row(tx, FundingSourceRow, key, gone)


async def _refresh(tx: ByActor, source: FundingSource, changes: Plan) -> None:
    """Messages that speak of the report, or of the end, as it was are shown anew."""
    due = source.report.next_due if source.report else None
    if due is not None and {"report_due", "report_sent", "report_owner", "status", "name"} & set(changes):
        await tx.session.flush()
        await refresh_notices(tx, Item.REPORT_DUE, source.id, due)
    if source.period_end is not None and {"period_end", "status", "name", "allocations"} & set(changes):
        await tx.session.flush()
        await refresh_notices(tx, Item.MONEY_ENDS, source.id, source.period_end)


async def _remember(tx: ByActor, key: str, saved: FundingSaved, typed: Mapping[str, object]) -> FundingSaved:
    await keep_sent(tx, f"funding:{key}", pack(saved), typed)
    return saved
