"""What messages and forms in Slack carry that were made by any version until now: this text, that value.

Nothing here is ever changed or taken out: messages stay in channels for good. A shape that changes gets rows with its
new version beside the old ones. Version 0 was written before versions were.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.domain.actions import ListQuery
from bot.domain.checkins import NextKey, SetAbout
from bot.domain.decisions import DecisionQuery
from bot.domain.digests import ForwardKey, Query
from bot.domain.histories import AuditQuery
from bot.domain.issues import IssueQuery
from bot.domain.meetings import MeetingRef
from bot.slack.metadata import (
    AccountLink,
    ActionOpened,
    ActionUndo,
    AnswerOpened,
    Ballot,
    CheckinOpened,
    CopiesWanted,
    DatesOpened,
    DecisionDayOpened,
    EscalationKey,
    IssueCloseOpened,
    ItemPage,
    KindWanted,
    LetterOpened,
    ListPages,
    Marked,
    MeetingChangeOpened,
    MeetingOpened,
    MeetingPage,
    MoneyKey,
    NewActionOpened,
    NewDecisionOpened,
    OccurrenceOpened,
    OptionKey,
    OutcomeKey,
    OutcomeOpened,
    OwnPartKey,
    OwnPartOpened,
    PackKey,
    QuestionOpened,
    RoundKey,
)

REF = MeetingRef("steering-monthly", datetime.fromisoformat("2026-12-01T09:30"))
NINE = datetime.fromisoformat("2026-12-01T09:00")
NEXT = datetime.fromisoformat("2026-12-02T09:30")
TOLD = MeetingChangeOpened(REF, NINE, NEXT)
MARKS = {"goal": "4755bd1b"}
LINK = "https://harrow.slack.com/archives/C01/p1700000000000100"

# By type and version.
EARLIER: Mapping[type, Mapping[int, Mapping[str, Any]]] = {
    int: {
        0: {
            "7": 7,
        },
    },
    str: {
        0: {
            "A-101": "A-101",
            "talent-pathways": "talent-pathways",
        },
    },
    MeetingRef: {
        0: {
            "steering-monthly|2026-12-01T09:30": REF,
        },
    },
    ListPages: {
        0: {
            '{"people":2}': ListPages({"people": 2}),
            "{}": ListPages(),
            "": ListPages(),
        },
        1: {
            '{"v":1,"at":{"people":2}}': ListPages({"people": 2}),
            '{"v":1,"at":{}}': ListPages(),
        },
    },
    ItemPage: {
        0: {
            '{"id":"A-101","page":2}': ItemPage("A-101", 2),
            "A-101": ItemPage("A-101"),
        },
        1: {
            '{"v":1,"id":"A-101","page":2}': ItemPage("A-101", 2),
            '{"v":1,"id":"A-101","page":0}': ItemPage("A-101"),
        },
    },
    Marked: {
        0: {
            '{"id":"tom","marks":{"goal":"4755bd1b"}}': Marked("tom", MARKS),
            '{"id":null,"marks":{"goal":"4755bd1b"}}': Marked(None, MARKS),
            '{"metric":"fa-seats","marks":{"goal":"4755bd1b"}}': Marked("fa-seats", MARKS),
            '{"metric":null,"marks":{}}': Marked(),
            '{"priority":"talent","outcome":null,"marks":{"goal":"4755bd1b"}}': Marked("talent", MARKS),
            '{"priority":null,"outcome":null,"marks":{}}': Marked(),
            '{"source":"F-1","marks":{"goal":"4755bd1b"}}': Marked("F-1", MARKS),
            '{"source":null,"marks":{}}': Marked(),
        },
        1: {
            '{"v":1,"id":"tom","marks":{"goal":"4755bd1b"}}': Marked("tom", MARKS),
            '{"v":1,"marks":{"goal":"4755bd1b"}}': Marked(None, MARKS),
            '{"v":1,"id":"fa-seats","marks":{"goal":"4755bd1b"}}': Marked("fa-seats", MARKS),
            '{"v":1,"marks":{}}': Marked(),
            '{"v":1,"id":"talent","marks":{"goal":"4755bd1b"}}': Marked("talent", MARKS),
            '{"v":1,"id":"F-1","marks":{"goal":"4755bd1b"}}': Marked("F-1", MARKS),
        },
    },
    AuditQuery: {
        0: {
            "[null,null,null,null,1]": AuditQuery(page=1),
            '["members",3,null,"2026-11-03",2]': AuditQuery(table="members", row=3, since=date(2026, 11, 3), page=2),
            "[null,null,4,null,0]": AuditQuery(member=4),
        },
        1: {
            '{"v":1,"page":1}': AuditQuery(page=1),
            '{"v":1,"table":"members","row":3,"since":"2026-11-03","page":2}': AuditQuery(
                table="members", row=3, since=date(2026, 11, 3), page=2
            ),
            '{"v":1,"member":4,"page":0}': AuditQuery(member=4),
        },
    },
    ListQuery: {
        0: {
            '{"list":"priority","id":"talent","page":2}': ListQuery(kind="priority", id="talent", page=2),
            '{"list":"mine","id":"","page":0}': ListQuery(),
        },
        1: {
            '{"v":1,"kind":"priority","id":"talent","page":2}': ListQuery(kind="priority", id="talent", page=2),
            '{"v":1,"kind":"mine","id":"","page":0}': ListQuery(),
        },
    },
    NewActionOpened: {
        0: {
            "t0k3n": NewActionOpened("t0k3n"),
            f'{{"token":"t0k3n","link":"{LINK}"}}': NewActionOpened("t0k3n", LINK),
        },
        1: {
            '{"v":1,"token":"t0k3n"}': NewActionOpened("t0k3n"),
            '{"v":1,"token":"t0k3n","link":"https://harrow.slack.com/archives/C01/p1700000000000100"}': NewActionOpened(
                "t0k3n", LINK
            ),
        },
    },
    ActionUndo: {
        0: {
            '{"action":"A-1","change":7}': ActionUndo("A-1", 7),
        },
        1: {
            '{"v":1,"action":"A-1","change":7}': ActionUndo("A-1", 7),
        },
    },
    ActionOpened: {
        0: {
            '{"action":"A-1","what":"move","marks":{"goal":"4755bd1b"}}': ActionOpened("A-1", "move", MARKS),
            '{"action":"A-1","what":"move"}': ActionOpened("A-1", "move"),
        },
        1: {
            '{"v":1,"action":"A-1","what":"move","marks":{"goal":"4755bd1b"}}': ActionOpened("A-1", "move", MARKS),
            '{"v":1,"action":"A-1","what":"move","marks":{}}': ActionOpened("A-1", "move"),
        },
    },
    NextKey: {
        0: {
            '{"cadence":"weekly","priority":"talent","slot":"2026-12-01T09:00:00"}': NextKey("weekly", "talent", NINE),
        },
        1: {
            '{"v":1,"cadence":"weekly","priority":"talent","slot":"2026-12-01T09:00:00"}': NextKey(
                "weekly", "talent", NINE
            ),
        },
    },
    AnswerOpened: {
        0: {
            '{"subject":7}': AnswerOpened(7),
            '{"subject":7,"answer":""}': AnswerOpened(7, ""),
            '{"subject":7,"answer":"4755bd1b"}': AnswerOpened(7, "4755bd1b"),
        },
        1: {
            '{"v":1,"subject":7}': AnswerOpened(7),
            '{"v":1,"subject":7,"answer":""}': AnswerOpened(7, ""),
            '{"v":1,"subject":7,"answer":"4755bd1b"}': AnswerOpened(7, "4755bd1b"),
        },
    },
    RoundKey: {
        0: {
            '{"cadence":"weekly","slot":"2026-12-01T09:00:00"}': RoundKey("weekly", NINE),
        },
        1: {
            '{"v":1,"cadence":"weekly","slot":"2026-12-01T09:00:00"}': RoundKey("weekly", NINE),
        },
    },
    DatesOpened: {
        0: {
            '{"cadence":"weekly","seen":{"2026-12-01T09:00":"2026-12-02T09:30"}}': DatesOpened("weekly", {NINE: NEXT}),
            '{"cadence":"weekly"}': DatesOpened("weekly"),
        },
        1: {
            '{"v":1,"cadence":"weekly","seen":{"2026-12-01T09:00:00":"2026-12-02T09:30:00"}}': DatesOpened(
                "weekly", {NINE: NEXT}
            ),
            '{"v":1,"cadence":"weekly","seen":{}}': DatesOpened("weekly"),
        },
    },
    CheckinOpened: {
        0: {
            '{"cadence":null}': CheckinOpened(),
            '{"cadence":"weekly"}': CheckinOpened("weekly"),
            '{"cadence":"weekly","seen":"4755bd1b"}': CheckinOpened("weekly", "4755bd1b"),
            '{"cadence":null,"seen":"4755bd1b"}': CheckinOpened(None, "4755bd1b"),
        },
        1: {
            '{"v":1,"seen":""}': CheckinOpened(),
            '{"v":1,"cadence":"weekly","seen":""}': CheckinOpened("weekly"),
            '{"v":1,"cadence":"weekly","seen":"4755bd1b"}': CheckinOpened("weekly", "4755bd1b"),
            '{"v":1,"seen":"4755bd1b"}': CheckinOpened(None, "4755bd1b"),
        },
    },
    OptionKey: {
        0: {
            '{"decision":"D-2","option":3}': OptionKey("D-2", 3),
        },
        1: {
            '{"v":1,"decision":"D-2","option":3}': OptionKey("D-2", 3),
        },
    },
    Ballot: {
        0: {
            '{"decision":"D-2","voice":"harrow"}': Ballot("D-2", "harrow"),
            "D-2": Ballot("D-2"),
        },
        1: {
            '{"v":1,"decision":"D-2","voice":"harrow"}': Ballot("D-2", "harrow"),
            '{"v":1,"decision":"D-2"}': Ballot("D-2"),
        },
    },
    DecisionDayOpened: {
        0: {
            '{"decision":"D-2","seen":null}': DecisionDayOpened("D-2"),
            '{"decision":"D-2","seen":"2026-12-01"}': DecisionDayOpened("D-2", date(2026, 12, 1)),
        },
        1: {
            '{"v":1,"decision":"D-2"}': DecisionDayOpened("D-2"),
            '{"v":1,"decision":"D-2","seen":"2026-12-01"}': DecisionDayOpened("D-2", date(2026, 12, 1)),
        },
    },
    DecisionQuery: {
        0: {
            '{"list":"log","id":"","page":0}': DecisionQuery(kind="log"),
        },
        1: {
            '{"v":1,"kind":"log","id":"","page":0}': DecisionQuery(kind="log"),
        },
    },
    IssueQuery: {
        0: {
            '{"list":"group","id":"steering","page":1}': IssueQuery(kind="group", id="steering", page=1),
        },
        1: {
            '{"v":1,"kind":"group","id":"steering","page":1}': IssueQuery(kind="group", id="steering", page=1),
        },
    },
    NewDecisionOpened: {
        0: {
            '{"token":"t0k3n"}': NewDecisionOpened("t0k3n"),
            '{"token":"t0k3n","issue":"I-2"}': NewDecisionOpened("t0k3n", "I-2"),
        },
        1: {
            '{"v":1,"token":"t0k3n"}': NewDecisionOpened("t0k3n"),
            '{"v":1,"token":"t0k3n","issue":"I-2"}': NewDecisionOpened("t0k3n", "I-2"),
        },
    },
    EscalationKey: {
        0: {
            '{"issue":"I-2","group":"steering"}': EscalationKey("I-2", "steering"),
        },
        1: {
            '{"v":1,"issue":"I-2","group":"steering"}': EscalationKey("I-2", "steering"),
        },
    },
    IssueCloseOpened: {
        0: {
            '{"issue":"I-2","what":"resolve"}': IssueCloseOpened("I-2", "resolve"),
            '{"issue":"I-2","what":"park"}': IssueCloseOpened("I-2", "park"),
        },
        1: {
            '{"v":1,"issue":"I-2","what":"resolve"}': IssueCloseOpened("I-2", "resolve"),
            '{"v":1,"issue":"I-2","what":"park"}': IssueCloseOpened("I-2", "park"),
        },
    },
    Query: {
        0: {
            "now|0|": Query(),
            "12|3|roll_up:": Query(12, "roll_up:", 3),
            "12|3|priority:a|b": Query(12, "priority:a|b", 3),
        },
        1: {
            '{"v":1,"edition":"","page":0}': Query(),
            '{"v":1,"digest":12,"edition":"roll_up:","page":3}': Query(12, "roll_up:", 3),
            '{"v":1,"digest":12,"edition":"priority:a|b","page":3}': Query(12, "priority:a|b", 3),
        },
    },
    ForwardKey: {
        0: {
            "lorna": ForwardKey(0, "lorna", ""),
        },
        1: {
            '{"v":1,"digest":12,"member":"lorna","edition":"roll_up:"}': ForwardKey(12, "lorna", "roll_up:"),
        },
    },
    CopiesWanted: {
        0: {
            "yes|roll_up:": CopiesWanted("roll_up:", True),
            "no|priority:talent": CopiesWanted("priority:talent", False),
        },
        1: {
            '{"v":1,"edition":"roll_up:","wanted":true}': CopiesWanted("roll_up:", True),
            '{"v":1,"edition":"priority:talent","wanted":false}': CopiesWanted("priority:talent", False),
        },
    },
    OwnPartKey: {
        0: {
            "2026-11-23|talent": OwnPartKey(date(2026, 11, 23), "talent"),
            "2026-11-23|talent|pathways": OwnPartKey(date(2026, 11, 23), "talent|pathways"),
        },
        1: {
            '{"v":1,"week":"2026-11-23","priority":"talent"}': OwnPartKey(date(2026, 11, 23), "talent"),
            '{"v":1,"week":"2026-11-23","priority":"talent|pathways"}': OwnPartKey(
                date(2026, 11, 23), "talent|pathways"
            ),
        },
    },
    OwnPartOpened: {
        0: {
            '{"id":"2026-11-23|talent","marks":{"goal":"4755bd1b"}}': OwnPartOpened(
                date(2026, 11, 23), "talent", MARKS
            ),
        },
        1: {
            '{"v":1,"week":"2026-11-23","priority":"talent","marks":{"goal":"4755bd1b"}}': OwnPartOpened(
                date(2026, 11, 23), "talent", MARKS
            ),
        },
    },
    MeetingPage: {
        0: {
            '{"list":"all","page":2}': MeetingPage("all", 2),
        },
        1: {
            '{"v":1,"scope":"all","page":2}': MeetingPage("all", 2),
        },
    },
    PackKey: {
        0: {
            '{"ref":"steering-monthly|2026-12-01T09:30","page":3}': PackKey(REF, 3),
        },
        1: {
            '{"v":1,"ref":"steering-monthly|2026-12-01T09:30","page":3}': PackKey(REF, 3),
        },
    },
    OccurrenceOpened: {
        0: {
            '{"token":"t0k3n","ref":"steering-monthly|2026-12-01T09:30","version":0}': OccurrenceOpened("t0k3n", REF),
            '{"token":"","ref":"steering-monthly|2026-12-01T09:30","version":3}': OccurrenceOpened("", REF, 3),
        },
        1: {
            '{"v":1,"token":"t0k3n","ref":"steering-monthly|2026-12-01T09:30","version":0}': OccurrenceOpened(
                "t0k3n", REF
            ),
            '{"v":1,"token":"","ref":"steering-monthly|2026-12-01T09:30","version":3}': OccurrenceOpened("", REF, 3),
        },
    },
    MeetingOpened: {
        0: {
            '{"token":"t0k3n","meeting":null,"seen":""}': MeetingOpened("t0k3n"),
            '{"token":"t0k3n","meeting":"steering-monthly","seen":"4755bd1b"}': MeetingOpened(
                "t0k3n", "steering-monthly", "4755bd1b"
            ),
        },
        1: {
            '{"v":1,"token":"t0k3n","seen":""}': MeetingOpened("t0k3n"),
            '{"v":1,"token":"t0k3n","meeting":"steering-monthly","seen":"4755bd1b"}': MeetingOpened(
                "t0k3n", "steering-monthly", "4755bd1b"
            ),
        },
    },
    MeetingChangeOpened: {
        0: {
            '{"ref":"steering-monthly|2026-12-01T09:30","seen":"2026-12-01T09:00"}': MeetingChangeOpened(REF, NINE),
            '{"ref":null,"seen":null}': MeetingChangeOpened(),
            '{"ref":"steering-monthly|2026-12-01T09:30","seen":"2026-12-01T09:00","told":"2026-12-02T09:30"}': TOLD,
        },
        1: {
            '{"v":1,"ref":"steering-monthly|2026-12-01T09:30","seen":"2026-12-01T09:00:00"}': MeetingChangeOpened(
                REF, NINE
            ),
            '{"v":1}': MeetingChangeOpened(),
            '{"v":1,"ref":"steering-monthly|2026-12-01T09:30","seen":"2026-12-01T09:00:00",'
            '"told":"2026-12-02T09:30:00"}': TOLD,
        },
    },
    OutcomeKey: {
        0: {
            '{"priority":"talent","outcome":"tp-1"}': OutcomeKey("talent", "tp-1"),
        },
        1: {
            '{"v":1,"priority":"talent","outcome":"tp-1"}': OutcomeKey("talent", "tp-1"),
        },
    },
    OutcomeOpened: {
        0: {
            '{"priority":"talent","outcome":"tp-1","marks":{"goal":"4755bd1b"}}': OutcomeOpened(
                "talent", "tp-1", MARKS
            ),
            '{"priority":"talent","outcome":null,"marks":{}}': OutcomeOpened("talent"),
        },
        1: {
            '{"v":1,"priority":"talent","outcome":"tp-1","marks":{"goal":"4755bd1b"}}': OutcomeOpened(
                "talent", "tp-1", MARKS
            ),
            '{"v":1,"priority":"talent","marks":{}}': OutcomeOpened("talent"),
        },
    },
    MoneyKey: {
        0: {
            "source:F-1": MoneyKey("source", "F-1"),
            "coalition:": MoneyKey("coalition", ""),
        },
        1: {
            '{"v":1,"kind":"source","key":"F-1"}': MoneyKey("source", "F-1"),
            '{"v":1,"kind":"coalition","key":""}': MoneyKey("coalition", ""),
        },
    },
    KindWanted: {
        0: {
            '{"kind":"actions","wanted":true}': KindWanted("actions", True),
        },
        1: {
            '{"v":1,"kind":"actions","wanted":false}': KindWanted("actions", False),
        },
    },
    AccountLink: {
        0: {
            "tom|U0TOM": AccountLink("tom", "U0TOM"),
        },
        1: {
            '{"v":1,"member":"tom","account":"U0TOM"}': AccountLink("tom", "U0TOM"),
        },
    },
    LetterOpened: {
        0: {
            "tom": LetterOpened("tom"),
            "note 7": LetterOpened(note=7),
        },
        1: {
            '{"v":1,"receiver":"tom"}': LetterOpened("tom"),
            '{"v":1,"note":7}': LetterOpened(note=7),
        },
    },
    SetAbout: {
        0: {'{"key":"weekly","copied":false,"seen":"9f"}': SetAbout("weekly", seen="9f")},
        1: {
            '{"v":1,"copied":false,"seen":""}': SetAbout(),
            '{"v":1,"key":"weekly","copied":true,"seen":""}': SetAbout("weekly", copied=True),
            '{"v":1,"key":"weekly","copied":false,"seen":"9f"}': SetAbout("weekly", seen="9f"),
        },
    },
    QuestionOpened: {
        0: {
            '{"key":"weekly","copied":false,"seen":"9f","question":"moved"}': QuestionOpened(
                "weekly", seen="9f", question="moved"
            )
        },
        1: {
            '{"v":1,"copied":false,"seen":""}': QuestionOpened(),
            '{"v":1,"key":"weekly","copied":false,"seen":"9f","question":"moved"}': QuestionOpened(
                "weekly", seen="9f", question="moved"
            ),
        },
    },
}
