"""What speaks to a workspace, and the book of all that this process speaks to. It sends nothing by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.canvases import CanvasWriter
from bot.slack.directory import Token
from bot.slack.gateway import Gateway
from bot.slack.pictures import Pictures
from bot.slack.tables import Tables

NOT_SET_UP = 0


@dataclass(slots=True)
class ServedWorkspace:
    """One workspace: who the bot is there, its client, and its own pace of sending.

    `coalition_id` is NOT_SET_UP until a coalition lives in it. `accounts_read_at` is the elapsed moment at which Slack
    last said of all its people whether their accounts are active; what changes is told by events besides. `has_ended`
    once its token is worth nothing any more: nothing that is still waiting for its turn may go then. `tables` knows
    whether it takes messages with tables.
    """

    token: Token
    client: AsyncWebClient
    gateway: Gateway
    pictures: Pictures | None = None
    canvases: CanvasWriter | None = None
    coalition_id: int = NOT_SET_UP
    accounts_read_at: float = float("-inf")
    has_ended: bool = False
    tables: Tables = field(default_factory=Tables)

    @property
    def team_id(self) -> str:
        return self.token.team_id

    @property
    def is_set_up(self) -> bool:
        """Whether a coalition lives there."""
        return self.coalition_id != NOT_SET_UP


class Workspaces:
    """The workspaces that this process speaks to.

    With `only` it is one, by a token of the settings: then whatever Slack says is about it.
    """

    def __init__(self, only: ServedWorkspace | None = None) -> None:
        self._only = only
        self._by_team: dict[str, ServedWorkspace] = {}
        if only is not None:
            self.add(only)

    def __iter__(self) -> Iterator[ServedWorkspace]:
        return iter(tuple(self._by_team.values()))

    def __len__(self) -> int:
        return len(self._by_team)

    @property
    def only(self) -> ServedWorkspace:
        """The workspace of the settings' token. Raises LookupError where workspaces come by being installed."""
        if self._only is None:
            raise LookupError("no token is set for one workspace alone")
        return self._only

    def add(self, workspace: ServedWorkspace) -> None:
        """From now on this process speaks to it; what spoke to the same workspace before ends."""
        self.drop(workspace.team_id)
        self._by_team[workspace.team_id] = workspace

    def drop(self, team_id: str) -> None:
        """From now on nothing goes to this workspace."""
        before = self._by_team.pop(team_id, None)
        if before is not None:
            before.has_ended = True

    def of_workspace(self, enterprise_id: str | None, team_id: str | None) -> ServedWorkspace | None:
        """The workspace that a payload names. One that joined an organization since it was installed is the same."""
        if self._only is not None:
            return self._only
        found = self._by_team.get(team_id or "")
        known = found.token.enterprise_id if found is not None else None
        return None if None not in (known, enterprise_id) and known != enterprise_id else found

    def of_coalition(self, coalition_id: int) -> ServedWorkspace | None:
        """The workspace in which a coalition lives."""
        return next((one for one in self._by_team.values() if one.is_set_up and one.coalition_id == coalition_id), None)

    @property
    def coalitions(self) -> frozenset[int]:
        """The coalitions that live in these workspaces."""
        return frozenset(one.coalition_id for one in self._by_team.values() if one.is_set_up)

    # There is one Slack and one machine: what any workspace's answer says of the time holds for all.
    @property
    def slack_ahead(self) -> float:
        """By how many seconds Slack's clock is ahead of this machine's."""
        newest = self._newest
        return newest.slack_ahead if newest is not None else 0.0

    def slack_now(self) -> float:
        """What time it is at Slack, in epoch seconds, as the gateway tells it. Raises LookupError without a
        workspace."""
        newest = self._newest
        if newest is None:
            raise LookupError("no workspace is spoken to")
        return newest.slack_now()

    @property
    def _newest(self) -> Gateway | None:
        """Whichever heard last what time it is."""
        return max((one.gateway for one in self), key=lambda gateway: gateway.heard_at, default=None)

    async def ask_time(self) -> bool:
        """Asks Slack what time it is; whether it answered for any of them."""
        for one in self:
            if await one.gateway.ask_time():
                return True
        return False
