"""What a person reads once, before the first question: who set this up, what is asked, and who reads it."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.domain.checkins import FirstContact, Prompts
from bot.domain.outbox import Item
from bot.domain.rights import THE_COORDINATORS
from bot.domain.wording import WEEKDAYS, clock, plural, with_article, zone_name
from bot.slack.blocks import kit
from bot.slack.identifiers import Action
from bot.slack.message import Block, View
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own
from bot.slack.names import first_name, listed

# Buttons of its row that things below it may have too.
IN_FIRST_CONTACT = frozenset({Action.AWAY, Action.MY_SETTINGS})


def first_contact_blocks(prompts: Prompts, contact: FirstContact) -> tuple[Block, ...]:
    """The top of a person's first message. Its button is the main one only where nothing is open below."""
    reader = Clock(prompts.zone, prompts.now)
    is_open = any(not item.value.is_settled for item in prompts.items)
    lines = [f"*What I ask:* {_what(prompts, contact, reader)}", f"*Who reads it:* {own(_reading(prompts, contact))}"]
    if contact.stand_in is not None:
        lines.append(f"*Who stands in:* {own(contact.stand_in)}, when you're away or the round is about to close.")
    zone = f"I'm using {own(zone_name(reader.local(reader.now)))} time for you."
    if not contact.confirmed:
        zone += " *Different time* changes it."
    coalition = own(with_article(contact.coalition_name))
    who = f"Hi {own(first_name(prompts.receiver_name))}, I'm Backbeat"
    if contact.set_up_by is not None:
        who += f". {own(contact.set_up_by)} ({own(contact.set_up_by_organization)}) set me up for {coalition}."
    else:
        who += f", set up for {coalition}."
    blocks = [
        kit.section(who),
        kit.section("\n".join(lines)),
        *([] if contact.zone_known else [kit.section(zone)]),
        kit.context(
            f"Usually one message a day at most, none from {_at(contact.quiet_from)} to {_at(contact.quiet_to)}."
            + ("" if prompts.by_mail else " Type anything here for a menu; no commands needed.")
        ),
    ]
    if contact.confirmed:
        settings = kit.button("My settings", Action.MY_SETTINGS)
        blocks.append(kit.section("Thanks. You can change this any time.", accessory=settings))
    else:
        blocks.append(
            kit.actions(
                kit.button("Sounds right", Action.SOUNDS_RIGHT, primary=not is_open),
                kit.button("Different time", Action.MY_SETTINGS),
                kit.button("I'm away", Action.AWAY),
                kit.button("Who sees what?", Action.WHO_SEES_WHAT),
            )
        )
    return tuple(blocks)


def actions_are_read_by(readers: tuple[str, ...]) -> str:
    """Who reads actions, as every screen says it: also the digest, which names what is overdue, moved or done."""
    return f"{listed(list(readers))}; in the digest too, if overdue, moved or done"


def _reading(prompts: Prompts, contact: FirstContact) -> str:
    """Who reads what is asked, plain: updates first, then actions."""
    updates, actions = _readers(prompts, contact), contact.action_readers
    if updates and actions:
        return f"{listed(updates)}. Your actions: {actions_are_read_by(actions)}."
    if updates or actions:
        return f"{listed(updates) if updates else actions_are_read_by(actions)}."
    return "those who work on the same priority, and the coordinators."


def first_contact_text(prompts: Prompts, contact: FirstContact) -> str:
    """The same for notifications and screen readers, in plain words."""
    readers = _readers(prompts, contact) or list(contact.action_readers)
    by = f" by {contact.set_up_by}" if contact.set_up_by is not None else ""
    return (
        f"Hi {first_name(prompts.receiver_name)}, I'm Backbeat, set up{by} for {with_article(contact.coalition_name)}. "
        f"{f'What you say is read by {listed(readers)}. ' if readers else ''}"
        + ("" if prompts.by_mail else "Reply here for a menu.")
    )


def who_sees_what_view(
    readers: tuple[tuple[str, tuple[str, ...]], ...],
    private_readers: tuple[str, ...],
    action_readers: tuple[str, ...] = (),
    own_readers: tuple[tuple[str, tuple[str, ...]], ...] = (),
) -> View:
    """Who reads what this person says. `readers` are pairs of a priority's name and those who read its updates,
    `own_readers` the same of what asks them for themselves, beside the coordinators."""
    lines = [
        f"*Your update{f' on {own(name)}' if len(readers) > 1 else ''}:* {own(listed(who))}."
        for name, who in readers[:20]
    ]
    lines += [
        f"*Your answers to {own(name)}:* {own(listed([*who, THE_COORDINATORS]))}." for name, who in own_readers[:20]
    ]
    return View(
        title="Who sees what",
        close="Close",
        blocks=(
            *([kit.section("\n".join(lines))] if lines else []),
            *([kit.section(f"*Your actions:* {own(actions_are_read_by(action_readers))}.")] if action_readers else []),
            kit.section(f"*The box for the coordinators:* {own(', '.join(private_readers))}. Never published."),
            kit.section("*Whether you have answered:* you, your stand-in, the coordinators. Never posted."),
        ),
    )


def _what(prompts: Prompts, contact: FirstContact, reader: Clock) -> str:
    asked = [item for item in prompts.checkins if item.kind != "delegate" and not item.is_own]
    owned = list(dict.fromkeys(bold(item.priority_name) for item in asked)) or [bold(name) for name in contact.owned]
    has_actions = any(item.item == Item.ACTION_LIST for item in prompts.items)
    own_ones = [_own_checkin(title, rhythm) for title, rhythm in contact.own_checkins]
    if not owned and own_ones:
        words = f"your answers to {listed(own_ones)}{', and where your actions stand.' if has_actions else '.'}"
        return words + _minutes(sum(item.value.minutes for item in prompts.items if item.item == Item.ACTION_LIST))
    if not owned:
        if has_actions:
            return f"where your actions stand.{_minutes(sum(item.value.minutes for item in prompts.items))}"
        if not prompts.checkins:
            return "a short answer now and then, when something waits for you."
        return "to stand in now and then, when somebody who named you can't give an update."
    rhythm, per_reader, _ = contact.rhythm.partition(" on each ")
    words = f"an update on {listed(owned)}, {own(rhythm)}{' your time' if per_reader else ''}"
    words += f", your answers to {listed(own_ones)}" if own_ones else ""
    words += ", and where your actions stand." if has_actions else "."
    listing = sum(item.value.minutes for item in prompts.items if item.item == Item.ACTION_LIST)
    words += _minutes(contact.minutes + listing)
    opens_on = WEEKDAYS[reader.local(asked[0].opens_at).weekday()] if asked else ""
    if any(day in rhythm for day in WEEKDAYS) and opens_on not in rhythm:
        words += f" This time on {opens_on}."
    return words


def _own_checkin(title: str, rhythm: str) -> str:
    """ "*Access questions* (monthly on the first Monday, 9:00 AM your time)"."""
    when, per_reader, _ = rhythm.partition(" on each ")
    return f"{bold(title)} ({own(when)}{' your time' if per_reader else ''})"


def _minutes(count: int) -> str:
    return f" About {plural(count, 'minute')} a week." if count else ""


def _readers(prompts: Prompts, contact: FirstContact) -> list[str]:
    found = list(dict.fromkeys(reader for item in prompts.checkins for reader in item.readers))
    return found or list(contact.readers)


def _at(quiet: time) -> str:
    return clock(datetime.combine(date.min, quiet))
