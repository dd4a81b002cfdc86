"""What is typed of actions. A-202 is Grant's, A-102 Yolanda's; Luis sees nothing of talent pathways."""

from __future__ import annotations

from tests.handlers.commands.rows import By, fails, other, works, writes, writes_wrong

UNKNOWN = "I don't know the action A-999. Type “my actions” to see yours."
READERS = "Actions of Talent pathways are read by its working group, steering and the coordinators. Yolanda Briggs or"

ROWS = (
    works(
        "",
        "grant",
        "",
        "*Your 2 open actions*",
        "*Draft the loan pool term sheet* (A-202)\nSupplier and small-firm growth · due Nov 12, 11 days",
    ),
    works("", "grant", "a202", "*Draft the loan pool term sheet* (A-202)", "*Shows that it's done:* Two-page draft"),
    works("", "grant", "loan pool", "*Draft the loan pool term sheet* (A-202)\nGrant Okafor (Bend Area Chamber)"),
    fails("", "grant", "A-999", UNKNOWN),
    fails("", "luis", "A-101", READERS),
    fails(
        "",
        "grant",
        "draft teh loan pol",
        "I don't know the action “draft teh loan pol”. Did you mean *Draft the loan pool term sheet*?",
        yes="*Draft the loan pool term sheet* (A-202)",
    ),
    fails("", "luis", "shared intake form", "I don't know “shared intake form”. Type an id, words of a title"),
    fails(
        "",
        "omar",
        "the",
        "Several actions fit “the”: A-102, “Send the shared intake form",
        "Type a little more, or the id.",
    ),
    writes("", "yolanda", "my actions", "*Your 1 open action*", "(A-102)"),
    writes("", "ben", "my actions", "You have no open actions."),
    writes("", "yolanda", "A-102", "*Send the shared intake form to legal at all three partners* (A-102)"),
    other("", "grant", By.BACKBEAT, "action A-202", "(A-202)"),
    other("", "grant", By.PREFIX, "A-202", "(A-202)"),
    works("add", "grant", "add", "[New action item]\n", "What will be done?"),
    works(
        "add",
        "grant",
        "add Call the bank @me by Dec 4 in supplier",
        "Fri Dec 4 · Supplier and small-firm growth",
        "Add",
    ),
    fails(
        "add", "omar", "add Call the bank @grant by Nov 31", "[New action item]\n", "November has 30 days. Try “Nov 30”"
    ),
    fails(
        "add",
        "omar",
        "Call the bank @grant by Fri",
        "Did you mean *action add Call the bank @grant by Fri*?",
        yes="Not added yet. Grant is asked first",
    ),
    works("add", "grant", "new Call the bank @me by Dec 4", "The whole coalition", "Add"),
    fails("add", "omar", "add Call the bank @grant by yesterday", "[New action item]\n", "That day has passed."),
    fails("add", "omar", "add Call the bank @nobody by Fri", "I don't know “@nobody”. Choose somebody from the list."),
    fails(
        "add", "omar", "ad Call the bank", "I don't know “ad Call the bank”. Did you mean *action add Call the bank*?"
    ),
    fails("add", "omar", "add Call the bank @grant by Nov 1", "Nov 1, 2027", "Not added yet. Grant is asked first"),
    works("add", "grant", "add Call the bank @me by Dec 4", "The whole coalition"),
    writes("add", "yolanda", "add Call the college by Fri", "Not added yet. I filled in you as the owner."),
    writes("add", "tom", "action add", "Type “add” and what will be done", "Add action"),
    writes_wrong("add", "ben", "add Call the bank by Fri", "not by funders and observers. Dana Whitlock can help."),
    works(
        "list",
        "omar",
        "list overdue",
        "*6 overdue actions in 5 organizations*",
        "1–5 of 6",
        "The inspector post is vacant",
    ),
    works("list", "luis", "list", "*Your 1 open action*"),
    works("list", "omar", "list overdue", "waits for Bend River Community College"),
    works("list", "omar", "list supplier", "4 open actions: Supplier and small-firm growth"),
    works("list", "omar", "list Kessler", "2 open actions: Kessler Drive Systems"),
    works("list", "omar", "list @marcus", "*2 open actions: Marcus Teal*"),
    fails("list", "omar", "list overdu", "Did you mean *overdue*?", yes="*6 overdue actions in 5 organizations*"),
    fails("list", "omar", "list suplier", "I don't know “suplier”. Did you mean *Supplier and small-firm growth*?"),
    fails(
        "list",
        "omar",
        "list @nobody",
        "I don't know “@nobody”. Type an id, words of a title, “mine”, “overdue”, a priority",
    ),
    fails("list", "luis", "list talent-pathways", READERS),
    fails("list", "omar", "lst overdue", "I don't know “lst overdue”. Did you mean *action list overdue*?"),
    fails("done", "grant", "done A-999", UNKNOWN),
    fails("done", "grant", "done qqqq", "I don't know the action “qqqq”. Type “my actions” to see yours."),
    fails("done", "grant", "done A-102", "a coordinator. Yolanda Briggs or Dana Whitlock can help."),
    fails(
        "done", "grant", "done collect sorcing", "Did you mean *Collect sourcing forecasts from four anchor buyers*?"
    ),
    fails("done", "omar", "done the", "Several actions fit “the”: A-102"),
    fails("done", "grant", "doen A-202", "I don't know “doen A-202”. Did you mean *action done A-202*?"),
    works("done", "grant", "done", "*Your 2 open actions*"),
    works("done", "grant", "done term sheet", "*Draft the loan pool term sheet* · done Mon Nov 23", "Undo"),
    fails("done", "grant", "done A-202", "*Draft the loan pool term sheet* · already done Mon Nov 23"),
    works("done", "luis", "done A-302", "*Sign up two more evening providers* · done Mon Nov 23"),
    writes_wrong("done", "yolanda", "doen A-102", "I don't know “doen A-102”. Did you mean *done A-102*?"),
    writes("done", "yolanda", "done A-102", "· done Mon Nov 23", "Undo"),
    works(
        "history",
        "grant",
        "history A-202",
        "*Action A-202: Draft the loan pool term sheet*",
        "Grant Okafor, in Slack\n• Status: in progress → done\n• Completed: none → Nov 23",
        "By import\n• Added for Grant Okafor, due Nov 12",
    ),
    works("history", "luis", "history evening providers", "*Action A-302: Sign up two more evening providers*"),
    fails("history", "grant", "history A-999", UNKNOWN),
    fails("history", "omar", "history the", "Several actions fit “the”: A-103", "Type a little more, or the id."),
    fails("history", "luis", "history A-101", READERS),
    fails("history", "luis", "history", "You have no open actions."),
    fails("history", "grant", "histroy A-202", "I don't know “histroy A-202”. Did you mean *action history A-202*?"),
    writes("history", "yolanda", "action history A-102", "Yolanda Briggs, in Slack\n• Status: ", "By import"),
    works("help", "grant", "help", "`/action list [mine | overdue | PRIORITY | @member | ORGANIZATION]`"),
    fails("help", "grant", "hepl", "I don't know “hepl”. Did you mean *action help*?"),
    fails("help", "grant", "help add", "I don't know “help add”. Did you mean */action help*?"),
    fails("help", "grant", "helpp", "Did you mean *action help*?"),
    writes("help", "ben", "action help", "`action done [A-101]` close one"),
    other("help", "grant", By.PREFIX, "help", "`/lb-action [A-101]`"),
)
