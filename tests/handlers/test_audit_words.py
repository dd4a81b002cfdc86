"""The audit trail after every form was sent: each line says it in words, none in the program's own values."""

from __future__ import annotations

import re

from bot.sandbox.people import Refused
from bot.sandbox.workspace import Message
from tests.handlers.every_form import FORMS
from tests.handlers.forms import TUESDAY
from tests.handlers.stage import Stage, answer_to, words

# Names with underscores, codes of enums, lists and objects, days and moments as numbers, rules, accounts.
_PROGRAMS = re.compile(
    r"\b[a-z]+_[a-z_]+\b|[{}\[\]]|\b\d{4}-\d{2}-\d{2}|\bFREQ=|\b(?:None|True|False|null|true|false)\b|\b[UDCT]0[A-Z0-9]{3,}"
)
_MOST_PAGES = 60


async def test_nothing_in_the_audit_trail_is_in_the_programs_own_words(live: Stage) -> None:
    await live.resume_meetings()
    for form in FORMS:
        if form.when == TUESDAY and live.when != TUESDAY:
            await live.go("11-24 15:00")
            await live.go(TUESDAY)
        person = live.person(form.who)
        try:
            await form.open(live, person)
            await person.fill(form.values)
            await person.submit()
        except (Refused, LookupError, TimeoutError, RuntimeError):
            pass  # what is not there anymore has been changed by an earlier form
        await live.edge.drain()
        if person.modal is not None:
            await person.close(is_cleared=True)
    omar = live.person("omar")
    shown = await answer_to(omar, "/coalition", "audit")
    wrong: set[str] = set()
    for _page in range(_MOST_PAGES):
        assert isinstance(shown, Message)
        for line in words(shown).splitlines():
            bare = re.sub(r"<!date\^[^|]*\|([^>]*)>|“[^”]*”", r"\1", line)
            if _PROGRAMS.search(bare):
                wrong.add(bare)
        if "Older" not in words(shown):
            break
        await omar.press(shown, "Older")
        await live.edge.drain()
        shown = omar.ephemerals[-1]
    assert not wrong, "\n".join(sorted(wrong))
