"""Moving one digest on screen: which one and to when, and what became of it, with the round that feeds it."""

from __future__ import annotations

from bot.domain.checkins import UpcomingRounds
from bot.domain.digests import DigestLeftOut, DigestMoved, FeedingRound, TwoDigests
from bot.domain.wording import clock, near_day
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.forms import Choice, Day, Form, Hour, NewMoment, about, note
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Block, Message, View
from bot.slack.metadata import RoundKey, encode, seen_dates
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold

MOVE_DIGEST_FORM: Form[UpcomingRounds, NewMoment] = Form(
    NewMoment, Submission.MOVE_DIGEST, "Move a digest", "Move",
    note("Readers see that it moved when it goes out; owners see the new time in their preview."),
    about(lambda digests: f"{bold(digests.name)}: only the digest that you choose moves."),
    Choice("slot", "Which one", lambda digests: _dates(digests), otherwise=0),
    Day("date", "New day", of="day", shows=lambda digests: digests.dates[0].local.date()),
    Hour("time", "New time", of="at", shows=lambda digests: digests.dates[0].local.time(),
        hint="On the digest's own clock."),
    carries=seen_dates,
)  # fmt: skip


def move_digest_view(digests: UpcomingRounds) -> View:
    """Which digest moves, and to when."""
    if not digests.dates:
        words = f"{bold(digests.name)} has no date ahead that could be moved."
        return View(title=MOVE_DIGEST_FORM.title, close="Close", blocks=(kit.section(words),))
    return MOVE_DIGEST_FORM.view(digests)


def _dates(digests: UpcomingRounds) -> list[kit.Element]:
    return [
        kit.option(f"{near_day(one.local.date(), digests.today)}, {clock(one.local)}", one.slot.isoformat())
        for one in digests.dates
    ]


def moved_view(moved: DigestMoved) -> View:
    """When it goes out now, and whether the round that feeds it should move too."""
    reader = Clock(moved.zone, moved.now)
    already = " already" if moved.already else ""
    blocks: list[Block] = [kit.section(f"{bold(moved.name)} {reader.token(moved.at, 'goes out ')}{already}.")]
    for one in moved.rounds:
        is_ahead = one.opens_at > moved.now
        button = kit.button("Move its round", Action.MOVE_ROUND, value=encode(RoundKey(one.cadence, one.slot)))
        blocks.append(kit.section(_round(one, moved, reader), accessory=button if is_ahead else None))
    return View(title=MOVE_DIGEST_FORM.title, close="Close", blocks=tuple(blocks))


def close_digests_block(two: TwoDigests, reader: Clock) -> Block:
    """That a late digest is followed closely by the next, which a coordinator may leave out."""
    due = near_day(reader.local(two.due_at).date(), reader.today)
    late = reader.token(two.published_at, "went out late, ")
    words = f"The digest of {due} {late}. The next one {reader.token(two.next_at, 'follows ')}."
    question = kit.confirm(
        "Leave the next one out?",
        f"It doesn't go out {reader.words(two.next_at)}. The one after it tells of everything since the late one.",
        "Leave out",
        "Keep both",
    )
    return kit.line(
        words,
        "Leave out the next",
        Action.LEAVE_OUT_DIGEST,
        value=encode(RoundKey(two.cadence, two.slot)),
        confirm=question,
        label="Leave out the next digest",
    )


def left_out_message(left: DigestLeftOut) -> Message:
    """That a digest doesn't go out, and which one does."""
    reader = Clock(left.zone, left.now)
    already = " already" if left.already else ""
    words = f"{bold(left.name)} of {reader.words(left.at)} is left out{already}."
    words += f" The next one {reader.token(left.next_at, 'goes out ')}." if left.next_at is not None else ""
    blocks = [kit.section(words), kit.context("“digest send” posts one by hand all the same.")]
    return Message.of(limits.text_of(blocks), *blocks)


def _round(one: FeedingRound, moved: DigestMoved, reader: Clock) -> str:
    if one.opens_at <= moved.now:
        words = f"{bold(one.name)}, which it tells of, is open {reader.token(one.closes_at, 'until ')}"
    else:
        opens = reader.token(one.opens_at, "opens ")
        words = f"{bold(one.name)}, which it tells of, {opens} and {reader.token(one.closes_at, 'closes ')}"
    return f"{words}, after the digest goes out." if one.closes_at > moved.at else f"{words}."
