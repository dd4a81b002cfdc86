"""Setting metrics up: a new one, what it means, a new target, and its history. Recording figures is in `metrics`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.domain.histories import ItemHistory, entries_of, page_of
from bot.domain.metrics import (
    DEFAULTS,
    MOST_REASON,
    NORTH_STAR,
    Plan,
    PlanContext,
    PlanForm,
    PlanSaved,
    change_lines,
    find_metric,
    new_metric,
    plan_of,
    read_plan,
    read_target,
    require_sound,
    restore_plan,
    value_words,
    with_plan,
)
from bot.domain.people import zone_of_member
from bot.domain.record import Metric, Record, in_common
from bot.domain.rights import METHODS, Right, coordinators
from bot.domain.typed import Known, Marks, Mistakes, edit_of, refuse_clashes
from bot.domain.wording import cut, one_line
from bot.errors import Refused
from bot.services.access import Actor, ByActor, Service, UseCase, locked_row
from bot.services.decisions import APPLY, propose_change, steering_of
from bot.services.drafts import Sent, keep_sent, require_same_proposal, sent_before
from bot.services.metrics.history import metric_lines
from bot.services.metrics.views import GONE, Place, may_record, place_of, places_of, require_reader, today_in
from bot.services.targets import refresh_targets
from bot.services.trail import read_changes, read_names
from bot.store.metrics import MetricRow
from bot.store.record import Pointer

MOST_TITLE = 150
KIND = "metric"  # of a proposed change
_PLACES = {"baseline": "baseline_value", "target": "target_value"}  # where a form asks them


class MetricPlans(Service):
    """Use cases around how a metric is set up."""

    async def form(self, actor: Actor, typed: str | None = None) -> PlanForm:
        """The form of a new metric, or with a name or id that of one that is there."""
        record = await self.read_record(actor, to_change=True)
        today = today_in(record, self.calendar.now())
        if typed is None:
            _require_adder(actor, record)
            return _form_of(actor, record, None, today)
        place = _place(record, typed)
        _require_editor(actor, record, place, "metricplans.form")
        return _form_of(actor, record, place, today)

    async def add(self, actor: Actor, key: str, answers: Mapping[str, str | None]) -> PlanSaved:
        """Adds a metric. `key` identifies the form: the same one again adds nothing, a corrected one changes the
        metric that it added. Raises Mistakes."""
        async with self.changing(actor, alone=True) as tx:
            _require_adder(actor, tx.record)
            sent = await sent_before(tx, f"plan:{key}")
            done = place_of(places_of(tx.record), sent.reply["metric"]) if sent is not None else None
            today = tx.today
            plan = _read(actor, {**DEFAULTS, **answers}, tx.record, today)
            priority = answers.get("priority")
            if priority != NORTH_STAR and all(one.id != priority for one in tx.record.priorities):
                raise Mistakes({"priority": "Choose the priority that this figure is for."})
            is_star = done is not None and done.priority is None
            if priority == NORTH_STAR and not _lacks_star_metric(tx.record) and not is_star:
                raise Mistakes({"priority": "The north star already has its figure. Choose a priority."})
            typed = {**plan, "priority": priority}
            moved = {"priority_id": Pointer("priorities", priority) if priority and priority != NORTH_STAR else None}
            writer = tx.writer()
            if sent is not None and done is not None:
                changes = _corrections(sent, done, typed, tx.record, today)
                metric = with_plan(done.metric, restore_plan(changes))
                require_sound(metric, today)
                row = await _locked(tx, metric.id)
                await writer.put(metric, done.metric, row=row, **(moved if "priority" in changes else {}))
            else:
                metric = new_metric(plan, {one.metric.id for one in places_of(tx.record.everything)})
                require_sound(metric, today)
                await writer.put_new(metric, **moved)
            saved = PlanSaved(metric=metric, what="added", lines=(), may_record=True)
            return await _remember(tx, key, saved, typed)

    async def edit(
        self, actor: Actor, key: str, metric: str, opened: Marks, answers: Mapping[str, str | None]
    ) -> PlanSaved:
        """Changes what a metric means and how it is counted; `opened` are the marks that the form was opened with."""

        def read(_place: Place, record: Record, today: date) -> tuple[Plan, str | None]:
            reason = one_line(answers.get("reason") or "")[:MOST_REASON]
            return _read(actor, answers, record, today), reason or None

        return await self._change(actor, key, metric, opened, read, "metricplans.edit", with_target=False)

    async def target_form(self, actor: Actor, typed: str) -> PlanForm:
        """The form for a new target."""
        record = await self.read_record(actor, to_change=True)
        place = _place(record, typed)
        _require_editor(actor, record, place, "metricplans.target_form")
        return _form_of(actor, record, place, today_in(record, self.calendar.now()))

    async def retarget(
        self, actor: Actor, key: str, metric: str, opened: Marks, answers: Mapping[str, str | None]
    ) -> PlanSaved:
        """A new target, its day and milestones, with the reason."""

        def read(place: Place, _record: Record, today: date) -> tuple[Plan, str | None]:
            return read_target(answers, place.metric.unit, today)

        return await self._change(actor, key, metric, opened, read, "metricplans.retarget", with_target=True)

    async def history(self, actor: Actor, typed: str, page: int = 0, *, whole: bool = False) -> ItemHistory:
        """What happened to a metric and its figures, for whoever may see it; withheld values stay withheld."""
        async with self.reading(actor) as tx:
            place = _place(tx.record, typed, whole=whole)
            require_reader(actor, tx.record, place, "metricplans.history")
            below = {"readings": "metric_id", "milestones": "metric_id"}
            changes = await read_changes(tx, MetricRow, place.metric.id, below)
            names = await read_names(tx)
        entries = entries_of(changes, names, metric_lines(place.metric, names, tx.today))
        zone = zone_of_member(tx.record, actor.key)
        return page_of(place.metric.id, place.metric.name, entries, page, zone=zone, now=tx.now)

    async def _change(
        self,
        actor: Actor,
        key: str,
        metric: str,
        opened: Marks,
        read: Callable[[Place, Record, date], tuple[Plan, str | None]],
        method: str,
        *,
        with_target: bool,
    ) -> PlanSaved:
        """One change of a plan by a form, applied at once or proposed, by right."""
        async with self.writing(actor) as tx:
            row = await _locked(tx, metric)
            tx = await tx.read()
            place = place_of(places_of(tx.record), row.key)
            _require_editor(actor, tx.record, place, method)
            today = tx.today
            plan, reason = read(place, tx.record, today)
            typed = {**plan, "reason": reason}
            sent = await sent_before(tx, f"plan:{key}")
            if sent is not None and (sent.is_same(typed) or sent.reply["decision"] is not None):
                require_same_proposal(sent, typed)
                return _answered(tx.record, sent)
            edit = edit_of(sent.marks if sent is not None else opened, plan_of(place.metric), plan)
            _refuse_clashes(place.metric, edit.clashes, tx.record, today)
            changed = with_plan(place.metric, edit.changes, reason)
            require_sound(changed, today, with_target=with_target)
            lines = change_lines(place.metric, changed, _member_names(tx.record), today)
            if not lines:
                return PlanSaved(metric=place.metric, what="nothing", lines=())
            saved = PlanSaved(
                metric=changed, what="changed", lines=lines, may_record=may_record(actor, place, "metrics.record")
            )
            if may_edit(actor, place):
                await tx.writer().put(changed, place.metric, row=row)
                await _refresh_targets(tx)
            elif not reason:
                raise Mistakes({"reason": "Say in a sentence why it changes: steering reads it."})
            else:
                decision = await propose_change(
                    tx,
                    title=cut(f"{place.metric.name}: {'; '.join(lines)}", MOST_TITLE),
                    priority=place.priority.id if place.priority is not None else None,
                    kind=KIND,
                    key=place.metric.id,
                    changes={**edit.changes, "reason": reason},
                    why=reason,
                )
                decider = steering_of(tx.record).name
                saved = replace(saved, metric=place.metric, what="proposed", decision=decision, decider_name=decider)
            return await _remember(tx, key, saved, typed)


async def _apply(tx: UseCase, key: str, changes: Mapping[str, object]) -> None:
    """Makes a proposed change of a plan that steering has decided for. Raises UserError where it can't be made now."""
    row = await _locked(tx, key)
    tx = await tx.read()
    metric, reason = place_of(places_of(tx.record), key).metric, changes.get("reason")
    changed = with_plan(metric, restore_plan(changes), str(reason) if reason else None)
    require_sound(changed, tx.today)
    await tx.writer().put(changed, metric, row=row)
    await _refresh_targets(tx)


APPLY[KIND] = _apply


async def _refresh_targets(tx: UseCase) -> None:
    """Messages that ask for a target which is a new one by now are shown anew."""
    await refresh_targets(tx, tx.record, await tx.read_present())


async def _locked(tx: ByActor, metric: str) -> MetricRow:
    return await locked_row(tx, MetricRow, metric, GONE)


def _read(actor: Actor, answers: Mapping[str, str | None], record: Record, today: date) -> Plan:
    """What the form says, without what is not this person's to say."""
    plan = read_plan(answers, _context(record), today)
    if not actor.standing.may(Right.PUBLISH):
        plan.pop("public", None)
    return plan


def _corrections(
    sent: Sent, done: Place, typed: Mapping[str, object], record: Record, today: date
) -> Mapping[str, object]:
    """What a form that added a metric says otherwise now."""
    scope = done.priority.id if done.priority is not None else NORTH_STAR
    edit = sent.edit({**plan_of(done.metric), "priority": scope}, typed)
    _refuse_clashes(done.metric, [one for one in edit.clashes if one != "priority"], record, today)
    return edit.changes


def _answered(record: Record, sent: Sent) -> PlanSaved:
    """What the same form was answered before."""
    reply = sent.reply
    metric = place_of(places_of(record), reply["metric"]).metric
    return PlanSaved(**{**reply, "metric": metric, "lines": tuple(reply["lines"])})


async def _remember(tx: ByActor, key: str, saved: PlanSaved, typed: Mapping[str, object]) -> PlanSaved:
    reply = in_common(PlanSaved, saved)
    await keep_sent(tx, f"plan:{key}", {**reply, "metric": saved.metric.id, "lines": list(saved.lines)}, typed)
    return saved


def _form_of(actor: Actor, record: Record, place: Place | None, today: date) -> PlanForm:
    metric = place.metric if place is not None else None
    names = _member_names(record)
    priorities = [Known(one.id, one.name) for one in record.priorities]
    if metric is None and _lacks_star_metric(record):
        priorities.append(Known(NORTH_STAR, "The north star"))
    return PlanForm(
        metric=metric,
        plan=plan_of(metric) if metric is not None else {},
        priorities=tuple(priorities),
        priority=place.priority.id if place is not None and place.priority is not None else None,
        steward=Known(metric.steward, names.get(metric.steward, metric.steward)) if metric is not None else None,
        proposes=place is not None and not may_edit(actor, place),
        today=today,
        may_publish=actor.standing.may(Right.PUBLISH),
    )


def _place(record: Record, typed: str, *, whole: bool = False) -> Place:
    places = places_of(record)
    return place_of(places, find_metric(typed, [one.metric for one in places], whole=whole).id)


def _lacks_star_metric(record: Record) -> bool:
    star = record.coalition.north_star
    return star is not None and star.metric is None


def _context(record: Record) -> PlanContext:
    return PlanContext({one.id for one in record.members}, {one.id for one in record.priorities})


def _member_names(record: Record) -> dict[str, str]:
    return {one.id: one.name for one in record.members}


def _refuse_clashes(metric: Metric, clashes: Sequence[str], record: Record, today: date) -> None:
    present, names = plan_of(metric), _member_names(record)
    refuse_clashes(clashes, lambda name: value_words(name, present, names, today), **_PLACES)


def _require_adder(actor: Actor, record: Record) -> None:
    if not actor.standing.may(METHODS["metricplans.add"]):
        helper = next((one.name for one in coordinators(record)), "A coordinator")
        raise Refused(f"Figures are set up by coordinators. {helper} can help.")


def _require_editor(actor: Actor, record: Record, place: Place, method: str) -> None:
    scope = place.priority.id if place.priority is not None else None
    if not actor.standing.may(METHODS[method], scope) and not actor.standing.may(METHODS[method], place.metric.id):
        helper = next((one.name for one in coordinators(record)), "A coordinator")
        raise Refused(
            "Targets and definitions are changed by coordinators, and proposed by the priority's owner and the "
            f"figure's steward. {helper} can help."
        )


def may_edit(actor: Actor, place: Place) -> bool:
    """Whether this person's change of a plan counts at once."""
    return actor.standing.may(Right.EDIT_PRIORITY, place.priority.id if place.priority is not None else None)
