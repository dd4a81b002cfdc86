"""What is sent to Slack, before it is sent: a message or a view, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.wording import once_stopped
from bot.slack.mrkdwn import disarm, escape

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One post. `text` is the complete alternative that notifications and screen readers get.

    `tabled` are the same blocks with its figures in a table, for a workspace that takes tables; empty where it has
    none. Whoever doesn't ask for them shows `blocks`.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    broadcast: bool = False  # as a reply it is shown in the channel too
    tabled: tuple[Block, ...] = ()

    @classmethod
    def of(cls, words: str, *blocks: Block) -> Message:
        """Plain words as the text, beside these blocks."""
        return cls(escape(words), blocks)

    def content(self) -> dict[str, Any]:
        """Text and blocks as they go to Slack, in which nothing calls a whole channel, whoever wrote it."""
        return {"text": disarm(once_stopped(self.text)), "blocks": list(disarmed(self.blocks))}

    def with_table(self) -> Message:
        """The same with its figures in a table."""
        return replace(self, blocks=self.tabled, tabled=())

    def view(self, title: str) -> View:
        """The same as a modal."""
        return View(title=title, close="Close", blocks=self.blocks)


@dataclass(frozen=True, slots=True)
class View:
    """A modal (`title` set) or the Home tab (`title` empty).

    `metadata` travels as private_metadata; it holds ids only, never what people wrote.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    callback_id: str = ""
    submit: str | None = None
    close: str | None = None
    metadata: str = ""
    notify_on_close: bool = False
    external_id: str | None = None

    def payload(self) -> Mapping[str, Any]:
        shown = disarmed(self.blocks)
        blocks = list(shown) if self.title else with_lasting_ids(shown)
        data: dict[str, Any] = {"type": "modal" if self.title else "home", "blocks": blocks}
        if self.title:
            data["title"] = {"type": "plain_text", "text": self.title}
            data["notify_on_close"] = self.notify_on_close
            if self.submit:
                data["submit"] = {"type": "plain_text", "text": self.submit}
            if self.close:
                data["close"] = {"type": "plain_text", "text": self.close}
        if self.callback_id:
            data["callback_id"] = self.callback_id
        if self.metadata:
            data["private_metadata"] = self.metadata
        if self.external_id:
            data["external_id"] = self.external_id
        return data


# Where words stand in blocks.
_SHOWN = frozenset({"text", "alt_text", "accessibility_label", "caption"})


def disarmed(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, in whose texts nothing calls a whole channel. What a button carries stays as it is."""
    return tuple(_disarmed(block) for block in blocks)


def _disarmed(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_disarmed(one) for one in value]
    if not isinstance(value, dict):
        return value
    changed = {name: _disarmed(one) if isinstance(one, dict | list | tuple) else one for name, one in value.items()}
    for name in _SHOWN & value.keys():
        if isinstance(value[name], str):
            changed[name] = disarm(once_stopped(value[name]))
    return changed


def with_lasting_ids(blocks: Sequence[Block], *, prefix: str = "") -> list[Block]:
    """Gives blocks with buttons the same id each time they are shown.

    Home is published anew while somebody looks at it. With ids that Slack makes up, a press on what was shown a moment
    ago would be about a block that is gone. `prefix` tells where they stand.
    """
    named: list[Block] = []
    seen: dict[str, int] = {}
    for block in blocks:
        elements = [*block.get("elements", ()), *filter(None, [block.get("accessory")])]
        first = next((element for element in elements if "action_id" in element), None)
        if "block_id" in block or first is None:
            named.append(block)
            continue
        name = f"{prefix}{first['action_id']}:{first.get('value', '')}"[:200]
        seen[name] = seen.get(name, 0) + 1
        named.append({**block, "block_id": name if seen[name] == 1 else f"{name}:{seen[name]}"})
    return named
