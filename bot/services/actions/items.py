"""Action items as people work with them: adding one, lists, closing, moving, taking back, and asking for a yes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select

from bot.domain import actions
from bot.domain.actions import (
    ActionCard,
    ActionChange,
    ActionForm,
    ActionList,
    ListQuery,
    NewAction,
    ReadBack,
    UnknownList,
    carrier,
    ordinal,
    reason_of,
    shown_of,
    wants_reason,
)
from bot.domain.endings import require_open_again
from bot.domain.people import zone_of_member
from bot.domain.record import ActionItem, Record, find_action, lasting
from bot.domain.rights import coordinators
from bot.domain.typed import Known, Marks, known_members, marks_of, match_known
from bot.domain.vocabularies import ActionStatus
from bot.domain.wording import cut, near_day, one_line
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, Service, UseCase
from bot.services.actions import drafts
from bot.services.actions.bundles import ask_about_moves, ask_for_yes, refresh_action, tell_asker
from bot.services.actions.lists import list_page, typed_query, unknown_list
from bot.services.actions.views import (
    ACTION,
    ActionsView,
    changed_meanwhile,
    entries_of,
    is_mine_alone,
    is_taken_back,
    known_action,
    may_create,
    member_of,
    read_view,
    refusal_to_create,
    with_request,
)
from bot.services.numbered import require_keeper
from bot.services.people import write_letters
from bot.store.actions import ActionItemRow
from bot.store.audit import restore
from bot.store.people import member_of_account
from bot.store.record import read_record

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
Change = Callable[[ActionItem, ActionsView], ActionItem]


class ActionItems(Service):
    """Use cases around action items."""

    async def mine(self, actor: Actor) -> tuple[ActionCard, ...]:
        """This person's open actions, what waits for a yes first, then by date."""
        async with self.reading(actor, "actionitems.mine") as tx:
            return (await read_view(tx)).own_open()

    async def show(self, actor: Actor, typed: str) -> ActionCard:
        """One action, by its id or by words of its title.

        Raises UserError for one that is not known, Refused for one that is not theirs to see.
        """
        async with self.reading(actor) as tx:
            view = await read_view(tx)
            return await with_request(tx, view.card(view.one(typed)))

    async def find(self, actor: Actor, wanted: str | ListQuery) -> ActionList | UnknownList:
        """A page of a list: of a query, or of what was typed (mine, overdue, a priority, @member, organization)."""
        async with self.reading(actor) as tx:
            view = await read_view(tx)
            query = wanted if isinstance(wanted, ListQuery) else typed_query(tx.record, wanted)
            mentioned = _MENTION.fullmatch(wanted.strip()) if isinstance(wanted, str) else None
            if mentioned is not None:
                member = await member_of_account(tx.session, actor.coalition_id, mentioned[1])
                query = ListQuery(kind="member", id=member) if member is not None else None
            if query is None:
                return unknown_list(tx.record, str(wanted))
            return list_page(view, actor, query)

    async def read_back(self, actor: Actor, text: str, channel_id: str | None = None) -> ReadBack:
        """Reads a line and keeps it; nothing is added yet."""
        async with self.keeping(actor) as tx:
            _require_creator(actor, tx.record)
            draft = await drafts.read_line(tx, text, channel_id)
            token = drafts.new_token()
            line = await drafts.keep(tx, token, draft)
            today = tx.today
            new = drafts.completed(line, actor, tx.record, tx.now)
            earliest = drafts.earliest_due(actor, tx.record, tx.now, today)
            return drafts.read_back_of(token, draft, new, actor, tx.record, earliest)

    async def form(
        self,
        actor: Actor,
        token: str | None = None,
        *,
        title: str = "",
        priority: str | None = None,
        channel_id: str | None = None,
    ) -> ActionForm:
        """The form of a new action: of a line that was kept, or with a title and a priority that are there already."""
        async with self.reading(actor, to_change=True) as tx:
            _require_creator(actor, tx.record)
            today = tx.today
            if token is not None:
                line = await drafts.kept(tx, token)
            else:
                read = await drafts.read_line(tx, "", channel_id)
                line = drafts.KeptLine(title=title, priority=priority or read.priority)
            new = drafts.completed(line, actor, tx.record, tx.now)
            problems = tuple(words for _field, words in line.problems)
            if token is not None and not problems:
                problems = tuple(drafts.mistakes(tx.record, new, drafts.earliest_due(actor, tx.record, tx.now, today)))
            return drafts.form_of(tx, token or drafts.new_token(), new, problems)

    async def search_members(self, actor: Actor, typed: str) -> tuple[Known, ...]:
        """Members whose name, or a word of it, begins with what was typed; everybody where nothing was."""
        record = await self.read_record(actor, "actionitems.search_members")
        names = {item.id: item.name for item in record.everything.organizations}
        shown = {item.id: Known(item.id, f"{item.name} ({names[item.organization]})") for item in record.present}
        found = match_known(typed, known_members(record)) if typed.strip() else known_members(record)
        return tuple(shown[one.id] for one in found)

    async def search_organizations(self, actor: Actor, typed: str) -> tuple[Known, ...]:
        """Organizations by the beginning of a word of their name; all where nothing was typed."""
        record = await self.read_record(actor, "actionitems.search_organizations")
        known = tuple(Known(item.id, item.name) for item in lasting(record.organizations))
        return tuple(match_known(typed, known)) if typed.strip() else known

    async def add(self, actor: Actor, token: str, new: NewAction | None = None) -> ActionChange:
        """Adds an action, or with none given the line that was kept under `token`. The same token adds once.

        The same form sent again with something corrected changes what it made, as long as nothing was done about it.
        Given to somebody of another organization it waits for a yes.
        """
        submission = f"action:{actor.coalition_id}:{token}"
        async with self.changing(actor, alone=True) as tx:
            _require_creator(actor, tx.record)
            known = await tx.session.scalar(select(ActionItemRow).where(ActionItemRow.submission_key == submission))
            if known is not None and (new is None or not await _may_correct(tx, known)):
                return await self._outcome(tx, known, "added", already=True)
            if new is None:
                new = drafts.completed(await drafts.kept(tx, token), actor, tx.record, tx.now)
            new = actions.tidied(new)
            today = tx.today
            mistake = actions.first_mistake(tx.record, new, drafts.earliest_due(actor, tx.record, tx.now, today))
            if mistake is not None:
                raise mistake
            owner = member_of(tx.record, new.owner)
            assert owner is not None
            source = new.link or ("slack" if actor.path == "slack" else None)
            key = actions.next_id_in(tx.unrestricted)
            made = actions.add(key, new, owner, member_of(tx.record, actor.key), today, source)
            require_keeper(tx, made)
            writer = tx.writer()
            if known is not None:
                before = known_action(tx.record, known.key)
                after = actions.correct(before, made)
                await writer.put(after, before, row=known)
                if after != before and not after.accepted:
                    await ask_for_yes(tx, known)
                return await self._outcome(tx, known, "added", already=after == before)
            row = await writer.put_new(made, submission_key=submission)
            if not made.accepted:
                await ask_for_yes(tx, row)
            return await self._outcome(tx, row, "added")

    async def complete(self, actor: Actor, key: str) -> ActionChange:
        """Done, today."""
        return await self._change(actor, key, "done", lambda action, view: actions.complete(action, view.today))

    async def start(self, actor: Actor, key: str) -> ActionChange:
        """In progress; a closed action is open again."""
        return await self._change(actor, key, "started", lambda action, _view: actions.start(action))

    async def block(
        self, actor: Actor, key: str, reason: str, due: date | None = None, opened: Marks | None = None
    ) -> ActionChange:
        """Blocked, with the reason, and with a new date where one is known. `opened`: the marks of its form."""
        words = actions.read_reason(reason)

        def change(action: ActionItem, view: ActionsView) -> ActionItem:
            return actions.block(action, words, due, view.today)

        return await self._change(actor, key, "blocked", change, opened=opened, field="reason")

    async def move(
        self, actor: Actor, key: str, due: date, reason: str = "", opened: Marks | None = None
    ) -> ActionChange:
        """A new date; the reason is kept with the one it had before. `opened`: the marks of its form."""
        words = actions.read_reason(reason)

        def change(action: ActionItem, view: ActionsView) -> ActionItem:
            return actions.move(action, due, words, view.today, wants_reason=wants_reason(view.record, action))

        return await self._change(actor, key, "moved", change, opened=opened, field="due")

    async def cancel(self, actor: Actor, key: str) -> ActionChange:
        """Off every list; its history stays."""
        return await self._change(actor, key, "cancelled", lambda action, _view: actions.cancel(action))

    async def renew(self, actor: Actor, key: str) -> ActionChange:
        """The answer to what the third move asks: it goes on, with the date that it has."""
        return await self._change(actor, key, "renewed", lambda action, _view: actions.renew(action))

    async def get_help(self, actor: Actor, key: str) -> ActionChange:
        """The other answer: the coordinators hear in this person's name that it needs help."""
        return await self._change(actor, key, "help_asked", lambda action, _view: actions.get_help(action))

    async def accept(self, actor: Actor, key: str) -> ActionChange:
        """A yes to what another organization asked."""
        return await self._answer(actor, key, "accepted", lambda action, _view: actions.accept(action))

    async def offer(
        self, actor: Actor, key: str, due: date, reason: str = "", opened: Marks | None = None
    ) -> ActionChange:
        """A yes for another date, which counts from now; whoever asked sees it in the list. `opened`: its form's."""
        words = actions.read_reason(reason)

        def change(action: ActionItem, view: ActionsView) -> ActionItem:
            return actions.offer(action, due, words, view.today)

        return await self._answer(actor, key, "offered", change, due, opened)

    async def decline(self, actor: Actor, key: str) -> ActionChange:
        """Handed back: it belongs to whoever asked, or to a coordinator where nobody here did."""
        async with self.writing(actor) as tx:
            row = await ACTION.locked(tx, ActionItemRow, key)
            tx = await tx.read()
            view = await read_view(tx)
            action = known_action(tx.record, row.key)
            _require_asked(view, action)
            asker = view.back_to(action)
            if asker is None:
                raise UserError("I don't know who asked for this, and there is no coordinator who could have it back.")
            after = actions.decline(action, asker, view.directory.name(carrier(action, view.directory)))
            await tx.writer().put(after, action, row=row)
            await tell_asker(tx, row, "declined", action.owner, asker.id)
            await refresh_action(tx, row.key)
            return await self._outcome(tx, row, "declined", asker=asker.id)

    async def undo(self, actor: Actor, key: str, change: int) -> ActionChange:
        """Takes back one's own last change while nothing else changed the action.

        An action that was just added becomes cancelled: nothing is deleted.
        """
        async with self.writing(actor) as tx:
            row = await ACTION.locked(tx, ActionItemRow, key)
            entries = await entries_of(tx.session, row)
            wanted = next((one for one in entries if one[0].id == change), None)
            if wanted is None or wanted[1].actor_id != actor.member_id or actor.member_id is None:
                raise Refused("Only your own last change can be taken back here. Open the action to change it.")
            later = [one for one in entries if one[0].id > change]
            if len(later) == 1 and is_taken_back(wanted[0], later[0][0]) and later[0][1].actor_id == actor.member_id:
                return await self._outcome(tx, row, "undone", already=True)
            if later:
                return await self._outcome(tx, row, "kept", since=later[-1][1].at)
            if wanted[0].operation == "update":
                before = await read_record(tx.session, actor.coalition_id)
                restore(row, wanted[0])
                await tx.session.flush()
                record = await read_record(tx.session, actor.coalition_id)
                require_open_again(before, "actions", known_action(record, row.key))
            else:
                action = known_action(await read_record(tx.session, actor.coalition_id), row.key)
                await tx.writer().put(actions.take_back(action), action, row=row)
            await refresh_action(tx, row.key)
            return await self._outcome(tx, row, "undone")

    async def _answer(
        self,
        actor: Actor,
        key: str,
        what: str,
        change: Change,
        due: date | None = None,
        opened: Marks | None = None,
    ) -> ActionChange:
        """A yes, or one for another date. Said twice by whoever was asked it is one."""

        def require(view: ActionsView, action: ActionItem) -> None:
            is_own_yes = action.is_open and action.accepted and action.owner == actor.key
            if not is_own_yes or due not in {None, action.due}:
                _require_asked(view, action)

        return await self._change(actor, key, what, change, require=require, opened=opened, field="due")

    async def _change(
        self,
        actor: Actor,
        key: str,
        what: str,
        change: Change,
        *,
        require: Callable[[ActionsView, ActionItem], None] = ActionsView.require_change,
        opened: Marks | None = None,
        field: str | None = None,
    ) -> ActionChange:
        """One change of one action, which waits for others' changes of it, unless it is so already.

        With the marks of the form that it comes from: what was changed after that was opened is not changed once more
        unseen, which is said at `field`.
        """
        async with self.writing(actor) as tx:
            row = await ACTION.locked(tx, ActionItemRow, key)
            tx = await tx.read()
            view = await read_view(tx)
            action = known_action(tx.record, row.key)
            require(view, action)
            after = change(action, view)
            if after == action:
                return await self._outcome(tx, row, what, already=True)
            if opened and marks_of(shown_of(view.card(action))) != opened:
                raise await changed_meanwhile(tx, row, view.card(action), field)
            if after.is_open and not action.is_open:
                require_open_again(tx.record, "actions", after)
            await tx.writer().put(after, action, row=row)
            asker = view.asker_of(action)
            if what in {"accepted", "offered"}:
                await tell_asker(tx, row, what, action.owner, asker)
            if what == "help_asked":
                await _tell_coordinators(tx, action, view)
            if after.due != action.due:
                await ask_about_moves(tx, {after: actor.key})
            await refresh_action(tx, row.key)
            return await self._outcome(tx, row, what, asker=asker)

    async def _outcome(
        self,
        tx: ByActor,
        row: ActionItemRow,
        what: str,
        *,
        already: bool = False,
        since: datetime | None = None,
        asker: str | None = None,
    ) -> ActionChange:
        """The action as it is now, and how the change can be taken back by whoever made it."""
        tx = await tx.read()
        view = await read_view(tx)
        newest, change = (await entries_of(tx.session, row))[-1]
        is_own = tx.actor.member_id is not None and change.actor_id == tx.actor.member_id
        zone = zone_of_member(tx.record, tx.actor.key)
        # Whoever hands back what is kept to few reads what came of it, and has it before them no more.
        is_seen = find_action(tx.record, row.key) is not None
        may_undo = is_own and is_seen and what not in {"undone", "kept"} and (not already or what == "added")
        is_still_new = what != "added" or newest.operation == "insert"
        return ActionChange(
            what=what,
            card=await with_request(tx, view.card(known_action(tx.unrestricted, row.key))),
            undo=newest.id if may_undo and is_still_new else None,
            already=already,
            since=since,
            zone=zone,
            asker_name=view.directory.name(asker) if asker is not None else None,
        )


async def _tell_coordinators(tx: UseCase, action: ActionItem, view: ActionsView) -> None:
    """That somebody wants help with an action that keeps moving, once for each move."""
    count = len(action.moves)
    why = reason_of(action.moves)
    # The sentence goes on after what somebody wrote, which may have ended with a full stop of its own.
    reason = f": {why.rstrip(' .')}" if why else ""
    words = (
        f"{cut(one_line(action.title), 150)} ({action.id}) has moved for the {ordinal(count)} time, to "
        f"{near_day(action.due, view.today)}{reason}. I could use help with it."
    )
    receivers = [one.id for one in coordinators(tx.record) if one.id != tx.actor.key]
    key = f"help:{action.id}:{count}:{tx.actor.key}"
    await write_letters(tx, key, dict.fromkeys(receivers, words))


async def _may_correct(tx: UseCase, known: ActionItemRow) -> bool:
    """Whether what a form made today can be changed by that form: nothing was done about it, and by nobody else."""
    is_new = known.status == ActionStatus.NOT_STARTED and known.created == tx.today
    return is_new and await is_mine_alone(tx, known.id, ActionItemRow.__tablename__)


def _require_creator(actor: Actor, record: Record) -> None:
    if not may_create(actor.standing):
        raise Refused(refusal_to_create(record))


def _require_asked(view: ActionsView, action: ActionItem) -> None:
    if view.may_answer(action):
        return
    if action.accepted or not action.is_open:
        raise UserError(f"Nothing to answer: {action.id} isn't waiting for a yes. Type “{action.id}” to see it.")
    raise Refused(f"{view.directory.name(action.owner)} is asked about {action.id}, and can say yes or no.")
