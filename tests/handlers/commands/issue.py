"""What is typed of issues. I-1 is with steering, I-2 is talent's and open, I-3 is resolved; Luis looks after I-1."""

from __future__ import annotations

from tests.handlers.commands.rows import By, fails, other, works, writes, writes_wrong

UNKNOWN = "I don't know the issue I-99. Type “issue list” to see them all."
NO_TITLE = "I don't know the issue “qqqq”. Type “issue list” to see them all."
NO_LIST = "I don't know “qqqq”. Type an id, words of a title, a state such as “parked”, a priority or a group."
PAY = "*Evening teaching pay is below the private market* (I-2)"
INSPECTOR = "*No county fire inspector until January* (I-1)"
CLOSED_BY = "I-2 is resolved or parked by its owner, the group that it went to, the priority's owner or a coordinator."

ROWS = (
    works("", "luis", "", "*Your 1 open issue*", INSPECTOR),
    works("", "omar", "I-2", PAY, "Raised by Helen Sato · looked after by Yolanda Briggs", "Escalate", "Park"),
    works("", "omar", "pay", PAY),
    fails("", "omar", "I-99", UNKNOWN),
    fails("", "omar", "qqqq", NO_LIST),
    fails("", "luis", "I-2", "Issues of Talent pathways are read by its working group, steering and the coordinators."),
    fails("", "omar", "rase", "I don't know “rase”. Did you mean *issue raise*?"),
    writes("", "yolanda", "my issues", "*Your 2 open issues*", PAY),
    other("", "omar", By.BACKBEAT, "issue I-2", PAY),
    other("", "omar", By.PREFIX, "I-2", PAY),
    works("add", "omar", "add", "[Raise an issue]\n", "What is in the way?"),
    works(
        "add",
        "luis",
        "add No inspector in talent: Two visits wait",
        "Talent pathways · looked after by Yolanda",
        "Raise",
    ),
    fails(
        "add",
        "omar",
        "add Bus late wg access, grant to fix",
        "“grant” and “wg access” stay in the title. If these are the owner and the priority, choose them.",
        "Not raised yet.",
    ),
    fails("add", "omar", "add No inspector in nowhere: Two visits", "*No inspector in nowhere*\nThe whole coalition"),
    fails(
        "add", "omar", "add No inspector", "The whole coalition · looked after by Omar Castellanos", "Not raised yet."
    ),
    fails(
        "add", "omar", "addd No inspector", "I don't know “addd No inspector”. Did you mean *issue add No inspector*?"
    ),
    writes("add", "yolanda", "issue add", "Type “issue add” and what is in the way", "Raise an issue"),
    writes_wrong("add", "ben", "issue add No inspector", "can help."),
    writes_wrong("escalate", "ben", "issue escalate I-2 to steering", "can help."),
    fails("escalate", "omar", "escalate I-99 to steering", UNKNOWN),
    fails(
        "escalate", "omar", "escalate I-2 to nobody", "I don't know the group “nobody”. There are Steering Committee"
    ),
    fails("escalate", "omar", "escalate", "You have no open issues."),
    works("escalate", "omar", "escalate I-2", "[Escalate an issue]\n", "To which group?"),
    works(
        "escalate",
        "omar",
        "escalate I-2 to steering",
        "(I-2)\nTo the Steering Committee",
        "Not escalated yet. It's posted in #lb-steering then",
        press="Escalate",
    ),
    fails("escalate", "omar", "escalate I-2 to steering", f"{PAY} · already with the Steering Committee"),
    writes("escalate", "yolanda", "issue escalate I-2", "Add the group, such as “issue escalate I-2 to steering”."),
    fails("resolve", "omar", "resolve I-99", f"[Backbeat]\n{UNKNOWN}"),
    fails("resolve", "omar", "resolve qqqq", NO_TITLE),
    fails("resolve", "luis", "resolve I-2 Done", CLOSED_BY),
    writes(
        "resolve", "yolanda", "issue resolve I-2", "Add one sentence, such as “issue resolve I-2 The county hired one”."
    ),
    works("resolve", "omar", "resolve I-2 Pay is raised", f"{PAY} · resolved: Pay is raised"),
    fails("resolve", "omar", "resolve I-2", "[Issue]\n", "Resolved Nov 23: Pay is raised", "Reopen"),
    fails(
        "escalate", "omar", "escalate I-2 to steering", "I-2 is resolved Mon Nov 23. Open it and press Reopen first."
    ),
    fails("park", "omar", "park I-99", f"[Backbeat]\n{UNKNOWN}"),
    fails("park", "omar", "park qqqq", NO_TITLE),
    fails("park", "omar", "park I-2", "[Issue]\n", "Resolved Nov 23: Pay is raised", "Reopen"),
    fails("park", "luis", "park I-2 Later", CLOSED_BY),
    works("park", "omar", "park I-1", "[Park an issue]\n", INSPECTOR),
    works("park", "omar", "park I-1 Until spring", f"{INSPECTOR} · parked: Until spring"),
    fails("park", "omar", "park I-1 Until May", f"{INSPECTOR} · already parked: Until spring"),
    fails("list", "luis", "list talent", "Issues of Talent pathways are read by its working group"),
    fails("list", "luis", "list resolved", "No resolved issue that you can see."),
    works("list", "omar", "list parked", "*1 issue parked*"),
    works("list", "omar", "list resolved", "*2 issues resolved*"),
    fails("list", "omar", "list", "No issue is open."),
    fails("list", "omar", "list talant", "I don't know “talant”. Did you mean *Talent Working Group*?"),
    fails("list", "omar", "list qqqq", NO_LIST),
    writes("list", "tom", "issue list parked", "*1 issue parked*"),
    works(
        "history",
        "omar",
        "history I-2",
        "*Issue I-2: Evening teaching pay is below the private market*",
        "Omar Castellanos, in Slack\n• Status: escalated → resolved\n",
        "• Note: none → Pay is raised",
        "• Escalated to: none → Steering Committee",
        "By import\n• Raised, looked after by Yolanda Briggs",
    ),
    works("history", "luis", "history fire inspector", "*Issue I-1: No county fire inspector until January*"),
    fails("history", "omar", "history I-99", UNKNOWN),
    fails("history", "omar", "history qqqq", NO_TITLE),
    fails("history", "luis", "history I-2", "Issues of Talent pathways are read by its working group, steering and"),
    fails("history", "omar", "history", "No issue is open."),
    writes("history", "yolanda", "issue history pay", "• Raised, looked after by Yolanda Briggs"),
    works("help", "luis", "help", "`/issue park I-1 [WHY]` set one aside"),
    fails("help", "omar", "hepl", "I don't know “hepl”. Did you mean *issue help*?"),
    fails("help", "omar", "help me", "I don't know “help me”. Did you mean */issue help*?"),
    fails("help", "omar", "helpp", "I don't know “helpp”. Did you mean *issue help*?"),
    writes("help", "yolanda", "issue help", "`issue resolve I-1 [HOW]` close one"),
    other("help", "omar", By.PREFIX, "help", "`/lb-issue escalate I-1 [to GROUP]`"),
)
