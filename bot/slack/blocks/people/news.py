"""What people read in their next message when somebody's part changed."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.people import AccountGone, AccountMoved, LinkRequest, NewRoles, StandsIn
from bot.domain.wording import plural
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message
from bot.slack.metadata import AccountLink, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, escape, own, unmark
from bot.slack.names import listed

Shown = tuple[Iterable[Block], str]


def stands_in_item(news: StandsIn, _reader: Clock) -> Shown:
    """Somebody was named as stand-in."""
    about = f" on {own(listed(news.priorities))}" if news.priorities else ""
    change = f" {own(news.helper)} can change it." if news.helper else ""
    return _line(
        f"You now stand in for {bold(news.principal)}{about}: I ask you when they are away or a round is about to "
        f"close.{change}"
    )


def roles_item(news: NewRoles, _reader: Clock) -> Shown:
    roles = own(listed(news.roles)) if news.roles else "member"
    change = f" {own(news.helper)} can tell you more." if news.helper else ""
    return _line(f"Your part in {bold(news.coalition)} is now: {roles}.{change}")


def account_gone_item(news: AccountGone, _reader: Clock) -> Shown:
    """An account was deactivated."""
    words = f"{bold(news.name)} ({own(news.organization)}): the Slack account was deactivated."
    if news.actions and news.taken_by:
        verb = "is" if news.actions == 1 else "are"
        words += f" {plural(news.actions, 'open action')} {verb} with {own(news.taken_by)} now."
    elif news.actions:
        verb = "has" if news.actions == 1 else "have"
        words += (
            f" {plural(news.actions, 'open action')} {verb} no new owner yet: there was no stand-in or contact to ask."
        )
    if news.owns:
        words += f" Choose a new owner for {own(listed(news.owns))}."
    blocks = [kit.section(words)]
    if news.hands_over:
        label = f"Hand over what is {news.name}'s"
        blocks.append(kit.actions(kit.button("Hand over the rest", Action.MEMBER_LEAVES, value=news.id, label=label)))
    return blocks, unmark(words)


def account_moved_message(news: AccountMoved) -> Message:
    """What both accounts read of a member who has another one, and what the first one reads that asked for it."""
    who = f"{own(news.by)} has" if news.by else "Somebody who runs me has"
    day = own(Clock(news.zone, news.moved_at).day_of(news.moved_at))
    if news.is_first:
        words = f"You are linked: I know you as {bold(news.member)} in {bold(news.coalition)} now."
        helpers = f" If that isn't you, write to {own(listed(news.helpers[:3], last='or'))}." if news.helpers else ""
        more = f"Write anything to me for a menu.{helpers}"
        return Message(text=f"{escape(unmark(words))} {more}", blocks=(kit.section(words), kit.context(more)))
    if news.is_new:
        words = (
            f"{who} linked {bold(news.member)} in {bold(news.coalition)} to this Slack account on {day}. Before, it "
            "was another one. From now on my messages come here."
        )
    else:
        words = (
            f"{who} linked {bold(news.member)} in {bold(news.coalition)} to another Slack account on {day}. From now "
            "on my messages go there, and this account takes no part anymore."
        )
    helpers = own(listed(news.helpers[:3], last="or")) if news.helpers else "whoever runs me"
    question = f"If that isn't right, write to {helpers}."
    return Message(text=f"{escape(unmark(words))} {question}", blocks=(kit.section(words), kit.context(question)))


def link_request_item(request: LinkRequest, _reader: Clock) -> Shown:
    """An account that nobody knows asks to be linked."""
    if request.linked_to is not None:
        words = f"<@{request.account.user_id}> is linked: {bold(request.linked_to)}."
        return (kit.section(words),), f"An account is linked: {request.linked_to}."
    return (link_request_block(request),), "Somebody whom I don't know asks to be linked. Pick who it is."


def link_request_block(request: LinkRequest) -> Block:
    """The account, and the menu of those who have none yet."""
    words = f"<@{request.account.user_id}> asks to be linked: I don't know this account yet."
    if not request.unlinked:
        words += " Everybody here has an account. Is it somebody new? Add them first."
        return kit.line(words, "Members", Action.GO_MEMBERS, value="coalition members")
    options = [
        kit.option(one.name, encode(AccountLink(one.member, str(request.account))), description=one.organization)
        for one in request.unlinked[: limits.OPTIONS]
    ]
    return kit.section(words, accessory=kit.static_select(Action.LINK_ACCOUNT, options, placeholder="Who is it?"))


def _line(words: str) -> Shown:
    return (kit.section(words),), unmark(words)
