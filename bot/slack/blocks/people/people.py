"""Who has which Slack account: picking it where no e-mail could link, and what the bot knows about somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.domain.home import Me
from bot.domain.outbox import BY_EMAIL_ONLY, NO_ADDRESS, NOT_LINKED
from bot.domain.people import OutsideSlack
from bot.domain.wording import plural, zone_name
from bot.slack.blocks import kit
from bot.slack.blocks.pages import next_or_first, turning
from bot.slack.blocks.people.first_contact import actions_are_read_by
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message, View
from bot.slack.metadata import encode_member, shown_pages
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, escape, own, unmark
from bot.slack.names import first_name, listed

IN_MODAL = 20
PEOPLE = "people"


def to_link(found: Sequence[OutsideSlack]) -> tuple[OutsideSlack, ...]:
    """Those for whom somebody has to pick an account."""
    return tuple(one for one in found if one.may_be_linked)


def by_mail_only(found: Sequence[OutsideSlack]) -> tuple[OutsideSlack, ...]:
    """Those who take part by e-mail, and get none."""
    return tuple(one for one in found if not one.may_be_linked)


def without_mail(found: Sequence[OutsideSlack]) -> Mapping[str, list[str]]:
    """Their names by why they get none, plain."""
    names: dict[str, list[str]] = defaultdict(list)
    for one in by_mail_only(found):
        names[_WITHOUT_MAIL.get(one.trouble, one.trouble.why)].append(one.name)
    return names


_WITHOUT_MAIL = {
    BY_EMAIL_ONLY: "by e-mail only, and e-mail isn't set up",
    NO_ADDRESS: "by e-mail only, and their address isn't known",
}


def person_block(one: OutsideSlack) -> Block:
    """Somebody whom Slack doesn't reach, why, what is done meanwhile, and the menu to pick their account."""
    pick = kit.users_select(Action.PICK_ACCOUNT, placeholder="Pick account") if one.needs_account else None
    return kit.section(_why(one), accessory=pick, block_id=encode_member(one.member) if pick is not None else None)


def _why(one: OutsideSlack) -> str:
    said = f"*{own(one.name).replace('*', '∗')}* ({own(one.organization)}): {own(one.trouble.why)}"
    if one.reads_mail:
        return f"{said}, so they read by e-mail."
    # Whoever picks an account reads it beside the menu.
    mend = "" if one.trouble == NOT_LINKED else one.trouble.mend
    said = f"{said}. {own(mend[:1].upper() + mend[1:])}." if mend else f"{said}."
    waiting = plural(one.open_checkins, "check-in")
    return f"{said} {waiting} {'waits' if one.open_checkins == 1 else 'wait'}." if one.open_checkins else said


def link_view(found: Sequence[OutsideSlack], *, page: int = 0, linked: str | None = None) -> View:
    """Everybody whom Slack doesn't reach, with why and the next step: one menu for whoever can be linked, and a way to
    answer for whoever is asked and gets nothing. `linked` is the name of whoever was just linked."""
    seen_by = "Seen by you and the other coordinators."
    if any(not one.reads_mail for one in to_link(found)):
        seen_by = f"{seen_by} Messages to people wait until then."
    blocks: list[Block] = [kit.context(seen_by)]
    if linked is not None:
        blocks.append(kit.section(f"Linked: {bold(linked)}"))
    if not to_link(found):
        blocks.append(kit.section("Everybody who uses Slack has an account here."))
    page = min(page, max(0, (len(found) - 1) // IN_MODAL))
    start = page * IN_MODAL
    shown = [*to_link(found), *by_mail_only(found)][start : start + IN_MODAL]
    for one in shown:
        blocks.append(person_block(one))
        if one.open_checkins and not one.reads_mail:
            blocks.append(kit.actions(_answer_for(one)))
    turn = next_or_first(Action.TURN_PEOPLE, lambda page: shown_pages({PEOPLE: page}))
    blocks += turning(start, len(shown), len(found), page, turn)
    return View(title="Link people", close="Done", blocks=tuple(blocks))


def _answer_for(one: OutsideSlack) -> kit.Element:
    """A button to what a coordinator may answer for somebody."""
    return kit.button(
        f"Answer for {first_name(one.name)}",
        Action.GO_ANSWER_FOR,
        value=f"checkin for {one.name}",
        label=f"Answer for {one.name}",
    )


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
