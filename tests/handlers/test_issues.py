"""Issues through the sandbox: commands, the post in a group's channel, forms, and what people read in answer."""

from __future__ import annotations

from bot.sandbox.workspace import Message
from bot.services.access import operator
from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, words
from tests.handlers.test_decisions import answered, opened, read, typed

ADD = "add No room for the evening cohort in talent-pathways: One cohort waits"
PAY = "Evening teaching pay is below the private market"
NOTE, GROUP, TITLE = (encode_question(name) for name in ("note", "group", "title"))

# Who writes what after "issue", and a part of what they read.
COMMANDS: list[tuple[str, str, str]] = [
    ("marcus", "", "*Your 1 open issue*"),
    ("yolanda", "", f"*{PAY}* (I-2)\nTalent pathways · Two cohorts at risk for spring · raised Nov 11"),
    ("priya", "", "You have no open issues."),
    ("marcus", "I-2", f"*{PAY}* (I-2)"),
    ("marcus", "i2", "Raised by Helen Sato · looked after by Yolanda Briggs"),
    ("marcus", "I-1", "With the Steering Committee"),
    ("marcus", "I-3", "Resolved Oct 8"),
    ("marcus", "I-9", "I don't know the issue I-9. Type “issue list” to see them all."),
    ("renata", "I-2", "Issues of Talent pathways are read by its working group, steering and the coordinators."),
    ("marcus", "list", "*2 open issues*"),
    ("marcus", "list escalated", "*1 issue escalated*"),
    ("marcus", "list steering", "*1 open issue: Steering Committee*"),
    ("marcus", "list talent", "*1 open issue: Talent pathways*"),
    ("marcus", "list esclated", "Did you mean *escalated*?"),
    ("marcus", "list qqqq", "I don't know “qqqq”."),
    ("renata", "list talent", "Issues of Talent pathways are read by its working group, steering"),
    ("luis", ADD, "*No room for the evening cohort*\nTalent pathways · looked after by Yolanda Briggs"),
    ("luis", ADD.replace("add", "raise"), "*What it holds up:* One cohort waits\nNot raised yet."),
    ("ben", ADD, "Issues are raised by members and coordinators, not by funders and observers."),
    ("priya", f"add {'x' * 151}", "This has 151 characters. 150 fit; the rest can go below. Not raised yet."),
    ("marcus", "escalate qqqq to steering", "I don't know the issue “qqqq”. Type “issue list” to see them all."),
    ("marcus", "escalate I-2 to nobody", "I don't know the group “nobody”. There are Steering Committee,"),
    ("marcus", "escalate I-1 to steering", "· already with the Steering Committee"),
    ("marcus", "escalate I-3 to steering", "I-3 is resolved Oct 8. Open it and press Reopen first."),
    ("ben", "escalate I-2 to steering", "Issues are escalated by priority owners, steering and the coordinators."),
    ("marcus", "resolve qqqq", "I don't know the issue “qqqq”."),
    ("marcus", "evening teaching", "*Evening teaching pay is below the private market* (I-2)"),
    ("marcus", "resolve I-3 again", "· already resolved"),
    ("renata", "resolve I-2 done", "I-2 is resolved or parked by its owner, the group that it went to, the"),
    ("marcus", "park", "*Your 1 open issue*"),
    ("marcus", "parc I-2", "Did you mean *issue park I-2*?"),
    ("marcus", "help", "`/issue escalate I-1 [to GROUP]`"),
    ("yolanda", "resolve I-2 Pay rises in January.", f"*{PAY}* (I-2) · resolved: Pay rises in January."),
    ("yolanda", "park I-1 Later", "· parked: Later"),
]


async def test_commands(live: Stage) -> None:
    for who, text, said in COMMANDS:
        person = live.person(who)
        if who in {"yolanda", "renata", "ben"}:
            found = words(await read(person, f"issue {text}"))
        else:
            found = await typed(person, text, "/issue")
        assert said in found, (who, text, found)


def post(stage: Stage) -> Message:
    return stage.person("marcus").sees("lb-steering")[-1]


async def test_from_raising_to_resolved(live: Stage) -> None:
    yolanda, marcus = live.person("yolanda"), live.person("marcus")
    back = await read(yolanda, f"issue {ADD}")
    await yolanda.press(back, "Raise")
    await yolanda.until(lambda: "Raised as I-4. Yolanda Briggs looks after it." in words(yolanda.dm()[-1]))
    said = await read(yolanda, "issue escalate I-4 to steering")
    assert "Not escalated yet." in words(said)
    await yolanda.press(said, "Escalate")
    with_steering = "*No room for the evening cohort* (I-4) · with the Steering Committee"
    await yolanda.until(lambda: with_steering in words(yolanda.dm()[-1]))
    await live.settle()
    assert words(post(live)).split("\n") == [
        "*Issue for the Steering Committee: No room for the evening cohort* (I-4)",
        "Talent pathways · One cohort waits · raised Nov 23, escalated Nov 23",
        "Propose a decision",
        "Put on the agenda",
        "Resolve",
    ]
    await marcus.press(post(live), "Put on the agenda")
    await answered(marcus, "· on the agenda of Feb 3, 2027")
    await live.settle()
    assert "On the agenda of Feb 3, 2027" in words(post(live))
    await marcus.press(post(live), "Propose a decision")
    await opened(marcus, "Propose a decision")
    await marcus.fill({TITLE: "Rent a room", encode_question("needed_by"): "2026-12-11"})
    assert await marcus.submit() is None
    await marcus.until(lambda: "Proposed as D-6." in words(marcus.modal))
    await marcus.close()
    await live.settle()
    issue, decision = marcus.sees("lb-steering")[-2:]
    assert "Decision D-6 proposed, needed by Fri Dec 11" in words(issue)
    assert "*Because of:* No room for the evening cohort (I-4)" in words(decision)
    await marcus.press(issue, "Resolve")
    await opened(marcus, "Resolve an issue")
    await marcus.fill({NOTE: "The college has a room."})
    assert await marcus.submit() is None
    await marcus.until(lambda: "· resolved: The college has a room." in words(marcus.modal))
    await live.settle()
    assert "Resolved Nov 23: The college has a room." in words(marcus.sees("lb-steering")[-2])
    record = await live.services.coalitions.record(operator(live.bot.coalition_id))
    issue_value = next(one for one in record.issues if one.id == "I-4")
    assert (issue_value.status, str(issue_value.escalated), str(issue_value.resolved)) == (
        "resolved",
        "2026-11-23",
        "2026-11-23",
    )
    await yolanda.press(await read(yolanda, "I-4"), "History")
    await opened(yolanda, "History")
    lines = [line for line in words(yolanda.modal).split("\n") if "Nov 23, " not in line]
    assert lines == [
        "*Issue I-4: No room for the evening cohort*",
        "• Status: escalated → resolved",
        "• Resolved: none → Nov 23",
        "• Note: none → The college has a room.",
        "• Status: open → escalated",
        "• Escalated to: none → Steering Committee",
        "• Escalated: none → Nov 23",
        "• Raised, looked after by Yolanda Briggs",
    ]
    authors = [line.partition(" · ")[2] for line in words(yolanda.modal).split("\n") if "Nov 23, " in line]
    assert authors == ["Marcus Teal, in Slack", "Yolanda Briggs, in Slack", "Yolanda Briggs, in Slack"]


async def test_the_post_of_an_issue_says_what_its_decision_came_to(live: Stage) -> None:
    yolanda, marcus = live.person("yolanda"), live.person("marcus")
    await yolanda.press(await read(yolanda, f"issue {ADD}"), "Raise")
    await yolanda.until(lambda: "Raised as I-4." in words(yolanda.dm()[-1]))
    await yolanda.press(await read(yolanda, "issue escalate I-4 to steering"), "Escalate")
    await yolanda.until(lambda: "(I-4) · with the Steering Committee" in words(yolanda.dm()[-1]))
    await live.settle()
    await marcus.press(post(live), "Propose a decision")
    await opened(marcus, "Propose a decision")
    await marcus.fill({TITLE: "Rent a room", encode_question("needed_by"): "2026-12-11"})
    assert await marcus.submit() is None
    await marcus.until(lambda: "Proposed as D-6." in words(marcus.modal))
    await live.settle()
    omar = await live.actor("omar")
    await live.services.decisions.record(omar, "D-6", "Agree", note="from the meeting of Nov 23")
    await live.settle()
    [issue] = [one for one in marcus.sees("lb-steering") if words(one).startswith("*Issue for")]
    assert "Decision D-6 decided on Nov 23" in words(issue)


async def test_forms_and_buttons(live: Stage) -> None:
    grant, omar = live.person("grant"), live.person("omar")
    await grant.command("/issue", "add")
    await opened(grant, "Raise an issue")
    await grant.fill({TITLE: "Parking at the bank is short"})
    assert await grant.submit() is None
    await grant.until(lambda: "Raised as I-4." in words(grant.modal))
    await omar.command("/issue", "escalate I-4")
    await opened(omar, "Escalate an issue")
    await omar.fill({GROUP: "Backbone Team"})
    assert await omar.submit() is None
    await omar.until(lambda: "· with the Backbone Team" in words(omar.modal))
    await omar.close()
    await typed(omar, "parking", "/issue")  # a title before a slip for “park”
    await omar.press(omar.ephemerals[-1], "Park")
    await opened(omar, "Park an issue")
    await omar.fill({NOTE: "Until the term sheet is there."})
    assert await omar.submit() is None
    await omar.until(lambda: "· parked: Until the term sheet is there." in words(omar.modal))
    await omar.close()
    old = omar.ephemerals[-1]
    await typed(omar, "I-4", "/issue")
    await omar.press(omar.ephemerals[-1], "Reopen")
    await answered(omar, "· open again")
    await omar.press(old, "Escalate")
    await opened(omar, "Escalate an issue")
