"""Members on screen: the list, a card, and the forms to add and change one, to give roles and to name a stand-in."""

from __future__ import annotations

from bot.domain.people import ACCESS, PAGE, ROLES, WHAT_ROLES_DO, MemberCard, MemberLine, MemberList, Option
from bot.domain.sending import in_words
from bot.domain.wording import part_of, plural, zone_title
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.identifiers import Action, Entry, Search, Submission
from bot.slack.kept_words import keeping
from bot.slack.message import Block, Message, View
from bot.slack.metadata import encode_id, encode_marked, encode_question
from bot.slack.mrkdwn import bold, escape, own, unmark
from bot.slack.names import listed

MEMBER_TITLE = "Member"
SEEN_BY = "Seen by you and the other coordinators."
MOST_NAME = 80
MOST_ADDRESS = 254
_ACCOUNTS = {
    "linked": "Slack account linked",
    "unlinked": "no Slack account yet",
    "deactivated": "Slack account deactivated",
    "email_only": "by e-mail",
}


def member_list_message(found: MemberList) -> Message:
    """A page of members."""
    everybody = f"{plural(found.total, 'member')} in {plural(found.organizations, 'organization')}"
    heading = everybody if found.total else "No members yet"
    blocks: list[Block] = [kit.section(f"*{heading}*")]
    blocks += [_line(one) for one in found.lines]
    buttons = []
    if found.total > PAGE:
        end = found.start + len(found.lines)
        blocks.append(kit.context(part_of(found.start, len(found.lines), found.total)))
        following = found.page + 1 if end < found.total else 0
        buttons.append(kit.button("Next" if following else "First", Action.TURN_MEMBERS, value=encode_id(following)))
    buttons += [kit.button("Add member", Action.ADD_MEMBER), kit.button("Link people", Action.LINK_PEOPLE)]
    blocks.append(kit.actions(*buttons))
    names = "; ".join(f"{one.name}, {one.organization}" for one in found.lines)
    return Message(text=escape(f"{heading}: {names}." if names else f"{heading}."), blocks=tuple(blocks))


def _line(one: MemberLine) -> Block:
    about = listed(in_words(one.no_messages_about), last="or")
    spared = [f"no messages about {about}"] if about else []
    details = " · ".join([own(one.organization), *(own(role) for role in one.roles), _ACCOUNTS[one.account], *spared])
    return kit.section(
        f"{bold(one.name)}\n{details}",
        accessory=kit.button("Open", Action.OPEN_MEMBER, value=one.id, label=f"Open {one.name}"),
    )


def member_message(card: MemberCard, note: str | None = None) -> Message:
    """One member as a message. `note` is what just happened, plain."""
    words = _words(card, note)
    return Message(text=escape(unmark(words).replace("\n", ". ")), blocks=_blocks(card, words))


def member_view(card: MemberCard, note: str | None = None) -> View:
    """One member as a modal."""
    return View(title=MEMBER_TITLE, close="Close", blocks=_blocks(card, _words(card, note)))


def _words(card: MemberCard, note: str | None) -> str:
    lines = [own(note)] if note else []
    lines.append(f"{bold(card.name)} · {own(card.organization.name)}")
    if card.roles:
        lines.append(f"*Part:* {own('; '.join(card.roles))}")
    if card.may_edit:
        lines.append(f"*Takes part:* {ACCESS.get(card.access, card.access)} · {_ACCOUNTS[card.account]}")
        if card.email:
            lines.append(f"*E-mail:* {own(card.email)}")
    lines.append(f"*Clock:* {own(zone_title(card.timezone) if card.timezone else 'the coalition’s')}")
    lines.append(f"*Stand-in:* {own(card.stand_in.name) if card.stand_in else 'nobody yet'}")
    if card.no_messages_about:
        lines.append(f"*No messages about:* {listed(in_words(card.no_messages_about))}")
    if card.stands_in_for:
        lines.append(f"*Stands in for:* {own(listed(card.stands_in_for))}")
    return "\n".join(lines)


def _blocks(card: MemberCard, words: str) -> tuple[Block, ...]:
    buttons = []
    if card.may_edit:
        buttons.append(kit.button("Edit", Action.EDIT_MEMBER, value=card.id))
    if card.may_give_roles:
        buttons.append(kit.button("Roles", Action.GIVE_ROLES, value=card.id))
    if card.may_edit or card.is_self:
        buttons.append(kit.button("Change stand-in", Action.CHANGE_STAND_IN, value=card.id))
    return (kit.section(words), *((kit.actions(*buttons),) if buttons else ()))


@keeping
def add_view() -> View:
    """The form of a new member."""
    return View(
        title="Add member",
        callback_id=Submission.MEMBER_ADD,
        submit="Add",
        close="Close",
        blocks=(
            kit.context(f"{SEEN_BY} Nothing is sent by adding somebody."),
            kit.input_block(
                "Slack account",
                kit.users_select(Entry.VALUE, placeholder="Choose a person"),
                encode_question("account"),
                hint="Name, address and clock come from it. For somebody without one, fill in the two fields below.",
                optional=True,
            ),
            _text("name", "Name", "", optional=True),
            _text("email", "E-mail", "", optional=True, most=MOST_ADDRESS),
            *_organization(None),
        ),
    )


@keeping
def edit_view(card: MemberCard) -> View:
    """The form of a member who is there."""
    access = [kit.option(words, key) for key, words in ACCESS.items()]
    zone = kit.option(zone_title(card.timezone), card.timezone) if card.timezone else None
    return View(
        title="Edit member",
        callback_id=Submission.MEMBER_EDIT,
        submit="Save",
        close="Close",
        metadata=encode_marked(
            card.id,
            {
                "name": card.name,
                "organization": card.organization.id,
                "email": card.email,
                "access": card.access,
                "timezone": card.timezone,
            },
        ),
        blocks=(
            kit.context(SEEN_BY),
            _text("name", "Name", card.name),
            *_organization(card.organization),
            _text("email", "E-mail", card.email or "", optional=True, most=MOST_ADDRESS),
            kit.input_block(
                "How this person takes part",
                kit.static_select(
                    Entry.VALUE, access, initial=next((one for one in access if one["value"] == card.access), None)
                ),
                encode_question("access"),
            ),
            kit.input_block(
                "Time zone",
                kit.external_select(Search.ZONE, initial=zone, placeholder="Type a city"),
                encode_question("timezone"),
                hint="Empty: the coalition's.",
                optional=True,
            ),
        ),
    )


def roles_view(card: MemberCard) -> View:
    """What part somebody has."""
    options = [kit.option(words, role, description=WHAT_ROLES_DO[role]) for role, words in ROLES.items()]
    chairs = [kit.option(one.name, one.id) for one in card.priorities[: limits.OPTIONS]]
    blocks: list[Block] = [
        kit.context(f"{SEEN_BY} {own(card.name)} is told of a change in the next message."),
        kit.section(f"{bold(card.name)} · {own(card.organization.name)}"),
        kit.input_block(
            "Roles in the whole coalition",
            kit.checkboxes(Entry.VALUE, options, initial=[one for one in options if one["value"] in card.held]),
            encode_question("roles"),
            optional=True,
        ),
    ]
    if chairs:
        blocks.append(
            kit.input_block(
                "Co-chair of the working group on",
                kit.multi_static_select(
                    Entry.VALUE,
                    chairs,
                    initial=[one for one in chairs if one["value"] in card.co_chairs],
                    placeholder="Choose priorities",
                ),
                encode_question("co_chairs"),
                hint="A priority's owner is changed where the priority is edited.",
                optional=True,
            )
        )
    return View(
        title="Roles",
        callback_id=Submission.MEMBER_ROLES,
        submit="Save",
        close="Close",
        metadata=encode_marked(
            card.id, {"roles": tuple(sorted(card.held)), "co_chairs": tuple(sorted(card.co_chairs))}
        ),
        blocks=tuple(blocks),
    )


def stand_in_view(card: MemberCard) -> View:
    """Who stands in for somebody."""
    whose = "you" if card.is_self else card.name
    initial = kit.option(card.stand_in.name, card.stand_in.id) if card.stand_in else None
    return View(
        title="Stand-in",
        callback_id=Submission.STAND_IN,
        submit="Save",
        close="Close",
        metadata=encode_marked(card.id, {"stand_in": card.stand_in.id if card.stand_in else None}),
        blocks=(
            kit.context("Seen by you, your stand-in and the coordinators." if card.is_self else SEEN_BY),
            kit.input_block(
                f"Who stands in for {whose}?",
                kit.external_select(Search.MEMBER, initial=initial, placeholder="Type a name"),
                encode_question("stand_in"),
                hint="Asked when you are away or a round is about to close. Empty: nobody."
                if card.is_self
                else "Asked when this person is away or a round is about to close. Empty: nobody.",
                optional=True,
            ),
        ),
    )


def _organization(chosen: Option | None) -> tuple[Block, Block]:
    initial = kit.option(chosen.name, chosen.id) if chosen is not None else None
    return (
        kit.input_block(
            "Organization",
            kit.external_select(Search.ORGANIZATION, initial=initial, placeholder="Type a name"),
            encode_question("organization"),
            optional=True,
        ),
        _text("new_organization", "Or a new organization", "", optional=True),
    )


def _text(question: str, label: str, initial: str, *, optional: bool = False, most: int = MOST_NAME) -> Block:
    element = kit.plain_text_input(Entry.VALUE, max_length=most, initial=initial)
    return kit.input_block(label, element, encode_question(question), optional=optional)
