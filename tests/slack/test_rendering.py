"""Nothing is sent that nobody has looked at: every kind of message and of item has its reader, renderer and words."""

from __future__ import annotations

from bot.domain.outbox import Item, Kind, rank
from bot.services.sending.readers import BUNDLE_READERS, CONTENT_READERS, ITEM_READERS, TOGETHER_READERS
from bot.slack.rendering import ITEM_RENDERERS, RENDERERS
from tests.slack.readable import GOLDEN
from tests.tables import on_each

# Where the words of each kind can be read: the golden file, and a line of it that only this kind brings.
WORDS: dict[Kind | Item, tuple[str, str]] = {
    Kind.PROMPTS: ("checkin-messages.txt", "## two things"),
    Kind.ROLL_UP: ("digest-roll-up-week.txt", "Weekly digest: "),
    Kind.REPLY: ("digest-roll-up-week.txt", "*In the way:*"),
    Kind.CHANNEL_EDITION: ("digest-channels-week.txt", "Read by #lb-"),
    Kind.OWNER_PREVIEW: ("owner-preview.txt", "this is your part of tomorrow's digest"),
    Kind.DIGEST_COPY: ("digest-reading.txt", "## copy for a funder"),
    Kind.HELD_NOTICE: ("held.txt", "## held"),
    Kind.AGENDA: ("meetings.txt", "## agenda, one of each"),
    Kind.PACK: ("packs.txt", "## posted to steering"),
    Kind.NOTES: ("meetings.txt", "H  Notes: Talent working group, Dec 9"),
    Item.MEETING: ("meeting-items.txt", "## today"),
    Item.MEETING_NEWS: ("meeting-items.txt", "## moved"),
    Kind.BRIEF: ("briefs.txt", "## the screen's brief"),
    Kind.LETTER: ("letters.txt", "## from a coordinator"),
    Kind.SIGN_IN: ("letters.txt", "## a link to one's own page"),
    Kind.INVITATION: ("meeting-items.txt", "## moved"),
    Kind.ACCOUNT_MOVED: ("members.txt", "## told: the account until now"),
    Item.HELP_WANTED: ("asks.txt", "## asked"),
    Item.ASK_NEWS: ("asks.txt", "## news: answered"),
    Item.ASK: ("checkin-messages.txt", "## asked"),
    Item.REMINDER: ("checkin-messages.txt", "## reminded"),
    Kind.DECISION: ("decision-posts.txt", "5 of 7 organizations needed, one voice each."),
    Kind.DECISION_OUTCOME: ("decision-chases.txt", "## decided, in a priority's channel"),
    Kind.ISSUE: ("issues.txt", "*Issue for the Steering Committee: "),
    Kind.ROUND_SUMMARY: ("checkin-rounds.txt", "## a round's summary, in a channel"),
    Item.ROUND_SUMMARY: ("checkin-rounds.txt", "## a round's summary, to a reader"),
    Item.DECISION: ("decision-cards.txt", "## item"),
    Item.DECISION_DUE: ("decision-cards.txt", "## item"),
    Item.DECISION_READY: ("decision-chases.txt", "## the rule is met"),
    Item.DECISION_PASSED: ("decision-chases.txt", "## its day has passed"),
    Item.DELEGATE: ("checkin-messages.txt", "## asked to stand in"),
    Item.ACTION_REQUEST: ("action-bundles.txt", "## asked by another organization"),
    Item.ACTION_ANSWER: ("action-bundles.txt", "## told: yes"),
    Item.ACTION_LIST: ("action-bundles.txt", "## only a list"),
    Item.ACTION_DUE: ("action-bundles.txt", "## due today"),
    Item.ACTION_MOVED: ("action-bundles.txt", "## moved for the third time"),
    Item.REPORT_DUE: ("funding.txt", "## report: due"),
    Item.MONEY_ENDS: ("funding.txt", "## money ends: due"),
    Item.COALITION_ENDS: ("coalition-ends.txt", "## told to coordinators"),
    Item.TARGET_PASSED: ("targets.txt", "## target: not reached"),
    Item.FIGURE: ("figure-asks.txt", "## due, alone"),
    Item.SERIES_PROPOSED: ("series.txt", "## a new value"),
    Item.SERIES_RECORDED: ("series.txt", "## recorded by itself"),
    Item.SERIES_TROUBLE: ("series.txt", "## trouble"),
    Item.STANDS_IN: ("members.txt", "## told: stands in"),
    Item.ROLES: ("members.txt", "## told: roles"),
    Item.LINK_REQUEST: ("members.txt", "## told: somebody asks to be linked"),
    Item.ACCOUNT_GONE: ("members.txt", "## told: an account is gone"),
    Item.HANDED_OVER: ("endings.txt", "## told: what is theirs now"),
    Item.AGAIN: ("checkin-messages.txt", "## asked again"),
}


@on_each("kind", [*Kind, *Item], ids=lambda kind: f"{type(kind).__name__}.{kind.name}")
def test_every_kind_has_its_content_renderer_and_words(kind: Kind | Item) -> None:
    is_kind = isinstance(kind, Kind)
    readers, renderers = (CONTENT_READERS, RENDERERS) if is_kind else (ITEM_READERS, ITEM_RENDERERS)
    assert (kind in readers) is not (kind in {**BUNDLE_READERS, **TOGETHER_READERS}), "no reader says what it says"
    assert kind in renderers, "no renderer says how it looks"
    assert kind in WORDS, "no golden file shows its words"
    file, line = WORDS[kind]
    assert line in (GOLDEN / file).read_text(encoding="utf-8")


def test_checkins_come_first_and_the_other_kinds_in_their_order() -> None:
    assert {rank(item) for item in (Item.ASK, Item.REMINDER, Item.DELEGATE, Item.AGAIN)} == {0}
    others = [item for item in Item if rank(item)]
    assert sorted(others, key=rank) == others
