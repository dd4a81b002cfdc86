"""My settings: clock, the hour at which somebody is asked, stand-in, and days away."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.domain.checkins import ChosenSettings, PersonalSettings, plan_of
from bot.domain.sending import IN_WORDS, in_words
from bot.domain.typed import Known
from bot.domain.vocabularies import MessageKind
from bot.domain.wording import clock, label, near_day, sentence
from bot.slack.blocks import kit
from bot.slack.forms import Choice, Find, Form, Ticks, note
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Block, Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import own, unmark
from bot.slack.names import listed

WHAT_IN_THEM = {
    MessageKind.ACTIONS: "The weekly list, and the day one is due",
    MessageKind.MEETINGS: "Agendas, changes and reminders",
}
AT_OPENING = "opening"
# Hours at which one may ask to be asked: inside of everybody's waking day, quiet hours left aside.
HOURS = tuple(time(hour, minute) for hour in range(7, 19) for minute in (0, 30))


def _time(at: time) -> str:
    return clock(datetime.combine(date.min, at))


SETTINGS_FORM: Form[PersonalSettings, ChosenSettings] = Form(
    ChosenSettings,
    Submission.SETTINGS,
    "My settings",
    "Save",
    note("Seen by you and the coordinators. Rounds open and close as before; only when I ask changes."),
    Find(
        "zone",
        "My time zone",
        Search.OWN_ZONE,
        shows=lambda settings: Known(settings.zone, label(settings.zone, settings.now)),
        placeholder="Type a city",
        hint="Times are shown, and rounds open, on this clock.",
    ),
    Choice(
        "ask_at",
        "Ask me at",
        {AT_OPENING: "When the round opens"} | {hour.isoformat(timespec="minutes"): _time(hour) for hour in HOURS},
        nothing=AT_OPENING,
        otherwise=0,
        hint=lambda settings: _asked_hint(settings),
    ),
    Find(
        "stand_in",
        "Who stands in for me",
        Search.MEMBER,
        shows=lambda settings: _stand_in(settings),
        hint="Asked when you're away, or shortly before a round closes. You can change what they say.",
        optional=True,
    ),
    Ticks(
        "no_messages_about",
        "Don't message me about",
        lambda _settings: [
            kit.option(sentence(words), kind.value, description=WHAT_IN_THEM.get(kind))
            for kind, words in IN_WORDS.items()
        ],
        hint="It waits in Home. Updates, and what somebody asks of you, come as before.",
        optional=True,
    ),
    lambda _settings: [
        kit.line("Digests, and everything else that comes to me", "See", Action.WHAT_COMES, label="What comes to me")
    ],
    lambda settings: _away(settings),
    lambda settings: [
        kit.context(f"No messages from {_time(settings.quiet_from)} to {_time(settings.quiet_to)} your time.")
    ],
    values=plan_of,
    marks=lambda _settings: None,
)


def _stand_in(settings: PersonalSettings) -> Known | None:
    return Known(settings.stand_in, settings.stand_in_name or settings.stand_in) if settings.stand_in else None


def settings_message(settings: PersonalSettings, *, saved: bool = True) -> Message:
    """The settings as sentences. `saved`: they were just changed."""
    lines = [f"{'*Saved.* ' if saved else ''}Your clock: {own(label(settings.zone, settings.now))}."]
    if settings.ask_at is not None:
        lines.append(f"I ask at {_time(settings.ask_at)}, or when a round opens later than that.")
    else:
        lines.append("I ask when a round opens.")
    lines.append(
        f"{own(settings.stand_in_name)} stands in for you." if settings.stand_in_name else "Nobody stands in for you."
    )
    if settings.no_messages_about:
        about = listed(in_words(settings.no_messages_about), last="or")
        lines.append(f"No messages about {about}: that waits in Home.")
    text = "\n".join(lines)
    return Message.of(
        unmark(text).replace("\n", " "),
        kit.section(text),
        kit.actions(kit.button("Change", Action.MY_SETTINGS), kit.button("I'm away", Action.AWAY)),
    )


def _asked_hint(settings: PersonalSettings) -> str:
    if not settings.opens:
        return "For check-ins that you are asked for. They close at the same time as before."
    opens = "; ".join(f"{name}: {rhythm.partition(' on each ')[0]}" for name, rhythm in settings.opens[:3])
    return f"On the day a round opens ({opens}). An earlier hour means when it opens."


def _away(settings: PersonalSettings) -> list[Block]:
    today = Clock(settings.zone, settings.now).today
    if not settings.away:
        words = "No days away are noted."
    else:
        spans = [
            near_day(one.start, today)
            if one.start == one.end
            else f"{near_day(one.start, today)} to {near_day(one.end, today)}"
            for one in settings.away[:5]
        ]
        words = f"*Away:* {own('; '.join(spans))}"
    return [kit.line(words, "I'm away", Action.AWAY)]
