"""What people of the season do, each as they do it on their screens; the ledger learns what they did.

Each act is entered with what the screen promised of it, so that the checks can see whether it came true.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from bot.sandbox.forms import elements
from bot.sandbox.workspace import Message
from bot.slack.metadata import encode_question
from tests.handlers.stage import words
from tests.season.life import CHICAGO, DIGESTS, Act, Season
from tests.season.recount import Plain, rounds_of

STANDS = "How does this priority stand today?"
MOVED = "What changed since last week?"
BLOCKER = "What is in the way?"
NEED = "What do you need from another partner or from leadership?"
WHO = "Who could provide it?"
NEXT = "What will be true by next week?"
NOTE = "Anything for the coordinator only? (not published)"
WORTH = "Is this coalition worth your organization's time (1 to 5)?"
VOICE = "Do decisions reflect what you said (1 to 5)?"
FIX = "What one thing should we change?"
COORDINATORS = ("dana", "omar", "priya")
CHANNELS = {
    "talent-pathways": "lb-talent",
    "supplier-growth": "lb-suppliers",
    "family-access": "lb-access",
    "job-quality": "lb-job-quality",
}


def moment(text: str) -> datetime:
    """A moment of the season in the sample's zone, such as "12-01 09:10"; January follows December."""
    year = 2026 if text >= "11-23" else 2027
    return datetime.fromisoformat(f"{year}-{text.replace(' ', 'T')}:00").replace(tzinfo=CHICAGO)


def next_digest(season: Season) -> datetime:
    """When the next digest is to stand in its channel."""
    cadence = season.ledger.cadence("weekly-digest")
    moves = {one["from"]: one["to"] for one in [*cadence["moves"], *season.ledger.moves] if "to" in one}
    day = season.now.astimezone(CHICAGO).date()
    while True:
        if day.weekday() == 4:
            slot = f"{day.isoformat()}T07:30:00"
            at = datetime.fromisoformat(moves.get(slot, slot)).replace(tzinfo=CHICAGO)
            if at > season.now:
                return at
        day += timedelta(days=1)


def answers(
    member: str,
    priority: str,
    stands: str,
    confidence: int,
    text: str,
    *,
    blocker: str | None = None,
    need: str | None = None,
    whom: tuple[str, str, str] | None = None,  # what is typed, the id that it leads to, who of them is asked
    note: str | None = None,
    owner: str | None = None,
    button: str = "Answer",
) -> Act:
    """Somebody gives the weekly update, for themselves or for `owner`."""

    async def act(season: Season) -> None:
        view = await season.opens(member, button, "Weekly priority update", _name(season, priority))
        person = season.person(member)
        said = f"{text} ({season.now:%b %d})"
        entered: dict[str, Any] = {
            STANDS: stands,
            encode_question("confidence"): str(confidence),
            MOVED: said,
            NEXT: f"More of {text.lower()} ({season.now:%b %d})",
        }
        if blocker is not None:
            entered[BLOCKER] = blocker
        if need is not None:
            entered[NEED] = need
        if whom is not None:
            (entered[WHO],) = await person.options(view, "find_provider", whom[0])
        if note is not None:
            entered[NOTE] = note
        await person.fill(entered)
        await season.submits(member)
        answer: Plain = {
            "priority": priority,
            "round": open_round(season, priority),
            "by": member,
            "on_behalf_of": owner,
            "assessment": stands,
            "confidence": confidence,
            "moved": said,
            "blocker": blocker,
            "at": season.now,
        }
        season.ledger.responses.append(answer)
        at = next_digest(season)
        season.promises(said, f"#{DIGESTS}", at, readers=("marcus",), never=("ben",))
        if blocker is not None:
            season.promises(blocker, f"#{DIGESTS}", at, readers=("marcus",), never=("ben",))
        if note is not None:
            others = tuple(one for one in season.members if one not in (*COORDINATORS, member))
            season.promises(note, "a note for the coordinators", season.now, readers=COORDINATORS, never=others)
        if need is not None and whom is not None:
            season.promises(need, "an ask", at, readers=(whom[2],), never=())

    return act


def takes_part(member: str, worth: str, voice: str, fix: str | None = None) -> Act:
    """Somebody answers the partner pulse. Its words are told to everybody once its round has closed on a Sunday, on the
    Monday after it, and until then to nobody."""

    async def act(season: Season) -> None:
        await season.opens(member, "Answer", "Partner pulse", "Partner pulse")
        entered = {WORTH: worth, VOICE: voice} | ({FIX: fix} if fix is not None else {})
        await season.person(member).fill(entered)
        await season.submits(member)
        if fix is None:
            return
        for other in COORDINATORS:
            if fix in await season.sees(other):
                season.faulty(f"{other} reads what was said in the pulse before its round has closed")
        monday = season.now + timedelta(days=7 - season.now.astimezone(CHICAGO).weekday())
        back = {one["member"]: one["to"] for one in season.ledger.away if one["from"] <= monday.date() <= one["to"]}
        there = tuple(
            one for one in season.members if one not in back and not season.ledger.has_left(one, monday.date())
        )
        season.promises(fix, "the pulse's results", monday, readers=there, never=())
        for other, last in back.items():
            returned = monday + timedelta(days=(last - monday.date()).days + 1)
            season.promises(fix, "the pulse's results", returned, readers=(other,), never=())

    return act


def repeats(member: str, priority: str) -> Act:
    """Somebody says that nothing has changed."""

    async def act(season: Season) -> None:
        await season.presses(member, "No change", _name(season, priority))
        await season.settle()
        season.ledger.responses.append(
            {
                "priority": priority,
                "round": open_round(season, priority),
                "by": member,
                "no_change": True,
                "at": season.now,
            }
        )

    return act


def has_no_button(member: str, button: str, priority: str) -> Act:
    """What must not be offered any more."""

    async def act(season: Season) -> None:
        try:
            message, _ = season.finds(member, button, _name(season, priority))
        except LookupError:
            return
        newest = season.stage.person(member).dm()[-1]
        if message.ts == newest.ts:
            season.faulty(f"{member} is offered “{button}” on {priority}")

    return act


def sends_ask(coordinator: str, priority: str, organization: str, text: str) -> Act:
    """A coordinator lets an ask out that they looked at."""

    async def act(season: Season) -> None:
        await season.presses(coordinator, "Send", text)
        await season.settle()
        asked(season, priority, organization, text)

    return act


def goes_out(priority: str, organization: str, text: str) -> Act:
    """An ask that nobody looks at first goes out at its round's close."""

    async def act(season: Season) -> None:
        asked(season, priority, organization, text)

    return act


def asked(season: Season, priority: str, organization: str, text: str) -> None:
    season.ledger.asks.append({"priority": priority, "text": text, "organization": organization, "sent": season.now})


def helps(member: str, text: str, answer: str = "I can help") -> Act:
    """The one who was asked answers."""

    async def act(season: Season) -> None:
        await season.presses(member, answer, text)
        await season.settle()
        for one in season.ledger.asks:
            if one["text"] == text:
                one["ended"] = season.now

    return act


def closes_action(member: str, key: str) -> Act:
    """Somebody finishes an action by a line."""

    async def act(season: Season) -> None:
        said = await season.types(member, f"done {key}")
        if "done" not in said:
            season.faulty(f"“done {key}” of {member} is answered: {said[:120]}")
        season.ledger.actions.append({"id": key, "at": season.now, "status": "done", "completed": season.today})
        await season.settle()

    return act


def moves_action(member: str, key: str, title: str, due: date, reason: str) -> Act:
    """Somebody gives an action a new date, from their list."""

    async def act(season: Season) -> None:
        await season.presses(member, "New date", title)
        person = season.person(member)
        await person.until(lambda: person.modal is not None and "Opening" not in words(person.modal))
        (why,) = [
            block["block_id"]
            for block, element in elements(person.modal.blocks if person.modal else [])
            if element["type"] == "plain_text_input"
        ]
        await person.fill({"New date": due.isoformat(), why: reason})
        await season.submits(member)
        season.ledger.actions.append({"id": key, "at": season.now, "due": due})
        season.promises(
            reason, f"#{DIGESTS}: why {key} moved", next_digest(season), readers=("marcus",), never=("ben",)
        )

    return act


def records(member: str, line: str, metric: str, value: str, day: date, quality: str) -> Act:
    """Somebody enters a figure by a line."""

    async def act(season: Season) -> None:
        said = await season.types(member, f"update {line}")
        if "Not recorded yet" not in said:
            season.faulty(f"“update {line}” of {member} is answered: {said[:160]}")
            return
        await season.presses(member, "Record", "")
        await season.settle()
        season.ledger.readings.append(
            {"metric": metric, "period_end": day, "value": value, "quality": quality, "at": season.now}
        )

    return act


def restates(member: str, line: str, metric: str, value: str, day: date, note: str) -> Act:
    """Somebody corrects a figure of a period that has one, with the reason."""

    async def act(season: Season) -> None:
        await season.types(member, f"update {line} note {note}")
        await season.presses(member, "Restate", "")
        person = season.stage.person(member)
        await season.stage.edge.drain()
        if person.modal is not None:
            await season.submits(member)
        await season.settle()
        season.ledger.readings.append(
            {"metric": metric, "period_end": day, "value": value, "quality": "final", "at": season.now}
        )

    return act


def is_away(member: str, first: date, last: date) -> Act:
    """Somebody says when they are away."""

    async def act(season: Season) -> None:
        said = await season.types(member, f"away {first:%b} {first.day} to {last:%b} {last.day}")
        if f"{first.day}" not in said:
            season.faulty(f"days away of {member} are answered: {said[:120]}")
        season.ledger.away.append({"member": member, "from": first, "to": last})
        await season.settle()

    return act


def open_round(season: Season, priority: str) -> date:
    """The day of the round that is open for a priority now; what comes later belongs to the next one."""
    found = [
        day
        for day, _, closes in rounds_of(season.ledger, season.ledger.priority(priority), season.now)
        if closes > season.now
    ]
    if not found:
        raise LookupError(f"no round of {priority} is open on {season.now:%b %d %H:%M}")
    return found[-1]


def _name(season: Season, priority: str) -> str:
    name: str = season.ledger.priority(priority)["name"]
    return name


def votes(member: str, key: str, choice: str, organization: str) -> Act:
    """Somebody answers a decision on its card; the answer says what was recorded for whom."""

    async def act(season: Season) -> None:
        await season.types(member, key)
        card = season.stage.person(member).dm()[-1]
        before = len(season.stage.person(member).ephemerals)
        person = season.person(member)
        outcome = await person.press(card, button_of(card, choice))
        assert outcome.ok
        await season.stage.edge.drain()
        await person.until(lambda: len(person.ephemerals) > before or "Recorded for" in words(person.dm()[-1]))
        said = words(person.ephemerals[-1]) if len(person.ephemerals) > before else words(person.dm()[-1])
        if f"Recorded for {organization}: {choice}" not in said:
            season.faulty(f"the voice of {organization} on {key} is answered: {said[:160]}")
        await season.settle()
        season.ledger.votes.append({"decision": key, "organization": organization, "choice": choice, "at": season.now})

    return act


def button_of(message: Message, choice: str) -> str:
    """What a choice's button is called; a long one is cut there and spoken whole."""
    for _, element in elements(message.blocks or []):
        text = element.get("text", {}).get("text", "")
        if text == choice or (text.endswith("…") and choice.startswith(text[:-1])):
            return str(text)
    raise LookupError(f"there is no button for “{choice}”")


def decides(member: str, key: str, outcome: str, note: str | None = None) -> Act:
    """Somebody records what a decision came to; whoever was told that it waits is told the outcome."""

    async def act(season: Season) -> None:
        person = season.person(member)
        await person.command("/decision", f"record {key}")
        await season.form(member, "Record a decision")
        entered = {encode_question("outcome"): outcome}
        if note is not None:
            entered[encode_question("note")] = note
        await person.fill(entered)
        await season.submits(member)
        season.ledger.decisions.append(
            {"id": key, "at": season.now, "status": "decided", "decided_on": season.today, "outcome": outcome}
        )
        title = next(one["title"] for one in season.ledger.file["decisions"] if one["id"] == key)
        season.promises(outcome, f"the outcome of {key}, {title}", season.now, ("marcus",), never=())

    return act


def says_of_ask(member: str, button: str, text: str) -> Act:
    """Whoever asked says what came of an answer."""

    async def act(season: Season) -> None:
        await season.presses(member, button, text)
        await season.settle()

    return act


def moves_meeting(member: str, line: str, cadence: str, slot: str, to: str) -> Act:
    """Somebody moves one date of a meeting by a line; the form that it leads to is sent."""

    async def act(season: Season) -> None:
        await season.types(member, f"meeting move {line}")
        await season.opens(member, "Open", "Move a meeting")
        chosen = f"{cadence}|{slot[:16]}"
        person = season.person(member)
        await person.fill({encode_question("which"): chosen})
        day, clock = to.split("T")
        await person.fill({encode_question("day"): day, encode_question("time"): clock[:5]})
        await season.submits(member)
        season.ledger.moves.append({"cadence": cadence, "from": slot, "to": to, "at": season.now})

    return act


def answers_late(member: str, priority: str, opened_at: str, text: str) -> Act:
    """Somebody opens the form in time and sends it after the close: the words wait for the next round."""

    async def act(season: Season) -> None:
        await season.opens(member, "Answer", "Weekly priority update", _name(season, priority))
        person = season.person(member)
        await person.fill(
            {
                STANDS: "on_track",
                encode_question("confidence"): "7",
                MOVED: text,
                NEXT: f"More of {text.lower()}",
            }
        )
        await season.until(moment(opened_at))
        errors = await season.person(member).submit()
        said = words(person.modal)
        if errors or "Your words are kept" not in said:
            season.faulty(f"a late form of {member} is answered: {errors} {said[:160]}")
        season.screens.append((member, season.now, said))
        await season.puts_away(member)

    return act


def finds_kept(member: str, priority: str, text: str) -> Act:
    """The words of a late form stand in the next round's message, and in its form."""

    async def act(season: Season) -> None:
        message, _ = season.finds(member, "Answer", _name(season, priority))
        if text not in words(message):
            season.faulty(f"{member} was promised “{text}” in this round's message")
        view = await season.opens(member, "Answer", "Weekly priority update", _name(season, priority))
        if text not in str(view.blocks):
            season.faulty(f"{member} was promised “{text}” in this round's form")
        await season.puts_away(member)

    return act
