"""Who has which Slack account: picking it where no e-mail could link, and what the bot knows about somebody."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.home import Me
from bot.domain.week import Unreachable
from bot.domain.wording import zone_name
from bot.slack.blocks import kit
from bot.slack.blocks.pages import next_or_first, turning
from bot.slack.blocks.people.first_contact import actions_are_read_by
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message, View
from bot.slack.metadata import encode_member, shown_pages
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, escape, own, unmark
from bot.slack.names import listed, listed_some

IN_MODAL = 20
PEOPLE = "people"


def to_link(unreachable: Sequence[Unreachable]) -> tuple[Unreachable, ...]:
    """Those for whom somebody has to pick an account."""
    return tuple(one for one in unreachable if one.why in {"unlinked", "deactivated"})


def by_mail_only(unreachable: Sequence[Unreachable]) -> tuple[Unreachable, ...]:
    """Those who take part by e-mail."""
    return tuple(one for one in unreachable if one.why == "email_only")


def person_block(one: Unreachable) -> Block:
    """A person without an account, and the menu to pick it."""
    why = "the linked account is deactivated" if one.why == "deactivated" else "not linked to an account yet"
    return kit.section(
        f"*{own(one.name).replace('*', '∗')}* ({own(one.organization)}): {why}",
        accessory=kit.users_select(Action.PICK_ACCOUNT, placeholder="Pick account"),
        block_id=encode_member(one.member),
    )


def link_view(unreachable: Sequence[Unreachable], *, page: int = 0, linked: str | None = None) -> View:
    """The modal for linking people, one menu a person. `linked` is the name of whoever was just linked."""
    waiting = to_link(unreachable)
    blocks: list[Block] = [kit.context("Seen by you and the other coordinators. Messages to people wait until then.")]
    if linked is not None:
        blocks.append(kit.section(f"Linked: {bold(linked)}"))
    if not waiting:
        blocks.append(kit.section("Everybody who uses Slack has an account here."))
    page = min(page, max(0, (len(waiting) - 1) // IN_MODAL))
    start = page * IN_MODAL
    shown = waiting[start : start + IN_MODAL]
    blocks += [person_block(one) for one in shown]
    turn = next_or_first(Action.TURN_PEOPLE, lambda page: shown_pages({PEOPLE: page}))
    blocks += turning(start, len(shown), len(waiting), page, turn)
    mail = by_mail_only(unreachable)
    if mail:
        blocks.append(kit.context(f"By e-mail only: {own(listed_some([one.name for one in mail], 20))}"))
    return View(title="Link people", close="Done", blocks=tuple(blocks))


def me_message(me: Me) -> Message:
    """What the bot knows about somebody, for themselves."""
    reader = Clock(me.zone, me.now)
    lines = [f"You're {bold(me.name)}, {own(me.organization)}."]
    if me.priorities:
        lines.append(f"*Your updates:* {own(listed([one.name for one in me.priorities]))}.")
    if me.stand_in is not None:
        lines.append(f"*Who stands in for you:* {own(me.stand_in)}.")
    if me.stands_in_for:
        lines.append(f"*You stand in for:* {own(listed(me.stands_in_for))}.")
    zone = zone_name(reader.local(me.now))
    lines.append(f"*Your clock:* {own(zone)} time{'' if me.zone_known else ', until I know yours'}.")
    lines += [f"*Who reads your update on {own(one.name)}:* {own(listed(one.readers))}." for one in me.priorities[:10]]
    if me.action_readers:
        lines.append(f"*Who reads your actions:* {own(actions_are_read_by(me.action_readers))}.")
    text = "\n".join(lines)
    plain = escape(" ".join(unmark(line) for line in lines))
    return Message(
        text=plain,
        blocks=(
            kit.section(text),
            kit.actions(
                kit.button("My settings", Action.MY_SETTINGS),
                kit.button("I'm away", Action.AWAY),
                kit.button("Who sees what?", Action.WHO_SEES_WHAT),
            ),
        ),
    )


NOT_SET_UP = (
    "I'm not set up in this workspace yet. If you own or administer it, press Set up or write /coalition setup; "
    "otherwise ask a workspace owner or admin to."
)


def set_up_button(text: str = "Set up", *, primary: bool = True) -> kit.Element:
    """Begins the setup, or goes on with it."""
    return kit.button(text, Action.GO_SETUP, value="coalition setup", primary=primary)


def not_set_up_message() -> Message:
    """What everybody reads where there is no coalition yet, with the way to begin one."""
    return Message.of(NOT_SET_UP, kit.section(escape(NOT_SET_UP)), kit.actions(set_up_button()))


def stranger_words(coordinator: str | None) -> str:
    """What somebody reads whom the bot doesn't know. Plain."""
    if coordinator is None:
        return "I don't know you yet. A workspace owner or admin can set me up here: /coalition setup."
    return f"I don't know you yet. {coordinator} can link your account."


def stranger_message(coordinator: str, *, note: str | None = None) -> Message:
    """The same with the way to ask for it; `note`, plain, where they have asked."""
    words = stranger_words(coordinator)
    if note is not None:
        return Message.of(f"{words} {note}", kit.section(escape(words)), kit.section(escape(note)))
    ask = kit.button("Ask to be linked", Action.ASK_TO_BE_LINKED, primary=True)
    return Message.of(words, kit.section(escape(words)), kit.actions(ask))


def notice_message(words: str) -> Message:
    """One sentence, such as a refusal, as a message; `words` are plain."""
    return Message.of(words, kit.section(escape(words)))


def notice_view(title: str, words: str) -> View:
    """One sentence as a modal; `words` are in markup."""
    return View(title=title, close="Close", blocks=(kit.section(words),))
