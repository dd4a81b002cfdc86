"""What is typed of funding. Ben gives the Next Rung grant; Luis sees what goes to child care."""

from __future__ import annotations

from tests.handlers.commands.rows import By, fails, other, works, writes, writes_wrong

NEAR = "I don't know the source or priority “nxt rung”. Did you mean Next Rung outcomes grant?"
UNKNOWN = "I don't know the source or priority “qqqq”.\nShow all sources"
ENTERED_BY = "Funding is added, updated and allocated by the coordinators. Dana Whitlock can help."
READERS = (
    "This funding is read by the coordinators and steering, by the owners of its priorities and by its own funder."
)
WHICH = "Which source? Type its name too: “funding {} NAME”. “funding list” shows them all."

ROWS = (
    works("", "omar", "", "*Funding*", "$5,750,000 secured of $5,600,000 through Dec 31, 2028"),
    works(
        "", "omar", "next rung", "*Next Rung outcomes grant*", "$1,500,000, awarded, Sep 1 to Aug 31, 2029", "Allocate"
    ),
    works("", "omar", "talent", "*Talent pathways*", "Match: $710,000 of $960,000"),
    fails("", "omar", "nxt rung", NEAR),
    fails("", "omar", "qqqq", UNKNOWN),
    fails("", "luis", "talent", READERS),
    fails("", "omar", "updat next rung", "I don't know “updat next rung”. Did you mean *funding update next rung*?"),
    writes("", "ben", "funding", "*Your grants*", "awarded · $1,500,000 · until Aug 31, 2029"),
    writes_wrong("", "ben", "funding talent", READERS),
    other("", "omar", By.BACKBEAT, "funding next rung", "*Next Rung outcomes grant*"),
    other("", "omar", By.PREFIX, "next rung", "*Next Rung outcomes grant*"),
    works("list", "omar", "list", "*9 sources*"),
    works("list", "luis", "list", "*3 sources*"),
    fails("list", "omar", "list talent", "I don't know “list talent”. Did you mean */funding list*?"),
    fails("list", "omar", "lst", "I don't know “lst”. Did you mean *funding list*?"),
    fails("list", "omar", "lists", "I don't know “lists”. Did you mean *funding list*?"),
    writes("list", "ben", "funding list", "*1 source*"),
    works("add", "omar", "add", "[New source]\n", "Capital type"),
    fails("add", "imani", "add", f"[Backbeat]\n{ENTERED_BY}"),
    fails("add", "omar", "add Big grant", "I don't know “add Big grant”. Did you mean */funding add*?"),
    fails("add", "omar", "addd", "I don't know “addd”. Did you mean *funding add*?"),
    writes_wrong("add", "ben", "funding add", "Funding is entered by the coordinators. Dana Whitlock can help."),
    works("update", "omar", "update next rung", "[Update source]\n", "Next Rung Fund"),
    fails("update", "omar", "update", WHICH.format("update")),
    fails("update", "omar", "update nxt rung", f"[Backbeat]\n{NEAR}"),
    fails("update", "omar", "update qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("update", "luis", "update next rung", f"[Backbeat]\n{ENTERED_BY}"),
    writes("update", "ben", "funding update next rung", "One press opens it."),
    works("allocate", "omar", "allocate next rung", "[Allocate]\n", "To Talent pathways"),
    fails("allocate", "omar", "allocate", WHICH.format("allocate")),
    fails("allocate", "omar", "allocate nxt rung", f"[Backbeat]\n{NEAR}"),
    fails("allocate", "omar", "allocate qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("allocate", "luis", "allocate next rung", f"[Backbeat]\n{ENTERED_BY}"),
    writes_wrong(
        "allocate", "ben", "funding allocate next rung", "Funding is entered by the coordinators. Dana Whitlock can"
    ),
    works("history", "omar", "history next rung", "*Next Rung outcomes grant*", "• Talent pathways: none → $900,000"),
    fails("history", "omar", "history", WHICH.format("history")),
    fails("history", "omar", "history nxt rung", NEAR),
    fails("history", "omar", "history qqqq", UNKNOWN),
    fails("history", "luis", "history next rung", READERS),
    works("help", "luis", "help", "`/funding history NAME` who changed what of a source, and when"),
    fails("help", "omar", "hepl", "I don't know “hepl”. Did you mean *funding help*?"),
    fails("help", "omar", "help me", "I don't know “help me”. Did you mean */funding help*?"),
    fails("help", "omar", "helpp", "I don't know “helpp”. Did you mean *funding help*?"),
    writes("help", "ben", "funding help", "`funding update NAME` a source's status, amount, dates and report"),
    other("help", "omar", By.PREFIX, "help", "`/lb-funding allocate NAME`"),
)
