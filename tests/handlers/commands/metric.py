"""What is typed of figures. Seats are Luis's to keep, placements Yolanda's; Ben reads only the north star's."""

from __future__ import annotations

from tests.handlers.commands.rows import By, fails, other, works, writes, writes_wrong

NEAR = "I don't know the figure “seets”. Did you mean *Extended-hours child care seats open*?"
PLACED = "placed 48.5 as of Jun 30 provisional"
UNKNOWN = "I don't know the figure “qqqq”."
CHANGED_BY = (
    "Targets and definitions are changed by coordinators, and proposed by the priority's owner and the figure's"
)
WHICH = "Which figure? Type its name too: “metric {} NAME”. “metric list” shows them all."

ROWS = (
    works("", "luis", "", "*Your 2 figures*", "134 seats, off track (as of Sep 30)"),
    works("", "luis", "seats", "60 → *134 seats* → expected 193 → target 220 by Dec 31", "Update"),
    works("", "priya", "", "*Your 4 figures, 1 due*", "local living wage: no figure yet, first due Sep 27"),
    works("", "luis", "Extended-hours child care", "60 → *134 seats*"),
    fails("", "omar", "", "You look after none yourself. These are for you to read:", "figures to read"),
    fails("", "luis", "extended", "Several figures fit “extended”"),
    fails("", "luis", "seets", NEAR, yes="*134 seats*"),
    works("", "luis", "seats 150 as of Nov 15", "134 seats (Jul–Sep) → *150 seats* (Nov 15)", "Record"),
    writes("", "luis", "seats 150 as of Nov 15", "134 seats (Jul–Sep) → *150 seats* (Nov 15)", "Record"),
    fails("", "luis", "qqqq", UNKNOWN, "Show all"),
    fails("", "omar", "updat", "I don't know “updat”. Did you mean *metric update*?"),
    writes("", "yolanda", "placed", "*Completers placed in a good job within 90 days*", "New target"),
    writes("", "tom", "figures", "*Your "),
    other("", "luis", By.BACKBEAT, "metric seats", "*134 seats*"),
    other("", "luis", By.PREFIX, "seats", "*134 seats*"),
    works("list", "omar", "list", "*14 figures to read, 2 due*"),
    works("list", "luis", "list", "*8 figures to read*"),
    fails("list", "luis", "list seats", "I don't know “list seats”. Did you mean */metric list*?"),
    fails("list", "luis", "lst", "I don't know “lst”. Did you mean *metric list*?"),
    fails("list", "luis", "lits", "I don't know “lits”. Did you mean *metric list*?"),
    writes("list", "ben", "metric list", "*1 figure to read*", "Residents holding a good job"),
    works("update", "luis", "update", "[Update a figure]\n", "Latest value"),
    writes("update", "luis", "update a figure", "One press opens it."),
    writes("update", "luis", "Update a number", "One press opens it."),
    works("update", "luis", "update seats", "[Update a figure]\n", "Extended-hours child care seats open"),
    works("update", "luis", "update seats 150 as of Nov 15", "134 seats (Jul–Sep) → *150 seats* (Nov 15)", "Record"),
    works("update", "priya", f"update {PLACED}", "44% (Jul–Dec 2025) → *48.5%* (Jan–Jun, provisional)"),
    works("update", "priya", f"UPDATE {PLACED}", "Numbers would say at risk: 50.6% expected, target 65% by"),
    fails("update", "priya", "update placed 48,5", "Write it with a point before decimals"),
    fails("update", "priya", "update seats 140", "The next figure is for Dec 31, which is still ahead."),
    fails("update", "priya", "update placed 485 as of Jun 30", "That's outside what we've seen (41% to 44%)."),
    writes_wrong("update", "ben", f"update {PLACED}", "Figures of Talent pathways are recorded by its owner"),
    writes_wrong("", "ben", "seats", "Figures of Child care and commute access are read by those who work on it."),
    fails("update", "luis", "update seets 150 as of Nov 15", NEAR, yes="134 seats (Jul–Sep) → *150 seats* (Nov 15)"),
    fails("update", "luis", "update qqqq 150", UNKNOWN),
    fails("update", "luis", "update seats many", "“many” isn't a number. Try “seats 48.5 as of Jun 30”."),
    fails("update", "luis", "update seats 150 as of Nov 31", "November has 30 days. Try “Nov 30”."),
    fails("update", "luis", "update seats 134 as of Sep 30", "That is the figure there is for Sep 30, 134 seats."),
    fails("update", "luis", "update seats 150 as of Dec 31", "There is a figure for Dec 31, 2025: 72 seats, final."),
    fails("update", "grant", "update seats 150", "Figures of Child care and commute access are recorded by its owner"),
    writes("update", "yolanda", "update placed 48.5 as of Jun 30", "44% (Jul–Dec 2025) → *48.5%* (Jan–Jun)"),
    writes("update", "yolanda", "update", "One press opens it.", "Open"),
    writes_wrong("update", "ben", "update", "Figures are recorded by their stewards", "Dana Whitlock can help."),
    works("add", "omar", "add", "[New figure]\n", "Target, by"),
    fails("add", "luis", "add", "[Backbeat]\nFigures are set up by coordinators. Dana Whitlock can help."),
    fails("add", "omar", "add seats", "I don't know “add seats”. Did you mean */metric add*?"),
    fails("add", "omar", "addd", "I don't know “addd”. Did you mean *metric add*?"),
    writes_wrong(
        "add", "yolanda", "metric add", "Priorities and figures are set up by the coordinators. Dana Whitlock can help."
    ),
    works("edit", "omar", "edit seats", "[Edit figure]\n", "Read by everyone who reads this priority."),
    works("edit", "luis", "edit seats", "[Edit figure]\nWhat you change becomes a decision for steering"),
    fails("edit", "omar", "edit", WHICH.format("edit")),
    fails("edit", "omar", "audit", "I don't know “audit”. Did you mean */coalition audit*?"),
    fails("edit", "omar", "edit seets", f"[Backbeat]\n{NEAR}"),
    fails("edit", "omar", "edit qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("edit", "grant", "edit seats", f"[Backbeat]\n{CHANGED_BY}"),
    writes("edit", "yolanda", "metric edit placed", "One press opens it."),
    works("retarget", "omar", "retarget seats", "[New target]\n", "Now 220 by Dec 31. Baseline 60 as of Jun 30, 2025."),
    fails("retarget", "omar", "retarget", WHICH.format("retarget")),
    fails("retarget", "omar", "retarget seets", f"[Backbeat]\n{NEAR}"),
    fails(
        "retarget", "omar", "retarget seats 300", "I don't know the figure “seats 300”. Did you mean *Extended-hours"
    ),
    fails("retarget", "grant", "retarget seats", f"[Backbeat]\n{CHANGED_BY}"),
    writes("retarget", "yolanda", "metric retarget placed", "One press opens it."),
    works("series", "omar", "series seats", "[Where figures come from]\n", "Who publishes new figures?"),
    works("series", "luis", "series seats", "[Where figures come from]\n"),
    fails("series", "omar", "series", WHICH.format("series")),
    fails("series", "omar", "series seets", f"[Backbeat]\n{NEAR}"),
    fails("series", "omar", "series qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("series", "grant", "series seats", "[Backbeat]\nFigures of Child care and commute access are recorded by"),
    works("history", "luis", "history seats", "Figure for Jun 30 restated: 104 seats → 110 seats, final."),
    fails("history", "omar", "history", WHICH.format("history")),
    fails("history", "omar", "history seets", NEAR),
    fails("history", "omar", "history qqqq", UNKNOWN, "Show all"),
    writes("history", "yolanda", "metric history placed", "• Figure for Dec 31, 2025: 44%, final."),
    works("import", "omar", "import", "[Figures from a file]\n", "Nothing is recorded by looking."),
    works("import", "luis", "import", "[Figures from a file]\n"),
    writes_wrong(
        "import", "ben", "metric import", "Figures are recorded by their stewards, the priority's owner and the"
    ),
    fails("import", "omar", "import figures.csv", "I don't know “import figures.csv”. Did you mean */metric import*?"),
    fails("import", "omar", "imprt", "I don't know the figure “imprt”."),
    writes("import", "yolanda", "import figures", "One press opens it."),
    works("help", "luis", "help", "`/metric update [NAME VALUE as of DATE provisional note …]` record a figure"),
    fails("help", "omar", "hepl", "I don't know “hepl”. Did you mean *metric help*?"),
    fails("help", "omar", "help seats", "I don't know “help seats”. Did you mean */metric help*?"),
    fails("help", "omar", "helpp", "I don't know “helpp”. Did you mean *metric help*?"),
    writes("help", "ben", "metric help", "`metric list` every figure that you may read"),
    other("help", "luis", By.PREFIX, "help", "`/lb-metric [NAME]`"),
)
