"""Words in a title that look like a day or a time, also where nobody could tell which. No reading of days here."""

from __future__ import annotations

import re

from bot.domain.typed.day_words import COUNT, ORDINALS

_END = r"(?=\s*$|\s*[,;.!?)\]]|\s+[–—-])"
_PART = r"(?:a\.?m\.?|p\.?m\.?|nite|night|eve|morning|afternoon|evening|noon|eod|cob)"
_WEEKDAY = r"(?:mon|tue|tues|wed|wednes|weds|thu|thur|thurs|fri|satur)(?:day)?|sunday"
_SHORT = r"(?:sat|sun)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|"
    r"dec(?:ember)?)"
)
_INTO = (
    r"(?:in|on|by|until|til|till|before|b4|after|from|around|about|thru|through|over|at|mid|early|late|last|this|next|"
    r"end of)"
)
_THE = r"(?:the |our |their )?"
_SITTING = r"(?:meeting|mtg|call|session|retreat|digest|stocktake|gathering|summit|huddle)"
_NTH = r"(?:the )?[0-9]{1,2}(?:st|nd|rd|th)"
_DAYS = (
    rf"(?:{_INTO} )?(?:{_WEEKDAY})(?:s|'s)?(?: {_PART}| {_NTH})?",
    rf"by then{_END}|(?:{_INTO} )?(?:yr|year|month|qtr|quarter|week)['’]?s?[ -]end",
    rf"(?:by|before|b4|after|until) (?:\w+ ){{1,2}}meets?{_END}",
    rf"(?:{_INTO} {_SHORT}(?: {_PART})?|{_SHORT} {_PART})",
    rf"{_INTO} {_MONTH}|{_MONTH}{_END}|(?!about|over|at){_INTO} (?:mar|march|may){_END}",
    rf"(?:by|on|until|before|after|from|thru) {_NTH}(?: or {_NTH}|{_END})|the [0-9]{{1,2}}(?:st|nd|rd|th){_END}",
    rf"(?:{_INTO} )?(?:mlk(?: day)?|(?:memorial|labor|presidents?['’]?s?|veterans?['’]?s?|columbus|election|tax) day)",
    rf"(?:{_INTO} )?{_THE}(?:4th of july|easter|good friday|hanukkah|passover|ramadan|diwali|thanksgiving|thx ?giving|"
    r"christmas|xmas|halloween|juneteenth|(?:spring|winter|summer|fall) break|new y(?:ea)?r['’]?s?(?: day| eve)?)",
    rf"(?:{_INTO} )?(?:the )?holidays{_END}|{_INTO} (?:the )?(?:spring|summer|fall|autumn|winter|break){_END}",
    rf"during break{_END}",
    rf"(?:first|1st|last|end) of (?:the )?(?:month|year|quarter){_END}|in the coming (?:days|weeks|months)",
    rf"this (?:morning|afternoon|evening){_END}|(?:first thing|yesterday|(?:(?:by|next) )?pay ?day){_END}",
    rf"(?:by|until|before|after|end of) 20[2-9][0-9]{_END}|(?:(?:by|end of) )?fy ?(?:end|[0-9]{{2,4}})?{_END}",
    rf"(?:at|by|before|after) {_THE}{_MONTH} \w+|[0-9]{{1,2}}-?{_MONTH}|{_MONTH}-?[0-9]{{1,2}}",
    rf"sat{_END}|(?<!the )sun{_END}",
    r"(?:in |within )?(?:a |the next )?(?:couple|few) (?:of )?(?:days|weeks|wks|months)",
    rf"(?:in )?(?:[0-9]+|{COUNT}) (?:days?|weeks?|wks?|months?) (?:from (?:now|today)|out{_END}|or so|or two)",
    rf"within the (?:day|week|month|quarter|year)|(?:this|next) (?:week|wk|month|quarter|qtr|year){_END}",
    rf"(?:over|on|at|by|before|after|this|next) (?:the )?(?:weekend|wkend|wknd)|(?:sometime )?soon{_END}",
    rf"sooner the better|(?:whenever|some ?day|eventually|at some point){_END}",
    rf"next time \w+ meets?|when (?:the )?\w+ meets?(?: next)?{_END}",
    rf"(?:in|within|w/in) [0-9]{{1,3}} ?(?:h|hrs?|d|days?|wks?|mos?){_END}",
    rf"{_MONTH} (?:[0-9]{{1,2}}(?:st|nd|rd|th)?(?:ish|\?)?|{'|'.join(ORDINALS)})",
    rf"(?:(?:[0-9]+|{COUNT}) (?:days|weeks?|wks?|months?|mos)|(?:a )?fortnight){_END}",
    rf"(?:at|by|before|after|until|in time for) {_THE}(?:next|upcoming|coming|following) (?:\w+ ){{0,3}}{_SITTING}",
    rf"(?:by|before|b4|after|until) {_THE}(?:\w+ ){{0,2}}{_SITTING}{_END}|(?:next|nxt) (?:mtg|meeting){_END}",
    rf"(?:by|at|before|until) {_THE}(?:next|nxt) \w+{_END}",
    rf"(?:[0-9]{{1,2}} )?(?:days?|nights?|weeks?|wks?) (?:before|after|b4) (?:\w+ ){{0,2}}\w+{_END}",
    rf"(?:{_INTO} )?(?:1[0-2]|0?[1-9])\.(?:3[01]|[12][0-9]|0?[1-9])(?:\.[0-9]{{2,4}})?{_END}",
)
_DAY = re.compile(rf"(?<![\w@#/.-])(?:{'|'.join(_DAYS)})(?![\w/-])", re.IGNORECASE)
# At the beginning a day with a word before it is a clause of its own: "by the holidays call the bank".
_FIRST = re.compile(
    r"(?=(?:in|on|by|until|before|after|over|next|this|soon|whenever|eventually|some ?day|"
    r"[0-9]+ (?:day|week|month)s?|ten) ?)"
    rf"(?:{'|'.join(_DAYS).replace(_END, '(?= )')})(?= )",
    re.IGNORECASE,
)
# "Raised to 12.4" is a number.
_MEASURES = frozenset(
    {"to", "of", "at", "is", "was", "about", "over", "under", "around", "nearly", "by", "for", "every", "last", "past"}
)
_COUNTED = re.compile(rf"(?:[0-9.]+|{COUNT}) ?", re.IGNORECASE)


def day_left_in(title: str) -> str:
    """The first such words as they were typed; "" where there are none."""
    first = _FIRST.match(title)
    if first is not None:
        return first[0].strip()
    for found in _DAY.finditer(title):
        before = title[: found.start()].split()
        if before and before[-1].casefold() in _MEASURES and _COUNTED.match(found[0]):
            continue
        return found[0].strip()
    return ""
