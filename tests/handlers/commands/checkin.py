"""What is typed of check-ins. The round is open; towards the end it is closed and opened again."""

from __future__ import annotations

from tests.handlers.commands.rows import By, fails, other, works, writes, writes_wrong

WEEKLY = "*Weekly priority check-in*"
NEAR = "I don't know the check-in “weakly”. Did you mean *Weekly priority check-in*?"
UNKNOWN = "I don't know the check-in “qqqq”. There are “Monday action nudge”, “Weekly priority check-in”, “Quarterly"
REFUSED = "Check-ins are run by the coordinators. Dana Whitlock can help."
CONFIGURES = "Setting up, pausing and roles are for the leads and admins. Dana Whitlock can help."
LEADS = f"[Backbeat]\n{CONFIGURES}"

ROWS = (
    works("", "grant", "", "Update: Supplier and small-firm growth, open", "Answer"),
    works(
        "", "grant", "weekly", f"{WEEKLY} · Tuesdays, 9:00 AM on each owner's clock", "Supplier and small-firm growth"
    ),
    works(
        "",
        "omar",
        "",
        "*3 check-ins*",
        "*Quarterly metric refresh*\nJanuary 20, April 20",
        "*Monday action nudge*",
        "Add",
    ),
    works("", "omar", "refresh", "*Quarterly metric refresh*", "Metric refresh, 4 minutes", "Preview"),
    fails("", "omar", "weakly", NEAR, yes=f"{WEEKLY} · Tuesdays, 9:00 AM"),
    fails("", "omar", "qqqq", UNKNOWN),
    fails("", "omar", "weekly now please", "I don't know the check-in “weekly now please”. There are “Monday"),
    fails("", "omar", "statsu", "I don't know “statsu”. Did you mean */checkin status*?"),
    writes("", "yolanda", "no change", "Update: Talent pathways, open", "Answer"),
    writes("", "yolanda", "answer", "Update: Talent pathways, open", "Answer"),
    writes_wrong("", "tom", "anwser", "I don't know “anwser”. Did you mean *answer*?"),
    writes("", "ben", "checkin", "Nothing waits for you."),
    other("", "grant", By.BACKBEAT, "checkin weekly", WEEKLY),
    other("", "grant", By.BACKBEAT, "answer", "Update: Supplier and small-firm growth"),
    other("", "grant", By.PREFIX, "weekly", WEEKLY),
    works(
        "status", "omar", "status weekly", "0 of 4 answered", "Grant Okafor", ", asked ", "Seen by coordinators only."
    ),
    fails("status", "omar", "status weakly", NEAR, yes="0 of 4 answered"),
    fails("status", "omar", "statu weekly", "I don't know “statu weekly”. Did you mean */checkin status weekly*?"),
    fails("status", "omar", "status qqqq", UNKNOWN),
    fails("status", "omar", "status refresh", "asks for figures. “metric list” shows which are due."),
    fails("nudge", "omar", "nudge monday", "lists people's own actions. “action list overdue” shows what is overdue."),
    fails("status", "grant", "status weekly", REFUSED),
    writes_wrong("status", "tom", "checkin status", REFUSED),
    works(
        "preview", "omar", "preview weekly", "Tue Dec 1 · Tue Dec 8 · Tue Dec 15", "Nothing is sent by this preview."
    ),
    works("preview", "omar", "preview refresh", "*Asked, where a figure is due then*\nPriya Raman", "Wed Jan 20, 2027"),
    works("preview", "omar", "preview monday", "*Who gets a list*\n", "Mon Nov 30 · Mon Dec 7 · Mon Dec 14"),
    fails("preview", "omar", "preview weakly", NEAR),
    fails("preview", "omar", "preview qqqq", UNKNOWN),
    fails("preview", "grant", "preview", REFUSED),
    works(
        "for", "omar", "for @grant", "*Grant Okafor*: an answer here is recorded as yours", "Supplier and small-firm"
    ),
    fails("for", "omar", "for", "For whom? Type a name behind it, such as “checkin for Grant”."),
    fails("for", "omar", "for grnat", "called “grnat”. Did you mean *Grant Okafor*?", yes="*Grant Okafor*: an answer"),
    fails("for", "omar", "for qqqq", "I don't know anybody called “qqqq”. Try a last name or an @mention."),
    fails("for", "grant", "for @tom", REFUSED),
    works("move", "omar", "move weekly", "[Move one]\n", "only the round that you choose moves", "Tue Dec 1, 9:00 AM"),
    fails("move", "omar", "move weakly", NEAR),
    fails("move", "omar", "move qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("move", "grant", "move weekly", f"[Backbeat]\n{REFUSED}"),
    writes("move", "omar", "checkin move weekly", "One press opens it.", "Open"),
    writes_wrong("move", "yolanda", "checkin move weekly", REFUSED),
    works("skip", "omar", "skip weekly", "[Skip one]\n", "nobody is asked then, and nothing counts as missing"),
    fails("skip", "omar", "skip weakly", NEAR),
    fails("skip", "omar", "skip qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("skip", "grant", "skip weekly", f"[Backbeat]\n{REFUSED}"),
    works(
        "add", "omar", "add", "[Check-in]\n", "Who is asked follows from what is asked.", "Metric refresh", "How often"
    ),
    fails("add", "omar", "add Weekly pulse", "I don't know “add Weekly pulse”. Did you mean */checkin add*?"),
    fails("add", "grant", "add", LEADS),
    fails("add", "priya", "ad", "I don't know “ad”. Did you mean */checkin add*?"),
    writes_wrong("add", "yolanda", "checkin add", CONFIGURES),
    works("edit", "omar", "edit weekly", "[Check-in]\n", "Asks each priority's owner.", "Weekly priority check-in"),
    works(
        "edit", "omar", "edit refresh", "Asks each steward for the figures that are due then.", "Closes after (hours)"
    ),
    works("edit", "omar", "edit monday", "[Check-in]\nLists everybody's own open actions."),
    fails("edit", "omar", "edit weakly", NEAR),
    fails("edit", "omar", "edit qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("edit", "priya", "edit weekly", LEADS),
    works("away", "grant", "away", "[Days away]\n", "Marcus Teal is asked instead.", "First day"),
    fails("away", "grant", "away sometime", "I can't read “sometime” as days. Try “away Dec 20 to Jan 3”"),
    fails("away", "grant", "away Nov 31", "November has 30 days. Try “Nov 30” or “Mon”."),
    fails("away", "grant", "away Jan 3 to Dec 20", "Dec 20 comes before Jan 3, 2027. Swap them"),
    works("away", "grant", "away Dec 20 to Jan 3", "*Noted: away Dec 20 to Jan 3, 2027.*", "Take back"),
    fails("away", "grant", "away Dec 24", "Already noted: away Dec 20 to Jan 3, 2027."),
    writes("away", "yolanda", "away Dec 20 to Jan 3", "*Noted: away Dec 20 to Jan 3, 2027.*", "Helen Sato is asked"),
    writes("away", "ben", "away", "No days away are noted. Type “away Dec 20 to Jan 3”, or press the button."),
    fails("back", "grant", "back", "No days away are noted for today, so nothing was changed."),
    fails("back", "grant", "back Dec 3", "I don't know “back Dec 3”. Did you mean */checkin back*?"),
    fails("back", "grant", "bak", "I don't know “bak”. Did you mean */checkin back*?"),
    works("away", "luis", "away today to Fri", "*Noted: away Mon Nov 23 to Fri Nov 27.*", "I'm back"),
    works("back", "luis", "back", "*Welcome back.* You're asked again from now on."),
    writes("back", "tom", "i'm back", "No days away are noted for today, so nothing was changed."),
    works(
        "nudge", "omar", "nudge weekly", "*Asked again:* Yolanda Briggs, Grant Okafor, Imani Rhodes and Tom Delacroix."
    ),
    fails("nudge", "dana", "remind weekly", "Omar Castellanos asked again about", "Ask once more?"),
    fails("nudge", "omar", "nudge weakly", NEAR),
    fails("nudge", "omar", "nudge qqqq", UNKNOWN),
    fails("nudge", "grant", "nudge weekly", REFUSED),
    works("pause", "omar", "pause weekly", "Not sent until somebody resumes it:", "Pause", press="Pause"),
    fails("pause", "omar", "pause weekly", "was paused Mon Nov 23, 9:00 AM Central"),
    fails("pause", "omar", "pause qqqq", UNKNOWN),
    fails("pause", "grant", "pause weekly", CONFIGURES),
    fails("nudge", "omar", "nudge weekly", "is paused, so nobody is asked. “checkin resume” lets it run again."),
    works("resume", "omar", "resume weekly", f"{WEEKLY} runs again. Its open round goes on:", "Preview"),
    fails("resume", "omar", "resume weekly", f"{WEEKLY} is already running. "),
    fails("resume", "omar", "resume weakly", NEAR),
    fails("resume", "grant", "resume weekly", CONFIGURES),
    fails("reopen", "omar", "reopen weekly", "[Backbeat]\nWeekly priority check-in is open until Tue Nov 24, 3:00 PM."),
    works("close", "omar", "close weekly", f"{WEEKLY} is closed. 0 of 4 answered. ", "Open again"),
    fails("close", "omar", "close weekly", f"{WEEKLY}: <!date", "the round has already closed, ", "0 of 4 answered."),
    fails("close", "omar", "close qqqq", UNKNOWN),
    fails("close", "grant", "close weekly", REFUSED),
    fails("nudge", "omar", "nudge", "the round closed Mon Nov 23, 9:00 AM. “checkin reopen” opens it once more."),
    works("reopen", "omar", "reopen weekly", "[Open again]\n", "Nobody is written to by this."),
    fails("reopen", "omar", "reopen weakly", NEAR),
    fails("reopen", "omar", "reopen qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("reopen", "grant", "reopen weekly", f"[Backbeat]\n{REFUSED}"),
    works("help", "omar", "help", "This works:", "`/checkin nudge [NAME]` ask those once more"),
    works("help", "grant", "help", "`/checkin away [FROM to TO]` say when you're away"),
    fails("help", "omar", "helpp", "I don't know “helpp”. Did you mean */checkin help*?"),
    fails("help", "omar", "help status", "I don't know “help status”. Did you mean */checkin help*?"),
    fails("help", "omar", "hlep", "I don't know “hlep”. Did you mean */checkin help*?"),
    writes("help", "yolanda", "checkin help", "`checkin away [FROM to TO]` say when you're away"),
    other("help", "grant", By.PREFIX, "help", "`/lb-checkin [NAME]`"),
)
