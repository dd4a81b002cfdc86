"""Which content becomes which message: one renderer for each kind of delivery and of item, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.checkins import Prompts
from bot.domain.outbox import Item, Kind
from bot.slack.blocks.actions import answer_item, own_actions_item, request_item, third_move_item
from bot.slack.blocks.asks import ask_news_item, help_wanted_item
from bot.slack.blocks.briefs import brief_message
from bot.slack.blocks.bundles import ItemRenderer, bundle_message, bundle_title, note_message
from bot.slack.blocks.charts import Chart
from bot.slack.blocks.checkins import checkin_item, summary_item, summary_post
from bot.slack.blocks.decisions import decision_item, decision_post, outcome_post, waiting_item
from bot.slack.blocks.digests import (
    channel_post,
    chart_of_copy,
    chart_of_post,
    chart_of_roll_up,
    copy_post,
    edition_messages,
    owner_preview_message,
    reply_post,
    roll_up_post,
)
from bot.slack.blocks.endings import coalition_end_item, handed_over_item
from bot.slack.blocks.funding import money_ends_item, report_due_item
from bot.slack.blocks.issues import issue_post
from bot.slack.blocks.meetings import agenda_message, meeting_item, notes_post
from bot.slack.blocks.metrics import (
    figure_item,
    series_proposed_item,
    series_recorded_item,
    series_trouble_item,
)
from bot.slack.blocks.packs import chart_of_pack, pack_post
from bot.slack.blocks.people import (
    account_gone_item,
    account_moved_message,
    letter_message,
    link_request_item,
    roles_item,
    sign_in_message,
    stands_in_item,
)
from bot.slack.blocks.sending import alarm_message
from bot.slack.blocks.targets import target_item
from bot.slack.message import Message

ITEM_RENDERERS: dict[Item, ItemRenderer] = {
    Item.ASK: checkin_item,
    Item.REMINDER: checkin_item,
    Item.DELEGATE: checkin_item,
    Item.HELP_WANTED: help_wanted_item,
    Item.ASK_NEWS: ask_news_item,
    Item.ACTION_REQUEST: request_item,
    Item.ACTION_ANSWER: answer_item,
    Item.ACTION_LIST: own_actions_item,
    Item.ACTION_DUE: own_actions_item,
    Item.ACTION_MOVED: third_move_item,
    Item.REPORT_DUE: report_due_item,
    Item.MONEY_ENDS: money_ends_item,
    Item.TARGET_PASSED: target_item,
    Item.COALITION_ENDS: coalition_end_item,
    Item.FIGURE: figure_item,
    Item.SERIES_PROPOSED: series_proposed_item,
    Item.SERIES_RECORDED: series_recorded_item,
    Item.SERIES_TROUBLE: series_trouble_item,
    Item.STANDS_IN: stands_in_item,
    Item.ROLES: roles_item,
    Item.ACCOUNT_GONE: account_gone_item,
    Item.HANDED_OVER: handed_over_item,
    Item.LINK_REQUEST: link_request_item,
    Item.DECISION: decision_item,
    Item.DECISION_DUE: decision_item,
    Item.DECISION_READY: waiting_item,
    Item.DECISION_PASSED: waiting_item,
    Item.AGAIN: checkin_item,
    Item.MEETING: meeting_item,
    Item.MEETING_NEWS: meeting_item,
    Item.ROUND_SUMMARY: summary_item,
}


def prompts_message(prompts: Prompts) -> Message:
    """One person's message, each item by the renderer of its kind."""
    return bundle_message(prompts, ITEM_RENDERERS)


RENDERERS: dict[Kind, Callable[[Any], Message]] = {
    Kind.PROMPTS: prompts_message,
    Kind.ROLL_UP: roll_up_post,
    Kind.REPLY: reply_post,
    Kind.CHANNEL_EDITION: channel_post,
    Kind.DIGEST_COPY: copy_post,
    Kind.OWNER_PREVIEW: owner_preview_message,
    Kind.AGENDA: agenda_message,
    Kind.PACK: pack_post,
    Kind.NOTES: notes_post,
    Kind.HELD_NOTICE: alarm_message,
    Kind.BRIEF: brief_message,
    Kind.LETTER: letter_message,
    Kind.ACCOUNT_MOVED: account_moved_message,
    Kind.SIGN_IN: sign_in_message,
    Kind.INVITATION: prompts_message,
    Kind.DECISION: decision_post,
    Kind.DECISION_OUTCOME: outcome_post,
    Kind.ISSUE: issue_post,
    Kind.ROUND_SUMMARY: summary_post,
}


def render(kind: Kind, content: Any) -> Message:
    """The message of a delivery. `content` is the value that the services give for this kind."""
    return RENDERERS[kind](content)


def render_note(kind: Kind, content: Any) -> Message | None:
    """What a note in a channel tells its one reader of a message that Slack doesn't take; None where it may not."""
    return note_message(content, ITEM_RENDERERS) if kind == Kind.PROMPTS else None


def title_of(kind: Kind, content: Any) -> str | None:
    """What a message is about, plain, where its first words don't say it."""
    return bundle_title(content, ITEM_RENDERERS) if kind in (Kind.PROMPTS, Kind.INVITATION) else None


def render_whole(kind: Kind, content: Any) -> tuple[Message, ...]:
    """The same for a reader who can't press anything to read on: a digest's edition has all its messages."""
    if kind == Kind.DIGEST_COPY:
        return edition_messages(content, whole=True, in_thread=False)
    return (render(kind, content),)


# Kinds whose messages show a picture.
CHARTS: dict[Kind, Callable[[Any], Chart | None]] = {
    Kind.ROLL_UP: chart_of_roll_up,
    Kind.REPLY: chart_of_post,
    Kind.CHANNEL_EDITION: chart_of_post,
    Kind.PACK: chart_of_pack,
}


def picture_of(kind: Kind, content: Any) -> Chart | None:
    """The picture that belongs into a delivery's message; None where there is none."""
    find = CHARTS.get(kind)
    return find(content) if find is not None else None


def picture_of_whole(kind: Kind, content: Any) -> Chart | None:
    """The picture beside the whole of it, for a reader of its edition."""
    return chart_of_copy(content) if kind == Kind.DIGEST_COPY else picture_of(kind, content)
