"""Home, linking, starting, pausing and held messages through the sandbox."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.people import SeenChannel
from bot.sandbox import Person
from bot.sandbox.forms import elements
from bot.sandbox.views import View
from bot.services.access import clock
from bot.slack.blocks.nouns import FOR_COORDINATORS
from bot.slack.identifiers import Action
from bot.store.outbox import DeliveryRow
from tests.handlers.stage import CONNECTED, Stage, only_updates_and_digests, words
from tests.tables import on_each


async def home_of(person: Person, expected: str = "As of") -> View:
    """The person's Home, once it says what is expected."""
    await person.open_home()
    await person.until(lambda: expected in words(person.home()))
    home = person.home()
    assert home is not None
    return home


async def test_coordinator_sees_the_draft_and_who_has_no_account(stage: Stage) -> None:
    home = words(await home_of(stage.person("omar")))
    assert "Draft: nothing is sent until a coordinator presses Start." in home
    assert "*Yolanda Briggs* (Three Creeks Workforce Board): not linked to a Slack account." in home
    assert "1–5 of" in home or len(CONNECTED) <= 5
    assert "Lorna Pruitt and Charlotte Halvorsen: by e-mail only" in home


async def test_picking_an_account_in_home_links_it(stage: Stage) -> None:
    omar, yolanda = stage.person("omar"), stage.person("yolanda")
    home = await home_of(omar)
    block = next(one for one in home.blocks if one.get("block_id") == "member:yolanda")
    await stage.sandbox.interactions.view_action(
        omar.id, home.id, block["block_id"], "pick_account", {"selected_user": yolanda.id}
    )
    await omar.until(lambda: "Linked: Yolanda Briggs" in words(omar.home()))
    assert "*Yolanda Briggs*" not in words(omar.home())
    actor = await stage.services.people.actor_of(stage.sandbox.workspace.team_id, yolanda.id)
    assert actor is not None
    assert actor.key == "yolanda"
    await stage.sandbox.until(lambda: bool(stage.refreshes))


async def test_an_account_that_is_taken_is_refused(stage: Stage) -> None:
    omar = stage.person("omar")
    home = await home_of(omar)
    await stage.sandbox.interactions.view_action(
        omar.id, home.id, "member:yolanda", "pick_account", {"selected_user": stage.person("grant").id}
    )
    await omar.until(lambda: "already belongs to Grant Okafor" in words(omar.modal))


async def test_apps_and_deactivated_accounts_are_refused(stage: Stage) -> None:
    stage.sandbox.add_user("gone", id="U0GONE", deleted=True)
    omar = stage.person("omar")
    home = await home_of(omar)
    for picked, said in (("U0SANDBOT", "That is an app"), ("U0GONE", "That account is deactivated")):
        await stage.sandbox.interactions.view_action(
            omar.id, home.id, "member:yolanda", "pick_account", {"selected_user": picked}
        )
        await stage.edge.drain()
        assert said in words(omar.modal)
        await omar.close()


async def test_a_draft_is_started_by_its_button_once_accounts_were_picked_on_top_of_its_week(stage: Stage) -> None:
    omar = stage.person("omar")
    await omar.press(await home_of(omar), "See week one")
    await omar.until(lambda: "Week one, before anything is sent" in words(omar.modal), timeout=30)
    week = words(omar.modal)
    assert "*Mon Nov 23* (moved)" in week
    assert "9:00 AM their time: Weekly priority check-in" in week
    assert "digest to #lb-steering" in week
    assert "*Not reachable yet:* Yolanda Briggs" in week
    assert "Nobody above 10." in week
    # Accounts are picked on top of it, and the week lies below.
    assert omar.modal is not None
    await omar.press(omar.modal, "Pick accounts")
    await omar.until(lambda: len(omar.modals) == 2 and "Yolanda Briggs" in words(omar.modal))
    assert omar.modal is not None
    await stage.sandbox.interactions.view_action(
        omar.id, omar.modal.id, "member:tom", "pick_account", {"selected_user": stage.person("tom").id}
    )
    await omar.until(lambda: "Linked: *Tom Delacroix*" in words(omar.modal))
    await omar.close()
    assert "Week one, before anything is sent" in words(omar.modal)
    assert omar.modal is not None
    await omar.press(omar.modal, "Start")
    await omar.until(lambda: "People hear from me as shown." in words(omar.modal))
    assert stage.wakes
    await omar.until(lambda: "Live since" in words(omar.home()))
    await stage.go("11-23 09:00")
    assert stage.person("grant").dm()


async def test_sending_is_paused_and_resumed_in_home(live: Stage) -> None:
    omar = live.person("omar")
    assert (await omar.press(await home_of(omar), "Pause sending")).ok, "acknowledged in time"
    await omar.until(lambda: "this does not go out:" in words(omar.modal), timeout=30)
    assert "reminder, only if no answer" in words(omar.modal)
    assert omar.modal is not None
    await omar.press(omar.modal, "Pause sending")
    await omar.until(lambda: ": nothing goes out until somebody resumes." in words(omar.home()))
    before = len(live.person("luis").dm())
    await live.go("11-24 09:00")
    assert len(live.person("luis").dm()) == before
    home = omar.home()
    assert home is not None
    live.wakes.clear()
    await omar.close()
    assert (await omar.press(home, "Resume")).ok, "acknowledged in time"
    await omar.until(lambda: "When you resume:" in words(omar.modal))
    assert ": nothing goes out until somebody resumes." in words(omar.home()), "what would be sent is shown first"
    assert omar.modal is not None
    await omar.press(omar.modal, "Resume")
    await omar.until(lambda: "Live since" in words(omar.home()))
    assert live.wakes
    await live.settle()
    assert len(live.person("luis").dm()) == before + 1


async def test_member_sees_what_is_open_and_answers_from_home(live: Stage) -> None:
    tom = live.person("tom")
    home = await home_of(tom)
    assert "Update: Job quality" in words(home)
    assert "Needs a hand" not in words(home)
    assert "Run the week" not in words(home)
    await tom.press(home, "answer")
    await tom.sees_modal("Weekly priority update")
    await tom.fill(
        {
            "How does this priority stand today?": "on_track",
            "question:confidence": "8",
            "What changed since last week?": "Two employers asked for a sample plan.",
            "What will be true by next week?": "One of them signs.",
        }
    )
    assert await tom.submit() is None
    await tom.until(lambda: "Update: Job quality" not in words(tom.home()))
    assert "(A-104)" in words(tom.home())


@pytest.mark.lived("11-24 15:00")
async def test_nothing_waits_says_what_comes_next(live: Stage) -> None:
    home = words(await home_of(live.person("ben")))
    assert "Nothing waits for you." in home


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_each_role_sees_its_own_home(live: Stage) -> None:
    yolanda = words(await home_of(live.person("yolanda")))
    assert "My priority\n*Talent pathways*" in yolanda.replace("🟡 ", "")
    assert "Run the week" not in yolanda
    marcus = words(await home_of(live.person("marcus")))
    assert "Waits for me\n*D-1, by Fri Dec 4*: Pay for a contract fire inspector through January" in marcus
    omar = words(await home_of(live.person("omar")))
    assert "0 of 4 answered · 4 without an update" in omar
    assert "2 of 13 figures not reported" in omar
    ben = words(await home_of(live.person("ben")))
    assert "My priority" not in ben
    assert "off track" not in ben
    await live.go("11-25 07:31")
    marcus = words(await home_of(live.person("marcus"), "Latest digest, Wed Nov 25"))
    assert "1 of 4 priorities is called off track" in marcus
    assert "Latest digest" not in words(await home_of(live.person("ben")))


async def test_every_noun_opens_from_home(live: Stage) -> None:
    """Buttons that stand for words say words that are known, and open something of their own."""
    omar = live.person("omar")
    home = await home_of(omar)
    seen = set()
    for title, action, _typed in FOR_COORDINATORS:
        await omar.press(home, action)
        seen.add(await shown_by(omar, title))
        assert omar.modal is not None
        assert omar.modal.body["title"]["text"] == title
        await omar.close()
    for action in OF_THE_COALITION:
        await omar.press(home, Action.GO_COALITION)
        await shown_by(omar, "Coalition")
        await press_on_top(omar, action)
        seen.add(await shown_by(omar, action))
        await omar.close(is_cleared=True)
    assert len(seen) == len(FOR_COORDINATORS) + len(OF_THE_COALITION)


async def test_a_fourth_form_takes_the_place_of_the_third(live: Stage) -> None:
    """Home, the coalition, its members, one of them, and their form: Slack stacks no more than three."""
    omar = live.person("omar")
    home = await home_of(omar)
    await omar.press(home, Action.GO_COALITION)
    for action, expected in (
        (Action.GO_MEMBERS, "members in"),
        ("Open Grant Okafor", "*Part:*"),
        (Action.EDIT_MEMBER, "How this person takes part"),
    ):
        await shown_by(omar, expected)
        await press_on_top(omar, action, expected)


@on_each(
    ("who", "there", "not_there"),
    [
        ("yolanda", {"Check-ins", "Figures", "Priorities", "Funding", "Ask the coordinator"}, {"Pause sending"}),
        ("luis", {"Check-ins", "Figures", "Priorities", "Issues"}, {"Status"}),
        ("marcus", {"Priorities", "Decisions", "Funding", "Digest"}, {"Week ahead"}),
        ("ben", {"Meetings", "Decisions", "Funding", "Digest", "Coalition"}, {"Figures", "Priorities", "Check-ins"}),
    ],
)
async def test_everybody_looks_things_up_without_a_command(
    live: Stage, who: str, there: set[str], not_there: set[str]
) -> None:
    person = live.person(who)
    home = await home_of(person, "Look up")
    names = {element["text"]["text"] for _block, element in elements(home.blocks) if element["type"] == "button"}
    assert there <= names
    assert not names & not_there


async def press_on_top(person: Person, action: str, expected: str | None = None) -> None:
    """Presses a button of the modal, and waits for another one, or for what that says."""
    assert person.modal is not None
    below = person.modal.id
    await person.press(person.modal, action)
    await person.until(
        lambda: (
            person.modal is not None
            and (expected in words(person.modal) if expected is not None else person.modal.id != below)
        )
    )


async def shown_by(person: Person, title: str) -> str:
    """What the modal says that a button opened, once it is filled."""
    await person.until(lambda: person.modal is not None and "Opening" not in words(person.modal))
    shown = words(person.modal)
    assert "I don't know" not in shown, title
    assert "What would you like to do?" not in shown, title
    return shown


OF_THE_COALITION = [
    Action.GO_MEMBERS,
    Action.GO_ORGANIZATIONS,
    Action.GO_GROUPS,
    Action.GO_RHYTHM,
    Action.GO_NORTH_STAR,
    Action.GO_IMPORT,
    Action.GO_EXPORT,
    Action.GO_CHANGES,
    Action.GO_DELIVERIES,
    Action.GO_HEALTH,
]


async def test_stranger_sees_who_can_help(stage: Stage) -> None:
    home = words(await home_of(stage.person("yolanda"), "I don't know you yet."))
    assert home == "I don't know you yet. Dana Whitlock can link your account.\nAsk to be linked"


async def test_channels_without_the_bot_are_named_and_looked_at_again(stage: Stage) -> None:
    actor_channels = [
        SeenChannel(channel_id="C1", name="lb-talent", is_private=False, is_external=True),
    ]
    await stage.services.people.sync_channels(clock(stage.bot.coalition_id), actor_channels)
    omar = stage.person("omar")
    home = await home_of(omar, "*#lb-steering:* I'm not in it. Invite me there with /invite @Backbeat.")
    block = next(one for one in home.blocks if "lb-steering" in str(one.get("text")))
    await stage.sandbox.interactions.view_action(omar.id, home.id, block["block_id"], "check_channels", {})
    await omar.until(lambda: "I'm not in it" not in words(omar.home()))


async def _hold(stage: Stage, member: str) -> None:
    """Makes the message that a member got one of which nobody knows whether it arrived."""
    async with stage.services.database.write() as session:
        rows = await session.scalars(select(DeliveryRow).where(DeliveryRow.operation == "post"))
        user = stage.person(member)
        row = next(one for one in rows if one.channel_id == user.im.id)
        row.state = "ambiguous"
        held, attempt = row.id, row.attempts
    await stage.services.unclear_posts.hold(
        held, attempt, "the conversation can't be searched, since the app lacks a permission"
    )
    await stage.settle()


async def test_held_message_is_marked_as_arrived(live: Stage) -> None:
    await _hold(live, "tom")
    omar, dana = live.person("omar"), live.person("dana")
    notice = omar.dm()[-1]
    assert "*Held:* the check-in message to Tom Delacroix" in words(notice)
    await omar.press(notice, "It arrived")
    await live.settle()
    assert "Marked as arrived by Omar Castellanos." in words(omar.dm()[-1])
    assert "Marked as arrived by Omar Castellanos." in words(dana.dm()[-1])


async def test_held_message_is_sent_again_from_home(live: Stage) -> None:
    await _hold(live, "tom")
    omar, tom = live.person("omar"), live.person("tom")
    before = len(tom.dm())
    home = await home_of(omar, "*Held:*")
    await omar.press(home, "Send again")
    await omar.until(lambda: "*Held:*" not in words(omar.home()))
    await live.settle()
    assert len(tom.dm()) == before + 1


async def test_second_coordinator_is_told_that_it_is_decided(live: Stage) -> None:
    await _hold(live, "tom")
    omar, dana = live.person("omar"), live.person("dana")
    await omar.press(omar.dm()[-1], "It arrived")
    await dana.press(dana.dm()[-1], "It arrived")
    await dana.until(lambda: dana.ephemerals)
    assert "Somebody has already decided about this message." in words(dana.ephemerals[-1])


async def test_a_stand_in_owes_nothing_before_being_asked(live: Stage) -> None:
    luis = live.person("luis")
    assert "Update:" not in words(await home_of(luis))
    await live.go("11-24 09:00")
    assert "for Imani Rhodes" in words(await home_of(luis, "Imani Rhodes"))
