"""Help: five lines that fit one's part, whatever the parts are, and every noun behind [More]."""

from __future__ import annotations

from bot.domain.rights import COORDINATORS, Part, Standing
from handlers.helps import FIRST, first_lines, verbs_by_noun
from handlers.messages import LINES
from tests.tables import on_each

PARTS = [Standing(frozenset({part})) for part in Part] + [Standing(scoped={"p": frozenset({part})}) for part in Part]


@on_each("standing", [*PARTS, Standing()])
def test_five_of_what_they_may_do(standing: Standing) -> None:
    lines = [line for line in LINES if standing.may_anywhere(line.right)]
    first = first_lines(standing, lines)
    assert len(first) == FIRST == len({line.text for line in first})
    assert all(line in lines for line in first)


def test_each_part_begins_with_what_it_came_for() -> None:
    def first(part: Part) -> str:
        is_scoped = part in {Part.OWNER, Part.STEWARD}
        standing = Standing(scoped={"p": frozenset({part})}) if is_scoped else Standing(frozenset({part}))
        return first_lines(standing, [line for line in LINES if standing.may_anywhere(line.right)])[0].text

    assert {first(part) for part in COORDINATORS} == {"checkin status"}
    assert first(Part.OWNER) == "checkin"
    assert first(Part.CHAIR) == first(Part.STEERING) == "decision"
    assert first(Part.STEWARD) == "metric update"
    assert first(Part.FUNDER) == "digest"


def test_more_is_one_line_a_noun() -> None:
    found = dict(verbs_by_noun(LINES))
    assert len(found) == 10
    assert found["decision help"] == "add, answer, record, defer, again, move, history, log"
