"""What is typed without a noun: the menu and help, after /backbeat and to the bot."""

from __future__ import annotations

from tests.handlers.commands.rows import By, Row, fails, writes


def _works(who: str, text: str, *sees: str) -> Row:
    return Row("", who, text, sees, is_golden=True, by=By.BACKBEAT)


MENU = (
    _works("omar", "menu", "Hi Omar. Nothing waits for you.", "Week ahead"),
    fails("", "omar", "mneu", "I don't know “mneu”. Did you mean */backbeat menu*?", by=By.BACKBEAT),
    fails("", "omar", "menu please", "I don't know “menu please”.", by=By.BACKBEAT),
    fails("", "grant", "action lst", "I don't know “lst”. Did you mean *action list*?", by=By.BACKBEAT),
    writes("", "yolanda", "menu", "Hi Yolanda. What would you like to do?\nAnswer check-in (1)"),
    writes(
        "",
        "ben",
        "Good morning, what is this about?",
        "Hi Ben. I'm not sure what to do with “Good morning, what is this about?”, so nothing has changed.",
        "Nothing waits for you.",
        "I'm away",
    ),
    writes("", "grant", "can somebody look at the lift", "what to do with “can somebody look at the lift”"),
    # What begins with an id is what it says.
    writes("", "helen", "A-101 done", "*Hire two evening instructors* · done Mon Nov 23", "Undo"),
    writes("", "helen", "mark a-101 as complete", "*Hire two evening instructors* · "),
    writes("", "helen", "A-101 is blocked: the dean is away", "Did you mean *A-101*?"),
    writes("", "helen", "A-101 looks fine to me I think", "Did you mean *A-101*?"),
    # Days away in other words are offered, not taken.
    writes("", "grant", "I'm out Wed through Sunday", "Did you mean *away Wed through Sunday*?"),
    writes("", "grant", "ooo dec 24 - jan 2", "Did you mean *away dec 24 - jan 2*?"),
    writes("", "grant", "vacation Dec 18-28", "Did you mean *away Dec 18-28*?"),
    writes("", "grant", "out of chairs in the hall", "I'm not sure what to do with “out of chairs in the hall”"),
    writes("", "yolanda", "stand in", "I don't know “stand in”. Did you mean *stand-in*?"),
    writes("", "tom", "mneu", "I don't know “mneu”. Did you mean *menu*?"),
)
HELP = (
    _works("omar", "help", "You can type these, or just write to me:", "`/checkin status [NAME]`"),
    _works("grant", "", "`/checkin [NAME]`", "`/metric update [NAME VALUE", "More"),
    _works("marcus", "help", "`/checkin [NAME]`", "`/action done [A-101]`"),
    writes("", "ben", "help", "`digest`", "`funding [NAME]`"),
    Row(
        "more",
        "omar",
        "help more",
        ("`/checkin help` status, nudge", "`/funding help`"),
        is_golden=True,
        by=By.BACKBEAT,
    ),
    fails("more", "omar", "mroe", "I don't know “mroe”. Did you mean */backbeat help more*?", by=By.BACKBEAT),
    fails("more", "omar", "help mor", "I don't know “help mor”. Did you mean *help more*?", by=By.BACKBEAT),
    fails("more", "grant", "more please", "`/action help` add, list, done, move, history", by=By.BACKBEAT),
    writes("more", "yolanda", "help more", "`checkin help` away, back"),
    fails("", "omar", "hlep", "I don't know “hlep”. Did you mean */backbeat help*?", by=By.BACKBEAT),
    fails("", "omar", "hepl", "I don't know “hepl”. Did you mean */backbeat help*?", by=By.BACKBEAT),
    writes("", "omar", "help me", "You can write these to me:", "`checkin status [NAME]`"),
    fails("", "grant", "qqqq", "I don't know “qqqq”. Type “/backbeat help” for what works.", by=By.BACKBEAT),
    writes("", "yolanda", "help", "You can write these to me:", "`action done [A-101]` close one"),
    writes("", "yolanda", "helpp", "I don't know “helpp”. Did you mean *help*?"),
)
