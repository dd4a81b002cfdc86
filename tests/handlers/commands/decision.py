"""What is typed of decisions. D-1 and D-2 wait for steering, D-4 was decided; Luis stands in for Imani there."""

from __future__ import annotations

from tests.handlers.commands.rows import By, fails, other, works, writes, writes_wrong

UNKNOWN = "I don't know the decision D-99. Type “decision log” to see them all."
NO_TITLE = "I don't know the decision “qqqq”. Type “decision log” to see them all."
NO_LIST = "I don't know “qqqq”. Type an id, words of a title, a state such as “decided”, a priority or a group."
SHUTTLES = "add Pay for two shuttles by {} in family-access for steering: Pay / Wait"

ROWS = (
    works("", "marcus", "", "*2 decisions wait for you*", "*D-1, by Fri Dec 4* · Steering Committee", "Answer"),
    works("", "omar", "D-1", "*Decision D-1: Pay for a contract fire inspector through January*", "Record"),
    works("", "omar", "fire", "*Decision D-1: Pay for a contract fire inspector through January*"),
    fails("", "omar", "D-99", UNKNOWN),
    fails("", "omar", "qqqq", NO_LIST),
    fails("", "omar", "prpose", "I don't know “prpose”. Did you mean *decision propose*?"),
    fails("", "omar", "", "No decision waits for you or your groups. Type “decision log” for those that were made."),
    writes("", "yolanda", "my decisions", "*2 decisions wait for you*"),
    writes("", "yolanda", "D-2", "*Decision D-2: Move $150,000 from spring marketing to instructor pay*", "Move it"),
    other("", "omar", By.BACKBEAT, "decision D-1", "*Decision D-1: "),
    other("", "omar", By.PREFIX, "D-1", "*Decision D-1: "),
    works("add", "omar", "add", "[Propose a decision]\n", "What is to be decided?", "Who decides?"),
    works(
        "add",
        "omar",
        SHUTTLES.format("Dec 11"),
        "Child care and commute access · decided by the Steering Committee",
        "Propose",
    ),
    fails(
        "add",
        "omar",
        SHUTTLES.format("Nov 31"),
        "[Propose a decision]\n",
        "November has 30 days. Try “Nov 30” or “Mon”.",
    ),
    fails("add", "omar", SHUTTLES.format("Nov 20"), "needed by Nov 20, 2027", "Not proposed yet."),
    fails("add", "omar", "add Pay by Dec 11 for nobody: Pay / Wait", "*Pay for nobody*", "Not proposed yet.", "Change"),
    writes("add", "yolanda", "decision add", "Type “decision add” and what is to be decided", "Propose a decision"),
    writes_wrong("add", "ben", "decision add Pay by Dec 11", "can help."),
    works("answer", "luis", "answer D-1", "[Answer a decision]\n", "You answer for Crossroads Neighborhood Alliance"),
    works("answer", "omar", "answer inspector", "[Answer a decision]\n", "For\nHarrow County Executive Office"),
    fails("answer", "marcus", "answer D-99", f"[Backbeat]\n{UNKNOWN}"),
    fails("answer", "marcus", "answer qqqq", NO_TITLE),
    fails("answer", "omar", "answer", "No decision waits for you or your groups."),
    fails("answer", "marcus", "answer D-4", "*D-4 decided on May 6"),
    writes("answer", "yolanda", "decision answer D-2", "Move it", "Keep the plan"),
    works("record", "omar", "record D-1", "[Record a decision]\n", "What was decided?", "Use county reserve"),
    fails("record", "omar", "record", "*5 decisions*"),
    fails("record", "omar", "record D-99", f"[Backbeat]\n{UNKNOWN}"),
    fails("record", "omar", "record qqqq", NO_TITLE),
    fails("record", "omar", "record D-4", "[Decision]\n*D-4 decided on May 6"),
    fails("record", "marcus", "record D-1", "can help."),
    works("defer", "omar", "defer D-1", "[Put off or take back]\n", "What happens to it?", "Put it off"),
    works("defer", "omar", "withdraw D-1", "[Put off or take back]\n", "Take it back"),
    fails("defer", "omar", "defer", "*5 decisions*"),
    fails("defer", "omar", "defer D-99", f"[Backbeat]\n{UNKNOWN}"),
    fails("defer", "omar", "defer qqqq", NO_TITLE),
    fails("defer", "marcus", "defer D-4", "*D-4 decided on May 6"),
    works("log", "omar", "log", "*5 decisions*"),
    works("log", "omar", "log decided", "*3 decisions made*", "*D-5, decided Wed Nov 18* · Talent Working Group"),
    works("log", "omar", "list talent", "*2 decisions: Talent pathways*"),
    fails("log", "omar", "log talant", "I don't know “talant”. Did you mean *Talent Working Group*?"),
    fails("log", "omar", "log qqqq", NO_LIST),
    writes_wrong("log", "ben", "decision log talent", "Decisions on Talent pathways are read by its working group"),
    writes_wrong("log", "ben", "decision log", "No decisions that you can see."),
    fails("log", "omar", "log deferred", "No decisions here."),
    writes("log", "tom", "decision log needed", "decisions needed*"),
    works("help", "luis", "help", "`/decision defer D-1` put one off, or take it back"),
    fails("help", "omar", "hepl", "I don't know “hepl”. Did you mean *decision help*?"),
    fails("help", "omar", "help me", "I don't know “help me”. Did you mean */decision help*?"),
    fails("help", "omar", "helpp", "I don't know “helpp”. Did you mean *decision help*?"),
    writes("help", "yolanda", "decision help", "`decision answer D-1` answer one for your organization"),
    other("help", "omar", By.PREFIX, "help", "`/lb-decision record D-1`"),
)
