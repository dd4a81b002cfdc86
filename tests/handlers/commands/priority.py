"""What is typed of priorities. Imani owns child care, Luis sits in its group, Yolanda owns talent pathways."""

from __future__ import annotations

from tests.handlers.commands.rows import By, fails, other, works, writes, writes_wrong

NEAR = "I don't know the priority “talant”. Did you mean Talent pathways?"
UNKNOWN = "I don't know the priority “qqqq”.\nShow all 4"
NOT_HIS = "Talent pathways is read by its working group, steering and the coordinators. Yolanda Briggs or Dana Whitlock"
WHICH = "Which priority? Type its name too: “priority {} NAME”. “priority list” shows them all."

ROWS = (
    works("", "imani", "", "*Your priority*", "🔴 *Child care and commute access*"),
    works("", "omar", "talent", "🟡 *Talent pathways* · *Owner says* at risk", "*Goal:* Double the yearly flow"),
    fails("", "omar", "talant", NEAR),
    fails("", "omar", "qqqq", UNKNOWN),
    works("", "luis", "talent", "🟡 *Talent pathways*", "This is what the digest says of it."),
    writes_wrong("", "ben", "priority talent", NOT_HIS),
    fails("", "omar", "edti talent", "I don't know “edti talent”. Did you mean *priority edit talent*?"),
    writes("", "yolanda", "priorities", "*Your 2 priorities*"),
    writes("", "ben", "priorities", "There are no priorities for you to read."),
    other("", "omar", By.BACKBEAT, "priority talent", "🟡 *Talent pathways*"),
    other("", "omar", By.PREFIX, "talent", "🟡 *Talent pathways*"),
    works("list", "omar", "list", "*4 priorities to read*"),
    works("list", "luis", "list", "*4 priorities to read*"),
    fails("list", "omar", "list talent", "I don't know “list talent”. Did you mean */priority list*?"),
    fails("list", "omar", "lst", "I don't know “lst”. Did you mean *priority list*?"),
    fails("list", "omar", "lists", "I don't know “lists”. Did you mean *priority list*?"),
    writes("list", "ben", "priority list", "There are no priorities for you to read."),
    works("plan", "omar", "plan", "The plan: Limestone Bend Good Jobs Compact", "Page 1 of 6", "$9,430,000 secured"),
    works("plan", "luis", "plan", "*Money:* $600,000 secured", "as far as you see it", "Page 1 of 3"),
    writes("plan", "ben", "plan", "*Money:* $1,500,000 secured", "Page 1 of 6"),
    fails("plan", "omar", "plan talent", "I don't know “plan talent”. Did you mean */priority plan*?"),
    fails("plan", "omar", "plann", "I don't know “plann”. Did you mean *priority plan*?"),
    fails("plan", "omar", "pln", "I don't know “pln”. Did you mean *priority plan*?"),
    writes("plan", "yolanda", "the plan", "Residents holding a good job", "Page 1 of 6"),
    other("plan", "omar", By.PREFIX, "plan", "Page 1 of 6"),
    works("add", "omar", "add", "[New priority]\n", "Goal"),
    fails("add", "imani", "add", "[Backbeat]\nPriorities are added by coordinators. Dana Whitlock can help."),
    fails("add", "omar", "add Transit", "I don't know “add Transit”. Did you mean */priority add*?"),
    fails("add", "omar", "addd", "I don't know “addd”. Did you mean *priority add*?"),
    writes_wrong(
        "add", "yolanda", "priority add", "Priorities and figures are set up by the coordinators. Dana Whitlock can"
    ),
    works("edit", "omar", "edit talent", "[Edit priority]\nRead by everyone who reads this priority."),
    works("edit", "imani", "edit access", "[Edit priority]\nWhat you change becomes a decision for steering"),
    fails("edit", "omar", "edit", WHICH.format("edit")),
    fails("edit", "omar", "edit talant", f"[Backbeat]\n{NEAR}"),
    fails("edit", "omar", "edit qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("edit", "imani", "edit talent", "Priorities are changed by coordinators and proposed by their owners."),
    writes("edit", "yolanda", "priority edit talent", "One press opens it."),
    works("outcome", "omar", "outcome talent", "[Outcomes]\n*Talent pathways*", "Employers co-write the curriculum"),
    works("outcome", "luis", "outcomes access", "What you change becomes a decision for steering", "54 days overdue"),
    fails("outcome", "omar", "outcome", WHICH.format("outcome")),
    fails("outcome", "omar", "outcome talant", f"[Backbeat]\n{NEAR}"),
    fails("outcome", "omar", "outcome qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("outcome", "luis", "outcome talent", f"[Backbeat]\n{NOT_HIS}"),
    writes("outcome", "yolanda", "priority outcome talent", "One press opens it."),
    works("history", "omar", "history talent", "*Talent pathways*", "• Update: at risk, confidence 5 of 10"),
    fails("history", "omar", "history", WHICH.format("history")),
    fails("history", "omar", "history talant", NEAR),
    fails("history", "omar", "history qqqq", UNKNOWN),
    fails("history", "luis", "history talent", NOT_HIS),
    works("canvases", "omar", "canvases", "*Canvases*", "none, since people of other workspaces are in #lb-talent."),
    fails("canvases", "grant", "canvases", "Held messages are looked after by the coordinators."),
    fails("canvases", "omar", "canvasses", "I don't know “canvasses”. Did you mean *priority canvases*?"),
    fails("canvases", "omar", "canvases talent", "I don't know “canvases talent”. Did you mean */priority canvases*?"),
    writes("canvases", "priya", "canvases", "*Canvases*"),
    works("help", "luis", "help", "`/priority outcome NAME` its outcomes: add, move, reached"),
    fails("help", "omar", "hepl", "I don't know “hepl”. Did you mean *priority help*?"),
    fails("help", "omar", "help me", "I don't know “help me”. Did you mean */priority help*?"),
    fails("help", "omar", "helpp", "I don't know “helpp”. Did you mean *priority help*?"),
    writes("help", "ben", "priority help", "`priority [NAME]` your priorities, or the one that you name"),
    other("help", "omar", By.PREFIX, "help", "`/lb-priority add`"),
)
