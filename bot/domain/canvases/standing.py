"""Where a priority's canvas is, what may be done about it, and what coordinators are told. Values and rules, pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.canvases.pages import CanvasPage, LastWords

# A workspace that has no canvases, or an app that may not write any, is asked again so much later.
ASK_AGAIN = timedelta(days=7)
# Elapsed seconds between two changes of one canvas, at least.
APART = 60.0
# Elapsed seconds after which what failed is tried again, the longer the more often it has failed.
PAUSES = (60.0, 300.0, 900.0, 3600.0)
# Where the answer to the bot's own call was lost: elapsed seconds between looks, and how many.
LOOK_AGAIN, LOOKS = 15.0, 4


class CanvasState(StrEnum):
    NEW = "new"
    """None was made yet, or a coordinator wants it made again."""
    MAKING = "making"
    """It is being made, or was and the answer was lost."""
    STANDING = "standing"
    OVER = "over"
    """Its last words stand there, and it is not kept up."""
    THEIRS = "theirs"
    """The channel has a canvas that other people made."""
    GONE = "gone"
    """Somebody deleted it."""
    UNCLEAR = "unclear"
    """One may have been made, and nobody can tell which it is."""
    NO_CANVASES = "no_canvases"
    """The workspace's plan or settings have none."""
    NOT_ALLOWED = "not_allowed"
    """The app may not write any."""


# Coordinators are told of these once; a button makes it again.
TOLD = frozenset({CanvasState.THEIRS, CanvasState.GONE, CanvasState.UNCLEAR})
# Of these the whole workspace has none.
REFUSALS = frozenset({CanvasState.NO_CANVASES, CanvasState.NOT_ALLOWED})
# In these nothing is done by itself.
AT_REST = TOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasTask:
    """A priority's canvas in one channel, with what should stand on it. `says` is None where nothing is to be changed.

    `ours` are all canvases that the bot made in this workspace, `rest` for how many elapsed seconds it is left alone.
    """

    row_id: int | None  # None where nothing was tried yet
    coalition_id: int
    priority: str
    name: str
    channel: str
    channel_id: str
    state: CanvasState
    canvas_id: str | None
    title: str | None
    written: str | None
    seen: tuple[str, ...]
    tries: int
    beside: bool
    rest: float
    says: CanvasPage | LastWords
    ours: frozenset[str]

    @property
    def is_due(self) -> bool:
        return self.rest <= 0

    @property
    def is_over(self) -> bool:
        """Whether its last words are all that is left to write."""
        return isinstance(self.says, LastWords)


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasNote:
    """What became of a canvas: its state, and what else is another one now. `wait`: elapsed seconds for which it is
    left alone."""

    state: CanvasState
    code: str | None = None
    canvas_id: str | None = None
    title: str | None = None
    written: str | None = None
    seen: tuple[str, ...] | None = None
    tries: int = 0
    wait: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasLine:
    """A priority's canvas as coordinators see it."""

    priority: str
    name: str
    channel: str | None
    state: CanvasState | None  # None where none is to be
    code: str | None
    written_at: datetime | None
    is_shared: bool  # people of other workspaces are in the channel, and nobody switched it on
    is_off: bool
    tries: int = 0

    @property
    def can_be_made(self) -> bool:
        """Whether a coordinator's word makes it."""
        return self.state in TOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasList:
    """All priorities' canvases, for coordinators."""

    lines: tuple[CanvasLine, ...]
    zone: str
    now: datetime

    @property
    def standing(self) -> int:
        return sum(one.state == CanvasState.STANDING for one in self.lines)

    @property
    def refusal(self) -> CanvasState | None:
        """Why the workspace has none at all."""
        return next((one.state for one in self.lines if one.state in REFUSALS), None)

    @property
    def in_need(self) -> tuple[CanvasLine, ...]:
        """Those that wait for somebody's word."""
        return tuple(one for one in self.lines if one.state in TOLD)


def pause_after(tries: int) -> float:
    """How many elapsed seconds to wait after so many failures in a row."""
    return PAUSES[min(max(tries, 1), len(PAUSES)) - 1]
