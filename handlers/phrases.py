"""What people write where a button stands: its label, the same in other words, thanks, ok and stop.

Only words about what there is; what each does is said once, by the line that it stands for. Labels of buttons that
carry words of their own (Home's) need no entry here beside the label.
"""

from __future__ import annotations

import re

from bot.slack.blocks.nouns import FOR_COORDINATORS, OF_COALITION

# Words that change nothing about what is meant.
_FILLERS = frozenset(
    {"a", "an", "the", "my", "our", "please", "pls", "i", "want", "to", "would", "like", "need", "can", "could", "you",
     "me", "id", "let", "lets", "some", "another", "your"}
)  # fmt: skip
# One word for one thing. A number and a metric are a figure here.
_SAME = {
    "check-in": "checkin", "check-ins": "checkin", "checkins": "checkin", "checkin": "checkin", "number": "figure",
    "numbers": "figure", "metric": "figure", "metrics": "figure", "figures": "figure", "actions": "action",
    "todo": "action", "todos": "action", "task": "action", "tasks": "action", "coordinators": "coordinator",
    "admins": "coordinator", "admin": "coordinator", "decisions": "decision", "issues": "issue", "problem": "issue",
    "meetings": "meeting", "new": "add", "create": "add", "make": "add", "record": "update", "enter": "update",
    "report": "update", "contact": "ask", "message": "ask", "write": "ask", "email": "ask", "show": "see",
    "view": "see", "list": "see", "im": "i'm", "vacation": "away", "holiday": "away", "people": "people",
}  # fmt: skip
# What is meant, as the line that does it. Each phrase is written as `core` leaves it.
_MEANT = {
    "answer checkin": "answer",
    "do checkin": "answer",
    "fill in checkin": "answer",
    "answer update": "answer",
    "update checkin": "answer",
    "see action": "my actions",
    "open action": "my actions",
    "all action in one form": "my actions",
    "add action": "action add",
    "add action item": "action add",
    "update figure": "metric update",
    "add figure": "metric add",
    "see figure": "metric list",
    "i'm away": "away",
    "am away": "away",
    "be away": "away",
    "am i'm away": "away",
    "set away": "away",
    "add days away": "away",
    "days away": "away",
    "am back": "back",
    "ask coordinator": "ask",
    "ask somebody": "ask",
    "ask question": "ask",
    "ask help": "ask",
    "propose decision": "decision add",
    "add decision": "decision add",
    "see decision": "decision log",
    "answer decision": "my decisions",
    "raise issue": "issue add",
    "add issue": "issue add",
    "see issue": "issue list",
    "add meeting": "meeting add",
    "schedule meeting": "meeting add",
    "see meeting": "meetings",
    "next meeting": "meetings",
    "link people": "coalition link",
    "pick accounts": "coalition link",
    "week ahead": "coalition week",
    "see week one": "coalition week",
    "see week": "coalition week",
    "preview digest": "digest preview",
    "see digest": "digest",
    "latest digest": "digest",
    "whole plan": "priority plan",
    "see plan": "priority plan",
    "settings": "settings",
    "see settings": "settings",
    "change settings": "settings",
    "who sees what": "me",
    "see menu": "menu",
    "help": "help",
    "more": "help more",
    "more help": "help more",
    "see help": "help",
    "what do": "help",
    "open menu": "menu",
    "start": "menu",
    "refresh": "menu",
    "pause sending": "coalition pause",
    "resume sending": "coalition resume",
    "different time": "settings",
}
THANKS = frozenset(
    {"thanks", "thank you", "thx", "ty", "thank u", "many thanks", "thanks a lot", "thank you so much",
     "thanks so much", "cheers", "great thanks", "ok thanks", "great", "perfect", "awesome",
     "nice", "cool", "super"}
)  # fmt: skip
FINE = frozenset(
    {"ok", "okay", "k", "kk", "got it", "alright", "all right", "fine", "sure", "will do", "understood", "sounds good",
     "sounds right", "noted", "no problem", "on it"}
)  # fmt: skip
ENOUGH = frozenset(
    {"stop", "stop it", "stop this", "unsubscribe", "opt out", "opt-out", "quit", "mute", "enough", "leave me alone",
     "stop messages", "stop messaging me", "stop writing to me", "no more messages", "too many messages", "go away",
     "turn off", "remove me", "stop sending", "stop sending me messages", "end", "shut up", "dont write to me"}
)  # fmt: skip
_COUNT = re.compile(r"\s[0-9]+$")


# "A-102 is done", "mark D-2 as decided: …": the id before what becomes of it.
_ID_FIRST = re.compile(
    r"(?:(?:mark|set|call)\s+)?(?P<noun>[adi])-?(?P<number>[0-9]+)[:,]?\s+(?:(?:is|was|as|to|now)\s+)*(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOUN_OF = {"a": "action", "d": "decision", "i": "issue"}
_SAID_FOR = {"complete": "done", "completed": "done", "finished": "done", "closed": "done", "started": "start",
             "moved": "move", "resolved": "resolve", "parked": "park", "escalated": "escalate"}  # fmt: skip
# "I'm out Wed through Sunday", "ooo Dec 24 - Jan 2".
_AWAY = re.compile(
    r"(?:(?:i['’]?m|i am|i['’]?ll be|i will be)\s+)?"
    r"(?:(?:on|taking)\s+)?(?:ooo|out of (?:the )?office|out|off|pto|leave|vacation|holidays?)\b[:,]?\s*"
    r"(?:(?:from|on)\s+)?(?P<days>\S.*)",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\d|\b(?:today|tonight|tomorrow|week|month|year|mon|tue|wed|thu|fri|sat|sun"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)


def turned_round(text: str) -> str | None:
    """What begins with an id, in the order in which it is typed else: "A-102 done" is "action done A-102"."""
    found = _ID_FIRST.fullmatch(text.strip())
    if found is None:
        return None
    letter = found["noun"].casefold()
    verb, _, rest = found["rest"].partition(" ")
    verb = verb.casefold().rstrip(".!:,")
    line = f"{_NOUN_OF[letter]} {_SAID_FOR.get(verb, verb)} {letter.upper()}-{found['number']} {rest.strip()}"
    return line.strip()


def days_away(text: str) -> str | None:
    """The days of somebody who says that they are out, as they were written; None for anything else."""
    found = _AWAY.fullmatch(" ".join(text.split()))
    return found["days"] if found is not None and _DAY.search(found["days"]) else None


def core(words: str) -> str:
    """What is left of words in lower case without what changes nothing: "update a number" is "update figure"."""
    kept = [word for word in words.replace("check in", "checkin").split() if word not in _FILLERS]
    same = [_SAME.get(word, word) for word in kept]
    # "Add a new action" says it twice.
    return " ".join(word for at, word in enumerate(same) if not at or word != same[at - 1])


def meant_by(words: str) -> str | None:
    """The words of the line that is meant, None where these are no button's and nothing like it.

    `words` are in lower case with single spaces; the count that a label carries may stand behind.
    """
    plain = _COUNT.sub("", words)
    return _LABELS.get(plain) or _MEANT.get(core(plain)) or (plain if plain != words else None)


def _labels() -> dict[str, str]:
    """Home's buttons that say what would be typed for them."""
    return {text.casefold(): typed for text, _action, typed in (*FOR_COORDINATORS, *OF_COALITION)}


_LABELS = _labels()
