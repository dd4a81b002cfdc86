"""Members on screen: the list, a card, and the forms to add and change one, to give roles and to name a stand-in."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.people import (
    ACCESS,
    MOST_ADDRESS,
    MOST_NAME,
    ROLES,
    WHAT_ROLES_DO,
    ChosenRoles,
    MemberCard,
    MemberEdit,
    MemberLine,
    MemberList,
    NewMember,
)
from bot.domain.sending import in_words
from bot.domain.typed import Known
from bot.domain.wording import near_day, plural, zone_title
from bot.slack.blocks import kit
from bot.slack.blocks.pages import roster_message
from bot.slack.forms import (
    Account,
    Choice,
    Field,
    Find,
    Form,
    Keeps,
    Text,
    Ticks,
    about,
    about_one,
    by,
    named_options,
    note,
)
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Block, Message
from bot.slack.metadata import Marked
from bot.slack.mrkdwn import bold, own, unmark
from bot.slack.names import listed

MEMBER_TITLE = "Member"
ERASING = (
    "Name, address and account give way to “A former member”, for good. What was said about the work stays; letters, "
    "drafts and notes to the coordinators go. Slack's own messages, backups and exported files are not reached."
)
CALLING_BACK = (
    "Every link in the e-mails to this person opens nothing any more, such as after one was passed on. The next e-mail "
    "brings a new one."
)
SEEN_BY = "Seen by you and the other coordinators."
_ACCOUNTS = {
    "linked": "Slack account linked",
    "unlinked": "no Slack account yet",
    "deactivated": "Slack account deactivated",
    "refused": "Slack takes no direct message to them",
    "email_only": "by e-mail",
}
_NAME: Text[object] = Text("name", "Name", MOST_NAME)
_EMAIL: Text[object] = Text("email", "E-mail", MOST_ADDRESS, optional=True)
_ORGANIZATION: tuple[Field[object], ...] = (
    Find("organization", "Organization", Search.ORGANIZATION, optional=True),
    Text("new_organization", "Or a new organization", MOST_NAME, optional=True),
)
ADD_MEMBER_FORM: Form[None, NewMember] = Form(
    NewMember, Submission.MEMBER_ADD, "Add member", "Add",
    note(f"{SEEN_BY} Nothing is sent by adding somebody."),
    Account("account", "Slack account",
        hint="Name, address and clock come from it. For somebody without one, fill in the two fields below.",
        optional=True),
    replace(_NAME, optional=True),
    _EMAIL,
    *_ORGANIZATION,
    keeps=Keeps(about_one),
)  # fmt: skip
EDIT_MEMBER_FORM: Form[MemberCard, MemberEdit] = Form(
    MemberEdit, Submission.MEMBER_EDIT, "Edit member", "Save",
    note(SEEN_BY),
    _NAME,
    *_ORGANIZATION,
    _EMAIL,
    Choice("access", "How this person takes part", ACCESS),
    Find("timezone", "Time zone", Search.ZONE,
        shows=lambda card: Known(card.timezone, zone_title(card.timezone)) if card.timezone else None,
        placeholder="Type a city", hint="Empty: the coalition's.", optional=True),
    marks=lambda card: card.id,
    keeps=Keeps(by(Marked, "id")),
)  # fmt: skip
ROLES_FORM: Form[MemberCard, ChosenRoles] = Form(
    ChosenRoles, Submission.MEMBER_ROLES, "Roles", "Save",
    note(lambda card: f"{SEEN_BY} {own(card.name)} is told of a change in the next message."),
    about(lambda card: _who(card)),
    Ticks("roles", "Roles in the whole coalition",
        lambda _card: [kit.option(words, role, description=WHAT_ROLES_DO[role]) for role, words in ROLES.items()],
        optional=True),
    Ticks("co_chairs", "Co-chair of the working group on", lambda card: named_options(card.priorities),
        placeholder="Choose priorities", when=lambda card: bool(card.priorities),
        hint="A priority's owner is changed where the priority is edited.", optional=True),
    values=lambda card: {"roles": tuple(sorted(card.held)), "co_chairs": tuple(sorted(card.co_chairs))},
    marks=lambda card: card.id,
)  # fmt: skip
STAND_IN_FORM: Form[MemberCard, str] = Form(
    str, Submission.STAND_IN, "Stand-in", "Save",
    note(lambda card: "Seen by you, your stand-in and the coordinators." if card.is_self else SEEN_BY),
    Find("stand_in", lambda card: f"Who stands in for {'you' if card.is_self else card.name}?", Search.MEMBER,
        hint=lambda card: (
            f"Asked when {'you are' if card.is_self else 'this person is'} away or a round is about to close. "
            "Empty: nobody."
        ),
        optional=True),
    marks=lambda card: card.id,
)  # fmt: skip


def member_list_message(found: MemberList) -> Message:
    everybody = f"{plural(found.total, 'member')} in {plural(found.organizations, 'organization')}"
    heading = everybody if found.total else "No members yet"
    names = [f"{one.name}, {one.organization}" for one in found.lines]
    buttons = (
        kit.button("Add member", Action.ADD_MEMBER),
        kit.button("Link people", Action.LINK_PEOPLE),
        kit.button(f"Former members ({found.former})", Action.FORMER_MEMBERS) if found.former else None,
    )
    return roster_message(found, heading, map(_line, found.lines), names, Action.TURN_MEMBERS, *buttons)


def _line(one: MemberLine) -> Block:
    about = listed(in_words(one.no_messages_about), last="or")
    spared = [f"no messages about {about}"] if about else []
    details = " · ".join([own(one.organization), *(own(role) for role in one.roles), _reached(one), *spared])
    return kit.line(f"{bold(one.name)}\n{details}", "Open", Action.OPEN_MEMBER, value=one.id, label=f"Open {one.name}")


def _reached(one: MemberLine | MemberCard) -> str:
    """Whether Slack brings them messages, and whether mail does in its place."""
    words = _ACCOUNTS[one.account]
    return f"{words}, so they read by e-mail" if one.reads_mail and one.account != "email_only" else words


def member_message(card: MemberCard, note: str | None = None) -> Message:
    """One member as a message. `note` is what just happened, plain."""
    words = _words(card, note)
    return Message.of(unmark(words).replace("\n", ". "), *_blocks(card, words))


def _who(card: MemberCard) -> str:
    return f"{bold(card.name)} · {own(card.organization.name)}"


def _words(card: MemberCard, note: str | None) -> str:
    lines = [own(note)] if note else []
    lines.append(_who(card))
    if card.ended is not None:
        takes = "Takes" if card.ended >= card.today else "Took"
        lines.append(f"{takes} part until {near_day(card.ended, card.today)}. What they said and did stays.")
    if card.roles:
        lines.append(f"*Part:* {own('; '.join(card.roles))}")
    if card.may_edit:
        lines.append(f"*Takes part:* {ACCESS.get(card.access, card.access)} · {_reached(card)}")
        if card.email:
            back = ": mail to it comes back, so nothing is sent there" if card.mail_comes_back else ""
            lines.append(f"*E-mail:* {own(card.email)}{back}")
    if card.digest is not None:
        of, on = near_day(card.digest.of, card.today), near_day(card.digest.on, card.today)
        lines.append(f"*Digest of {of}:* {own(card.digest.by or 'somebody')} forwarded it on {on}")
    lines.append(f"*Clock:* {own(zone_title(card.timezone) if card.timezone else 'the coalition’s')}")
    lines.append(f"*Stand-in:* {own(card.stand_in.name) if card.stand_in else 'nobody yet'}")
    if card.no_messages_about:
        lines.append(f"*No messages about:* {listed(in_words(card.no_messages_about))}")
    if card.stands_in_for:
        lines.append(f"*Stands in for:* {own(listed(card.stands_in_for))}")
    return "\n".join(lines)


def _blocks(card: MemberCard, words: str) -> tuple[Block, ...]:
    buttons = []
    if card.ended is not None:
        if card.may_edit:
            buttons.append(kit.button("Take part again", Action.TAKE_PART_AGAIN, value=card.id))
        if card.may_be_erased:
            sure = kit.confirm(f"Erase {card.name}?", ERASING, "Erase", "Not now", danger=True)
            buttons.append(kit.button("Erase", Action.ERASE_MEMBER, value=card.id, danger=True, confirm=sure))
        return (kit.section(words), *kit.row(*buttons))
    if card.may_edit:
        buttons.append(kit.button("Edit", Action.EDIT_MEMBER, value=card.id))
    if card.may_give_roles:
        buttons.append(kit.button("Roles", Action.GIVE_ROLES, value=card.id))
    if card.may_edit or card.is_self:
        buttons.append(kit.button("Change stand-in", Action.CHANGE_STAND_IN, value=card.id))
    if card.may_edit:
        buttons.append(kit.button("Hand over and leave", Action.MEMBER_LEAVES, value=card.id))
    if card.mail_comes_back:
        buttons.append(kit.button("Mail works again", Action.MAIL_WORKS, value=card.id, about=card.name))
    if card.may_edit and card.reads_mail:
        sure = kit.confirm(f"Call back {card.name}'s links?", CALLING_BACK, "Call back", "Not now")
        buttons.append(kit.button("Call back links", Action.CALL_BACK_LINKS, value=card.id, confirm=sure))
    return (kit.section(words), *kit.row(*buttons))
