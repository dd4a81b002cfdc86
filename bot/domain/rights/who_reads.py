"""Who reads what, computed once: what one person may see of priorities and their items, and who reads it, in words.

Whatever screen says who reads something takes the words from here, and so does whatever decides what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.people import is_asked, is_pulse
from bot.domain.record import Cadence, Priority, Record, groups_asked, open_actions
from bot.domain.rights.rights import ALLOWED, COORDINATORS, Part, Right, Standing, coordinators
from bot.domain.vocabularies import AnswerReaders, CadenceKind, GroupKind, SummaryPlace, Visibility
from bot.domain.wording import all_of, one_line, plural, readers_together, with_article

THE_COORDINATORS = "the coordinators"
EVERYBODY_IN_COALITION = "everybody in the coalition"
THOSE_ASKED = "those who are asked"
THOSE_INVOLVED = "those who have to do with it"
READERS_OF_ANSWERS = {
    AnswerReaders.COORDINATORS: "the coordinators only",
    AnswerReaders.GROUP: "the group and the coordinators",
    AnswerReaders.STEERING: "the group, steering and the digest",
    AnswerReaders.EVERYBODY: EVERYBODY_IN_COALITION,
}
"""Who reads what a question set was answered, as somebody chooses it and a check-in's card tells it."""
_MOST_NAMED = 4
_LEADERSHIP = frozenset({Part.STEERING, Part.CHAIR})


def may_read_priority(standing: Standing, priority: str | None) -> bool:
    """Whether somebody may read all items of a priority, or with None all of the coalition.

    Being a member of something else opens nothing.
    """
    scoped = standing.scoped.get(priority, frozenset()) if priority is not None else frozenset()
    return bool(((standing.everywhere - {Part.MEMBER}) | scoped) & ALLOWED[Right.READ_PRIORITY])


def may_read_answers(standing: Standing, readers: AnswerReaders, about: str | None) -> bool:
    """Whether somebody may read what a question set with these `readers` was answered about a priority or a group (its
    id), or with None the coalition."""
    if standing.everywhere & COORDINATORS or readers == AnswerReaders.EVERYBODY:
        return True
    if readers == AnswerReaders.COORDINATORS:
        return False
    scoped = standing.scoped.get(about, frozenset()) if about is not None else frozenset()
    steers = readers == AnswerReaders.STEERING and bool(standing.everywhere & _LEADERSHIP)
    return steers or bool(scoped & ALLOWED[Right.READ_PRIORITY])


def may_read_summary(standing: Standing, priority: str) -> bool:
    """Whether somebody may read of a priority at least what the roll-up says of it.

    That is how it stands, its headline figure, what is in the way and what is overdue.
    """
    return may_read_priority(standing, priority) or standing.may(Right.READ_ROLL_UP)


def channel_in_words(record: Record, channel: str) -> str:
    """A channel, called public where everybody in the workspace may read it."""
    return f"#{channel}{' (public)' if channel in record.public_channels else ''}"


def steering_in_words(record: Record) -> tuple[str, ...]:
    """The groups that steer, as they stand in a sentence."""
    return tuple(with_article(group.name) for group in record.groups if group.steers)


def leadership_in_words(record: Record) -> tuple[str, ...]:
    """Who reads the roll-up beside those who run the coalition: those who steer, and whoever is in a channel that it is
    posted in and that no such group has for its own."""
    own = {group.channel for group in record.groups if group.reads_everything}
    posted = dict.fromkeys(
        channel
        for cadence in record.cadences
        if cadence.kind == CadenceKind.DIGEST and cadence.paused_at is None
        for channel in cadence.channels
        if channel not in own
    )
    return (*(channel_in_words(record, channel) for channel in posted), *steering_in_words(record))


def readers_of_roll_up(record: Record) -> tuple[str, ...]:
    """Who the roll-up is for, as it says itself: leadership, and those who run the coalition from day to day."""
    has_backbone = any(group.kind == GroupKind.BACKBONE for group in record.groups)
    return (*leadership_in_words(record), "the backbone team" if has_backbone else THE_COORDINATORS)


def readers_of_update(record: Record, priority: Priority) -> tuple[str, ...]:
    """Who reads a priority's answers in the digest: its channel, and leadership. Coordinators do at once."""
    channel = (channel_in_words(record, priority.channel),) if priority.channel else ()
    return tuple(dict.fromkeys((*channel, *leadership_in_words(record))))


def readers_on_card(
    record: Record, priority: Priority, readers: AnswerReaders = AnswerReaders.STEERING
) -> tuple[str, ...]:
    """Who beside the coordinators reads the answers of a check-in that says nothing of how a priority stands.

    They are in no digest, and stand on the priority's card.
    """
    if readers == AnswerReaders.EVERYBODY:
        return (EVERYBODY_IN_COALITION,)
    group = next((one.name for one in record.everything.groups if one.id == priority.working_group), None)
    own = (with_article(group),) if group and readers != AnswerReaders.COORDINATORS else ()
    return (*own, *(steering_in_words(record) if readers == AnswerReaders.STEERING else ()))


def readers_of_priorities_answers(record: Record, readers: AnswerReaders) -> tuple[str, ...]:
    """Who beside the coordinators reads the answers on all priorities, of each what they read of it."""
    if readers == AnswerReaders.EVERYBODY:
        return (EVERYBODY_IN_COALITION,)
    own = ("each priority's working group",) if readers != AnswerReaders.COORDINATORS else ()
    return (*own, *(steering_in_words(record) if readers == AnswerReaders.STEERING else ()))


def readers_of_own_answers(record: Record, cadence: Cadence, readers: AnswerReaders) -> tuple[str, ...]:
    """Who beside the coordinators reads what people answer for themselves in a check-in; of an anonymous one, what came
    of a round."""
    channel = summary_channel(record, cadence, readers)
    posted = (channel_in_words(record, channel),) if channel is not None else ()
    if is_pulse(record, cadence):
        return (*posted, EVERYBODY_IN_COALITION)
    if readers == AnswerReaders.COORDINATORS:
        return ()
    if readers == AnswerReaders.EVERYBODY:
        return (*posted, EVERYBODY_IN_COALITION)
    asked = tuple(with_article(group.name) for group in groups_asked(record, cadence)) or (THOSE_ASKED,)
    steering = steering_in_words(record) if readers == AnswerReaders.STEERING else ()
    return tuple(dict.fromkeys((*posted, *asked, *steering)))


def may_read_own_answers(
    record: Record, cadence: Cadence, readers: AnswerReaders, standing: Standing, member: str | None
) -> bool:
    """Whether somebody (with this member's id) reads what people answer for themselves in a check-in: coordinators do
    at once, others as `readers` says. Those who are asked are a group's members, else whoever the check-in asks. What
    came of an anonymous round is everybody's to read."""
    if is_pulse(record, cadence):
        return True
    if standing.everywhere & COORDINATORS or readers == AnswerReaders.EVERYBODY:
        return True
    if readers == AnswerReaders.COORDINATORS:
        return False
    steers = readers == AnswerReaders.STEERING and bool(standing.everywhere & _LEADERSHIP)
    return steers or (member is not None and is_asked(record, cadence.id, member))


def summary_channel(record: Record, cadence: Cadence, readers: AnswerReaders) -> str | None:
    """Where what was answered in a round is told once it closes: the channel of the group that is asked, if that is
    chosen and whoever is in it may read the answers."""
    is_narrow = readers == AnswerReaders.COORDINATORS and not is_pulse(record, cadence)
    if cadence.summary != SummaryPlace.CHANNEL or is_narrow:
        return None
    return next((group.channel for group in groups_asked(record, cadence) if group.channel), None)


def readers_of_items(
    record: Record, priority: Priority | None, visibility: str = Visibility.EVERYBODY
) -> tuple[str, ...]:
    """Who reads a priority's actions and issues, or with None the coalition's own, as their `visibility` says."""
    if visibility != Visibility.EVERYBODY:
        kept_to = tuple(with_article(group.name) for group in record.groups if group.id == visibility)
        return (*kept_to, THE_COORDINATORS, THOSE_INVOLVED)
    channel = (channel_in_words(record, priority.channel),) if priority is not None and priority.channel else ()
    return (*channel, THE_COORDINATORS, *steering_in_words(record))


def readers_of_actions(record: Record, member: str) -> tuple[str, ...]:
    """Who reads the open actions of a member; nobody where there are none."""
    priorities = {one.id: one for one in record.priorities}
    about = dict.fromkeys((one.priority, one.visibility) for one in open_actions(record) if one.owner == member)
    return readers_together(
        readers_of_items(record, priorities.get(key or ""), visibility) for key, visibility in about
    )


def readers_of_notes(record: Record) -> tuple[str, ...]:
    """Names of those who read what is for the coordinators only."""
    return tuple(member.name for member in coordinators(record))


def sight_words(record: Record, standing: Standing, own: str, *also: str) -> str | None:
    """What of a kind of item somebody sees, as a sentence; None for somebody who sees all of it.

    `own` is what they see anyway: "your own actions"; `also` what else, beside whole priorities: "those of Tom Reyes".
    """
    if may_read_priority(standing, None):
        return None
    readable = [one_line(one.name) for one in record.priorities if may_read_priority(standing, one.id)]
    seen = [own, *also, *([f"those of {_named(readable)}"] if readable else [])]
    return f"You see {all_of(seen)}; the coordinators see all."


def _named(names: Sequence[str]) -> str:
    if len(names) > _MOST_NAMED:
        more = plural(len(names) - _MOST_NAMED, "more priority", "more priorities")
        return f"{', '.join(names[:_MOST_NAMED])} and {more}"
    return all_of(names)
