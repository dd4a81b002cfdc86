"""What is typed of meetings. Omar sits in the talent group; Luis sits only in the family access one."""

from __future__ import annotations

from tests.handlers.commands.rows import By, fails, other, works, writes, writes_wrong

NEAR = "I don't know “talant”. Did you mean *Talent working group*?"
UNKNOWN = "I don't know “qqqq”. Type a meeting's name or its group; “meetings” shows yours."
NOT_HIS = "Talent working group is for the Talent Working Group and those who are invited. Yolanda Briggs or Dana"

ROWS = (
    works("", "omar", "", "*Your next 5 meetings*", "*Backbone sync*"),
    works("", "omar", "talent", "*Talent working group*\nSecond Wednesday of the month, 2:00 PM", "I'll be there"),
    fails("", "omar", "talant", NEAR),
    fails("", "omar", "qqqq", UNKNOWN),
    fails("", "luis", "steering", "Steering Committee is for the Steering Committee and those who are invited."),
    fails("", "omar", "mov talent", "I don't know “mov talent”. Did you mean *meeting move talent*?"),
    writes("", "yolanda", "my meetings", "*Your next 6 meetings*"),
    other("", "omar", By.BACKBEAT, "meeting talent", "*Talent working group*"),
    other("", "omar", By.PREFIX, "talent", "*Talent working group*"),
    works("list", "dana", "list", "*10 meetings ahead*"),
    works("list", "luis", "list", "*2 meetings ahead*", "*Family access working group*"),
    fails("list", "omar", "list talent", "I don't know “list talent”. Did you mean */meeting list*?"),
    fails("list", "omar", "lst", "I don't know “lst”. Did you mean *meeting list*?"),
    fails("list", "omar", "lists", "I don't know “lists”. Did you mean *meeting list*?"),
    writes("list", "ben", "meeting list", "meetings ahead*"),
    works("add", "omar", "add", "[Schedule a meeting]\n", "Nothing is saved before you have seen the dates."),
    works("add", "luis", "add Data clinic", "[Schedule a meeting]\n", "Family Access Working Group"),
    works(
        "add",
        "omar",
        "add Budget table on Dec 3 at 10:00 for steering",
        "[Before it's saved]\n*Budget table*",
        "Thu Dec 3, 10:00 AM",
        "Not saved yet.",
    ),
    works(
        "add",
        "omar",
        "add Vanpool huddle Thu 2-3pm for child care",
        "[Schedule a meeting]\n",
        "I read “child care” as the Family Access Working Group.",
    ),
    works("add", "omar", "add Budget table thu 10am w marcus", "“w marcus” stays in the name: a meeting is a group's."),
    works("add", "omar", "add Budget table w <@U0MARCUS> thu 10am", "“w Marcus Teal” stays in the name"),
    works("add", "omar", "add Budget table next week for steering", "[Schedule a meeting]\n", "can be several days"),
    works(
        "add",
        "omar",
        "add Budget table weekly thu 10am except xmas for steering",
        "[Schedule a meeting]\n",
        "“except xmas” isn't kept here: skip a date once it's planned.",
    ),
    works(
        "add",
        "omar",
        "add Budget table dec 3 10am and 2pm for steering",
        "[Schedule a meeting]\n",
        "“10am and 2pm” is more than one time. Choose when it begins.",
    ),
    works(
        "add",
        "omar",
        "add Budget table thu 10am til noon for steering",
        "Once, on November 26, 2026, 10:00 AM, 2 hours",
    ),
    writes("add", "yolanda", "meeting add Budget table on Dec 3 at 10:00", "One press opens it."),
    fails("add", "omar", "ad Data clinic", "I don't know “ad Data clinic”. Did you mean *meeting add Data clinic*?"),
    fails("add", "omar", "shedule Data clinic", "I don't know “shedule Data clinic”. Did you mean *meeting schedule"),
    writes_wrong("add", "ben", "meeting add", "Meetings are scheduled by the coordinators, chairs and owners"),
    writes(
        "add", "yolanda", "meeting add", "Press Schedule a meeting for the form; it shows the dates before anything is"
    ),
    works("edit", "omar", "edit talent", "[Edit a meeting]\n", "Nothing is saved before you have seen the dates."),
    fails("edit", "omar", "edit", "*10 meetings ahead*"),
    fails("edit", "omar", "edit talant", NEAR),
    fails("edit", "omar", "edit qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("edit", "luis", "edit talent", f"[Backbeat]\n{NOT_HIS}"),
    works(
        "agenda", "omar", "agenda talent", "Agenda: Talent working group\n", "*From last time, Nov 11*", "*Overdue, 3*"
    ),
    fails("agenda", "omar", "agenda", "*Your next 5 meetings*"),
    fails("agenda", "omar", "agenda talant", NEAR),
    fails("agenda", "omar", "agenda qqqq", UNKNOWN),
    fails("agenda", "luis", "agenda talent", NOT_HIS),
    writes("agenda", "yolanda", "meeting agenda talent", "Agenda: Talent working group\n"),
    works("notes", "omar", "notes talent", "[Close the meeting]\n", "*Talent working group*, Wed Nov 11"),
    fails("notes", "omar", "notes", "*Your next 5 meetings*"),
    fails("notes", "omar", "notes talant", NEAR),
    fails("notes", "omar", "notes qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("notes", "luis", "notes talent", "[Backbeat]\nNotes of Talent working group are written by its group."),
    writes("notes", "yolanda", "meeting notes talent", "Press Write notes for the form.", "Write notes"),
    works("skip", "omar", "skip talent", "[Skip a meeting]\n4 people will hear of it.", "Wed Dec 9"),
    fails("skip", "omar", "skip", "*10 meetings ahead*"),
    fails("skip", "omar", "skip talant", NEAR),
    fails("skip", "luis", "skip talent", f"[Backbeat]\n{NOT_HIS}"),
    works("move", "omar", "move talent", "[Move a meeting]\n4 people will hear of it.", "Wed Dec 9"),
    fails("move", "omar", "move", "*10 meetings ahead*"),
    works("move", "omar", "move talent to Fri", "[Move a meeting]\n", "Wed Dec 9", "To *Fri Nov 27, 2:00 PM*"),
    # Which of its dates is meant is told by where it goes: the nearest one stands chosen.
    works("move", "omar", "move backbone to Dec 15", "To *Dec 15, 10:00 AM*"),
    fails("move", "omar", "move talant to Fri", "I don't know “talant”. Did you mean *Talent working group*?"),
    fails("move", "omar", "move talent to Nov 31", "[Backbeat]\nNovember has 30 days."),
    fails("move", "omar", "move talent to fri 10-11am", "[Backbeat]\nIt stays as long as it was."),
    fails("move", "omar", "move talent fri 10am or 2pm", "[Backbeat]\n“10am or 2pm” is more than one time."),
    fails("move", "omar", "move talent after dec 3", "[Backbeat]\nI can't read “after dec 3” as a day and a time."),
    fails(
        "move",
        "omar",
        "move talent from 10am to 11am",
        "[Backbeat]\nIt isn't held on “10am”. Its next dates are Wed Dec 9",
    ),
    fails("move", "omar", "move talent fri after 3", "[Backbeat]\nI can't read “fri after 3” as a day and a time."),
    fails("move", "omar", "move talent a week later", "[Backbeat]\nI can't read “a week later” as a day"),
    fails(
        "move", "omar", "move talent to week of dec 7", "[Backbeat]\nI can't read “week of dec 7” as a day and a time."
    ),
    fails("move", "omar", "move talent back a week", "[Backbeat]\nI can't read “back a week” as a day"),
    fails("move", "omar", "move talent to before noon", "[Backbeat]\n“before noon” names no one time."),
    fails("move", "omar", "move talent to soon", "[Backbeat]\n“soon” names no day."),
    writes("move", "yolanda", "meeting move talent to Fri", "One press opens it."),
    fails("move", "luis", "move talent", f"[Backbeat]\n{NOT_HIS}"),
    writes("move", "yolanda", "meeting move talent", "*Talent working group*", "Move one"),
    works("calendar", "omar", "calendar", "Your calendar file is on its way to our direct message: 5 meetings, twelve"),
    works(
        "calendar",
        "omar",
        "calendar talent",
        "Your calendar file is on its way to our direct message: 1 meeting, twelve",
    ),
    fails("calendar", "omar", "calendar qqqq", "I don't know the meeting “qqqq”. Type “meetings” to see yours."),
    fails(
        "calendar", "luis", "calendar steering", "Steering Committee is for the Steering Committee and those who are"
    ),
    fails("calendar", "omar", "calender", "I don't know “calender”. Did you mean *meeting calendar*?"),
    writes("calendar", "tom", "meeting calendar", "Your calendar file is on its way to our direct message:"),
    works("help", "luis", "help", "`/meeting agenda NAME` what stands on its next agenda"),
    fails("help", "omar", "hepl", "I don't know “hepl”. Did you mean *meeting help*?"),
    fails("help", "omar", "help me", "I don't know “help me”. Did you mean */meeting help*?"),
    fails("help", "omar", "helpp", "I don't know “helpp”. Did you mean *meeting help*?"),
    writes("help", "ben", "meeting help", "`meeting calendar [NAME]` your meetings as a file for your calendar"),
    other("help", "omar", By.PREFIX, "help", "`/lb-meeting [NAME]`"),
)
