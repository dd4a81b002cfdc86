"""The audit trail on screen: who changed what, for whom, by which path; newest first, a page at a time."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.histories import PAGE, AuditPage
from bot.domain.wording import part_of
from bot.slack.blocks import kit
from bot.slack.blocks.histories.history import entry_words
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message
from bot.slack.metadata import encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import cut, own, unmark

MOST_TEXT = 2500


def audit_message(page: AuditPage) -> Message:
    reader = Clock(page.zone, page.now)
    heading = "*Changes*" + (f", {own(page.about)}" if page.about else "")
    blocks: list[Block] = [kit.section(heading)]
    if not page.entries:
        blocks.append(kit.section("Nothing was changed."))
    blocks += [kit.section(entry_words(entry, reader)) for entry in page.entries]
    if page.total > PAGE:
        start = page.query.page * PAGE
        blocks.append(kit.context(f"{part_of(start, len(page.entries), page.total)}, newest first"))
        end = start + len(page.entries)
        following = page.query.page + 1 if end < page.total else 0
        blocks.append(
            kit.actions(
                kit.button(
                    "Older" if following else "Newest",
                    Action.TURN_AUDIT,
                    value=encode(replace(page.query, page=following)),
                )
            )
        )
    texts = [block["text"]["text"] for block in blocks if "text" in block]
    return Message.of(cut(unmark("\n".join(texts)), MOST_TEXT), *blocks)
