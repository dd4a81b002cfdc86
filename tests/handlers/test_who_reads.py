"""Who reads what is said in the same words wherever it is said, actions included, and a public channel is called so."""

from __future__ import annotations

from bot.domain.people import SeenChannel
from bot.services.access import operator
from tests.handlers.stage import Stage, words
from tests.handlers.test_action_items import typed
from tests.tables import on_each


async def see_channels(live: Stage, *, public: str) -> None:
    """What Slack says of the channels: one of them is public."""
    names = ("lb-steering", "lb-talent", "lb-suppliers", "lb-access", "lb-quality")
    seen = [
        SeenChannel(channel_id=f"C{n}", name=name, is_private=name != public, is_external=False)
        for n, name in enumerate(names)
    ]
    await live.services.people.sync_channels(operator(live.bot.coalition_id), seen)


@on_each(("who", "channel"), [("yolanda", "#lb-talent (public)"), ("imani", "#lb-access"), ("grant", "#lb-suppliers")])
async def test_every_screen_says_the_same(live: Stage, who: str, channel: str) -> None:
    person = live.person(who)
    update, actions = f"{channel} and the Steering Committee", f"{channel}, the coordinators and the Steering Committee"
    first = words(person.dm()[0])
    assert f"*Who reads it:* {update}. Your actions: {actions}; in the digest too, if overdue, moved or done." in first
    assert f"Read by {update} on Wed Nov 25" in first
    await person.press(person.dm()[0], "Answer")
    await person.until(lambda: "Read by" in words(person.modal))
    assert f"Read by {update} on Wed Nov 25, and by the coordinators from now." in words(person.modal)
    await person.close()
    await person.says("coalition me")
    await person.until(lambda: "Who stands in for you" in words(person.dm()[-1]))
    me = words(person.dm()[-1])
    assert f"{update}." in me
    assert f"*Who reads your actions:* {actions}; in the digest too, if overdue, moved or done." in me
    await person.press(person.dm()[-1], "Who sees what?")
    await person.until(lambda: "Your update" in words(person.modal))
    assert f"*Your update:* {update}." in words(person.modal)
    assert f"*Your actions:* {actions}; in the digest too, if overdue, moved or done." in words(person.modal)


async def test_an_actions_form_and_the_digests_say_it_too(live: Stage) -> None:
    omar = live.person("omar")
    await see_channels(live, public="lb-access")
    await typed(omar, "add Call the landlord @imani by Dec 4 in family")
    await omar.press(omar.ephemerals[-1], "Change")
    await omar.until(lambda: omar.modal is not None and "Read by" in words(omar.modal))
    assert (
        "Read by #lb-access (public), the coordinators and the Steering Committee, unless you choose others below."
        in words(omar.modal)
    )
    await omar.close()
    await live.go("11-24 15:05")
    preview = "\n".join(words(one) for one in await live.person("imani").hears())
    assert "without amounts by #lb-access (public)." in preview


async def test_the_form_for_a_new_date_says_it_too(live: Stage) -> None:
    yolanda = live.person("yolanda")
    await yolanda.press(yolanda.dm()[0], "New date")
    await yolanda.until(lambda: "Read by" in words(yolanda.modal))
    actions = "#lb-talent (public), the coordinators and the Steering Committee"
    assert f"Read by {actions}; in the digest too, if overdue, moved or done." in words(yolanda.modal)
