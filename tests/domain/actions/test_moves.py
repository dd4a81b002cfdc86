"""How often an action has moved, kept in its note, and how the digest tells a move."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.actions import HELP_ASKED, RENEWED, answer_of, imported, is_asked, joined, moves_words, reason_of
from bot.domain.actions.moves import answered, moved_to
from bot.domain.digests import channel_page, compose, line, reply, roll_up_pages, to_published
from bot.domain.record import ActionItem, ActionMove
from bot.domain.vocabularies import ActionStatus
from tests import builders as make
from tests.builders import at, day, record
from tests.examples import examples

TODAY = day("21")


def moved(action: ActionItem, due: str, reason: str | None = "Legal is closed") -> ActionItem:
    return replace(action, due=day(due), moves=moved_to(action, day(due), reason, TODAY))


@settings(max_examples=examples(25), deadline=None)
@given(st.integers(1, 15), st.one_of(st.none(), st.text("abc:, ", min_size=1).map(str.strip).filter(bool)))
def test_every_move_counts_whatever_becomes_of_the_note(times: int, reason: str | None) -> None:
    action = make.action(due="2026-11-20")
    for number in range(times):
        action = replace(moved(action, f"2026-12-{number + 1:02}", reason), note=f"Note {number}")
        assert (len(action.moves), reason_of(action.moves), answer_of(action.moves)) == (number + 1, reason, None)
    assert is_asked(action) == (times >= 3)
    for answer in (RENEWED, HELP_ASKED):
        said = replace(action, moves=answered(action.moves, answer))
        assert (len(said.moves), answer_of(said.moves)) == (times, answer)
        assert not is_asked(said)
        assert len(moved(said, "2026-12-31").moves) == times + 1


def test_the_last_move_is_told_with_its_number_answer_and_reason() -> None:
    action = moved(make.action(due="2026-11-20"), "2026-12-01", None)
    assert moves_words((), TODAY) is None
    assert moves_words(action.moves, TODAY) == "from Nov 20"
    action = moved(action, "2026-12-20")
    assert moves_words(action.moves, TODAY) == "from Dec 1, second time: Legal is closed"
    renewed = answered(moved(action, "2027-01-15").moves, RENEWED)
    assert moves_words(renewed, TODAY) == "from Dec 20, third time, renewed: Legal is closed"
    assert moves_words((ActionMove(),), TODAY) == "from another day", "an earlier version only counted"


def test_a_file_adds_the_moves_that_are_not_known_here() -> None:
    one, two = ActionMove(to=day("2026-12-01")), ActionMove(to=day("2026-12-20"))
    assert joined((one,), ()) == (one,)
    assert joined((one,), (one, two)) == (one, two)
    assert joined((replace(one, answer=RENEWED),), (one,)) == (replace(one, answer=RENEWED),)
    assert joined((one, one), (one, one)) == (one, one), "what was only counted is the same twice"


def test_a_date_that_a_file_changes_is_one_more_move_unless_the_file_tells_it() -> None:
    before = moved(make.action(due="2026-11-20"), "2026-12-01")
    after = replace(before, due=day("2026-12-20"))
    [_first, told] = imported(before, after, TODAY)
    assert told == ActionMove(before=day("2026-12-01"), to=day("2026-12-20"), on=TODAY)
    assert imported(before, moved(before, "2026-12-20"), TODAY) == moved(before, "2026-12-20").moves
    assert imported(before, before, TODAY) == before.moves
    assert imported(before, replace(after, status=ActionStatus.DONE), TODAY) == before.moves, (
        "what is closed waits for no date"
    )


def test_the_digest_tells_each_move_once_with_its_number_and_reason() -> None:
    friday = at("2026-11-20T07:30")
    then = [make.action("A-101", "2026-11-20"), make.action("A-102", "2026-11-20"), make.action("A-103", "2026-12-20")]
    once = moved(then[1], "2026-12-04", None)
    thrice = moved(moved(moved(then[0], "2026-12-01"), "2026-12-20"), "2027-01-15")
    before = record(actions=[then[0], then[1], then[2]])
    published = make.published(friday, to_published(compose(before, friday)))
    known = replace(before, actions=(thrice, once, replace(then[2], status=ActionStatus.DONE)), published=(published,))
    digest = compose(known, make.NOON)
    told = roll_up_pages(digest, amounts=True, occasion=line("Week"))[0].plain
    assert "• A-101 moved to Jan 15, 2027, third time: Legal is closed (Action A-101)" in told
    assert "• A-102 moved to Dec 4 (Action A-102)" in told
    assert "A-103 moved" not in told
    [part] = digest.priorities
    own = "New dates: A-101 moved to Jan 15, 2027, third time: Legal is closed (Action A-101); A-102 moved to Dec 4"
    assert own in reply(digest, part, amounts=True).plain
    assert own in channel_page(digest, part).plain
    assert "A quiet week" not in told
    again = make.published(make.NOON, to_published(digest))
    later = compose(replace(known, published=(again,)), at("2026-11-27T07:30"))
    assert "moved to" not in roll_up_pages(later, amounts=True, occasion=line("Week"))[0].plain


def test_many_moves_are_counted() -> None:
    friday = at("2026-11-20T07:30")
    before = record(actions=[make.action(f"A-{number}", "2026-12-01") for number in range(8)])
    published = make.published(friday, to_published(compose(before, friday)))
    after = replace(before, actions=tuple(moved(one, "2026-12-20") for one in before.actions), published=(published,))
    told = roll_up_pages(compose(after, make.NOON), amounts=True, occasion=line("Week"))[0].plain
    assert told.count("moved to Dec 20") == 5
    assert "• 3 more actions moved" in told
    [part] = compose(after, make.NOON).priorities
    assert "; 6 more actions moved" in reply(compose(after, make.NOON), part, amounts=True).plain
