"""Keeps canvases up: compares what should stand on each with what was written, and writes what differs, whole.

It holds up nothing else: it runs by itself, with its own calls and their pace, and whatever goes wrong is tried again
later with what should stand there then. Nothing is called inside a transaction, and one process at a time is at a
canvas, by a lease.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.domain.canvases import (
    APART,
    LOOK_AGAIN,
    LOOKS,
    REFUSALS,
    CanvasNote,
    CanvasPage,
    CanvasState,
    CanvasTask,
    pause_after,
)
from bot.domain.wording import clock as clock_words
from bot.domain.wording import full_day_with_year, near_day, zone_name
from bot.errors import Unavailable
from bot.services import Services
from bot.services.access import Actor, clock
from bot.slack.canvases import (
    CanvasText,
    CanvasWriter,
    Done,
    Failed,
    Lost,
    Made,
    Outcome,
    Refused,
    Tab,
    Wait,
    canvas_text,
)
from bot.slack.workspaces import ServedWorkspace, Workspaces

log = structlog.get_logger(__name__)

SCOPE = "canvases:write"
# By Slack's codes: what a refusal to make or change one means. Others are tried again later.
NO_CANVASES = frozenset(
    {
        "canvas_disabled_user_team",
        "team_tier_cannot_create_channel_canvases",
        "free_teams_cannot_edit_standalone_canvases",
    }
)
NOT_ALLOWED = frozenset(
    {"missing_scope", "restricted_action", "no_permission", "access_denied", "not_allowed_token_type"}
)
OTHERS_THERE = frozenset({"free_team_canvas_tab_already_exists", "channel_canvas_already_exists"})
GONE = frozenset({"canvas_not_found", "canvas_deleted"})
# So many canvases are changed in one pass of one workspace; the next pass goes on.
MOST_AT_ONCE = 20
# Within this time of the calendar nothing but a change is looked for; then what time itself changes, too.
EVERY = timedelta(hours=1)


@dataclass(slots=True)
class _Seen:
    """What was seen of a coalition at the last pass, and whether anything was left to do."""

    mark: object = None
    at: datetime | None = None
    again_at: float | None = None  # the elapsed moment from which on something may be written that had to wait


class CanvasKeeper:
    """One process's part in it. `apart`: elapsed seconds between two changes of one canvas."""

    def __init__(self, services: Services, workspaces: Workspaces, *, apart: float = APART) -> None:
        self._services = services
        self._workspaces = workspaces
        self._apart = apart
        self._seen: dict[int, _Seen] = {}

    async def run(self) -> int:
        """One pass over all workspaces; returns how many canvases were made or changed."""
        done = 0
        for workspace in self._workspaces:
            if not workspace.is_set_up or workspace.has_ended or workspace.canvases is None:
                continue
            try:
                done += await self._keep(workspace, workspace.canvases)
            except Unavailable:
                raise  # it is the same for each of them
            except Exception:
                # One coalition's trouble is no other's.
                log.exception("canvases_not_kept", coalition=workspace.coalition_id)
        return done

    async def _keep(self, workspace: ServedWorkspace, writer: CanvasWriter) -> int:
        actor, now = clock(workspace.coalition_id), self._services.calendar.now()
        seen = self._seen.setdefault(workspace.coalition_id, _Seen())
        mark = await self._services.canvases.mark(actor)
        is_new = mark != seen.mark or seen.at is None or not seen.at <= now <= seen.at + EVERY
        elapsed = self._services.deliveries.elapsed
        if not is_new and (seen.again_at is None or elapsed.epoch() < seen.again_at):
            return 0
        tasks = await self._services.canvases.tasks(actor, workspace.team_id)
        work = [(task, canvas_text(task.says, _post_day)) for task in tasks]
        work = [(task, text) for task, text in work if not _stands(task, text)]
        due = [one for one in work if one[0].is_due][:MOST_AT_ONCE]
        done, refused = 0, False
        for task, text in due:
            if refused and task.canvas_id is None:
                continue
            page = _Page(self._services, workspace, writer, actor, self._apart)
            state = await page.keep(task, text)
            done += state is not None
            refused = refused or state in REFUSALS
        # What was at hand now is looked at once more with the next pass: it may have failed, or another process has it.
        rest = min((task.rest for task, _text in work), default=None)
        again_at = None if rest is None else elapsed.epoch() + max(rest, 0.0)
        self._seen[workspace.coalition_id] = _Seen(mark, now, again_at)
        return done


def _stands(task: CanvasTask, text: CanvasText) -> bool:
    """Whether it stands there already."""
    kept = CanvasState.OVER if task.is_over else CanvasState.STANDING
    return task.state == kept and task.written == text.hash and task.title == text.title


def _post_day(page: CanvasPage) -> str | None:
    if page.latest is None:
        return None
    return near_day(page.latest.at.astimezone(ZoneInfo(page.digest.timezone)).date(), page.digest.today)


class _Page:
    """One canvas in one pass."""

    def __init__(
        self, services: Services, workspace: ServedWorkspace, writer: CanvasWriter, actor: Actor, apart: float
    ) -> None:
        self._canvases = services.canvases
        self._calendar = services.calendar
        self._workspace = workspace
        self._writer = writer
        self._actor = actor
        self._apart = apart

    async def keep(self, task: CanvasTask, text: CanvasText) -> CanvasState | None:
        """Makes or changes it; the state that it is in then. None where another process has it."""
        taken = await self._canvases.take(self._actor, self._workspace.team_id, task)
        if taken is None:
            return None
        if taken.canvas_id is not None:
            note = await self._write(taken, text)
        elif taken.state == CanvasState.MAKING:
            note = await self._look(taken, text)
        else:
            note = await self._make(taken, text)
        await self._canvases.note(self._actor, taken, note)
        return note.state

    async def _write(self, task: CanvasTask, text: CanvasText) -> CanvasNote:
        """Puts the text in the place of all that stands there. A new name comes first: Slack takes one change a
        call."""
        canvas_id = task.canvas_id or ""
        kept = CanvasState.OVER if task.is_over else CanvasState.STANDING
        if task.title is not None and task.title != text.title:
            outcome = await self._writer.rename(canvas_id, text.title)
            if isinstance(outcome, Done):
                return CanvasNote(state=task.state, title=text.title, wait=self._apart)
            return self._failed(task, outcome)
        outcome = await self._writer.write(canvas_id, await self._words(task, text))
        if isinstance(outcome, Done):
            return CanvasNote(state=kept, title=text.title, written=text.hash, wait=self._apart)
        return self._failed(task, outcome)

    async def _make(self, task: CanvasTask, text: CanvasText) -> CanvasNote:
        scopes = self._workspace.token.scopes
        if scopes and SCOPE not in scopes:
            return CanvasNote(state=CanvasState.NOT_ALLOWED, code="missing_scope")
        tabs = await self._writer.tabs(task.channel_id)
        if not isinstance(tabs, tuple):
            return self._failed(task, tabs)
        mine = [one for one in tabs if one.canvas_id not in task.ours and self._is_mine(one, text)]
        if len(mine) == 1:
            # Made before the database was brought back from a copy, or before the coalition was brought here.
            return CanvasNote(state=CanvasState.STANDING, canvas_id=mine[0].canvas_id, title=text.title, wait=0.0)
        theirs = [one for one in tabs if one.canvas_id not in task.ours]
        if theirs and not task.beside:
            return CanvasNote(state=CanvasState.THEIRS)
        # Written down first: if the answer is lost, what is there besides these was made since.
        seen = tuple(one.canvas_id for one in tabs)
        await self._canvases.note(self._actor, task, CanvasNote(state=CanvasState.MAKING, seen=seen), goes_on=True)
        outcome = await self._writer.make(task.channel_id, text.title, await self._words(task, text))
        if isinstance(outcome, Made):
            return await self._made(task, text, outcome.canvas_id)
        if isinstance(outcome, Lost):
            log.warning("canvas_answer_lost", coalition=task.coalition_id, priority=task.priority)
            return CanvasNote(state=CanvasState.MAKING, wait=LOOK_AGAIN)
        return self._failed(task, outcome)

    async def _made(self, task: CanvasTask, text: CanvasText, canvas_id: str) -> CanvasNote:
        note = CanvasNote(
            state=CanvasState.STANDING, canvas_id=canvas_id, title=text.title, written=text.hash, wait=self._apart
        )
        # That it is ours has to be known before anything else can go wrong.
        await self._canvases.note(self._actor, task, note, goes_on=True)
        await self._writer.let_read(canvas_id, task.channel_id)
        return note

    async def _look(self, task: CanvasTask, text: CanvasText) -> CanvasNote:
        """Whether one was made whose answer was lost: one alone is new there, by this bot, and called so."""
        tabs = await self._writer.tabs(task.channel_id)
        if not isinstance(tabs, tuple):
            return self._failed(task, tabs, state=CanvasState.MAKING)
        new = [one for one in tabs if one.canvas_id not in task.seen and one.canvas_id not in task.ours]
        mine = [one for one in new if self._is_mine(one, text)]
        if len(mine) == 1:
            # What it says is written once more, since nobody can read it back.
            return CanvasNote(state=CanvasState.STANDING, canvas_id=mine[0].canvas_id, title=text.title, wait=0.0)
        if mine or task.tries + 1 >= LOOKS:
            return CanvasNote(state=CanvasState.UNCLEAR)
        return CanvasNote(state=CanvasState.MAKING, tries=task.tries + 1, wait=LOOK_AGAIN)

    def _is_mine(self, tab: Tab, text: CanvasText) -> bool:
        return tab.user == self._workspace.token.bot_user_id and tab.title == text.title

    def _failed(self, task: CanvasTask, outcome: Outcome, state: CanvasState | None = None) -> CanvasNote:
        """What a call that did nothing, or can be done again, means for the canvas."""
        before = CanvasState.NEW if task.canvas_id is None else task.state
        state, tries = state or before, task.tries + 1
        match outcome:
            case Refused(code=code) if code in NO_CANVASES and task.canvas_id is None:
                return CanvasNote(state=CanvasState.NO_CANVASES, code=code)
            case Refused(code=code) if code in NOT_ALLOWED and task.canvas_id is None:
                return CanvasNote(state=CanvasState.NOT_ALLOWED, code=code)
            case Refused(code=code) if code in OTHERS_THERE and task.canvas_id is None:
                return CanvasNote(state=CanvasState.THEIRS, code=code)
            case Refused(code=code) if code in GONE:
                return CanvasNote(state=CanvasState.GONE, code=code)
            case Refused(code=code):
                return CanvasNote(state=state, code=code, tries=tries, wait=pause_after(tries))
            case Wait(seconds=seconds):
                return CanvasNote(state=state, tries=task.tries, wait=max(seconds, 1.0))
            case Failed() | Lost() | Done() | Made():
                return CanvasNote(state=state, tries=tries, wait=pause_after(tries))

    async def _words(self, task: CanvasTask, text: CanvasText) -> str:
        says = task.says
        link = None
        if isinstance(says, CanvasPage) and says.latest is not None:
            link = await self._writer.link(says.latest.channel_id, says.latest.ts)
        zone = ZoneInfo(says.digest.timezone) if isinstance(says, CanvasPage) else ZoneInfo("UTC")
        at = self._calendar.now().astimezone(zone)
        return text.markdown(f"Last changed {full_day_with_year(at.date())}, {clock_words(at)} {zone_name(at)}.", link)
