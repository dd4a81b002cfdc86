"""What people read: their messages, as each stands now, and screens, as one text without markup.

A test that asks whether somebody was told something looks here and into no table.
"""

from __future__ import annotations

import json
import re

from sqlalchemy import select

from bot.domain.outbox import Kind, State
from bot.slack.message import Message, View
from bot.slack.mrkdwn import unescape
from bot.slack.rendering import render
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from tests.services.stage import Stage

_TEXT = re.compile(r'"(?:text|description)": ("(?:[^"\\]|\\.)*")')


def read(surface: Message | View) -> str:
    """All words of a message or a view, without markup, in order; a message's fallback is read too."""
    blocks = json.dumps(list(surface.blocks), ensure_ascii=False)
    words = [str(json.loads(found)) for found in _TEXT.findall(blocks)]
    if isinstance(surface, Message):
        words.append(surface.text)
    return unescape("\n".join(words)).replace("*", "")


async def messages(stage: Stage, who: str | None = None, *kinds: Kind) -> list[str]:
    """Every message that reached somebody, or with None every channel, as it reads now; the oldest first."""
    async with stage.services.database.read() as session:
        mine = DeliveryRow.coalition_id == stage.coalition_id
        query = (
            select(DeliveryRow.id, DeliveryRow.kind, MemberRow.key)
            .outerjoin(MemberRow, MemberRow.id == DeliveryRow.member_id)
            .where(mine, DeliveryRow.operation == "post", DeliveryRow.state == State.SENT)
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
        )
        found = [row for row in await session.execute(query) if row.key == who and (not kinds or row.kind in kinds)]
        updates = await session.execute(
            select(DeliveryRow.parent_id, DeliveryRow.id).where(mine, DeliveryRow.operation == "update")
        )
        # A message that was sent reads as its update says, where there is one.
        now = {row.parent_id: row.id for row in updates}
    contents = await stage.services.contents.read([now.get(row.id, row.id) for row in found])
    each = ((row.kind, contents.get(now.get(row.id, row.id))) for row in found)
    return [read(render(Kind(kind), content)) for kind, content in each if content is not None]
