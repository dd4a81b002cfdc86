"""My settings: clock, the hour at which somebody is asked, stand-in, and days away."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.domain.checkins import PersonalSettings, plan_of
from bot.domain.sending import IN_WORDS, in_words
from bot.domain.vocabularies import MessageKind
from bot.domain.wording import Zone, clock, label, near_day, sentence
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.identifiers import Action, Entry, Search, Submission
from bot.slack.message import Block, Message, View
from bot.slack.metadata import encode_marked, encode_question
from bot.slack.moments import Clock
from bot.slack.mrkdwn import escape, own, unmark
from bot.slack.names import listed

SETTINGS_TITLE = "My settings"
_WHAT = {
    MessageKind.ACTIONS: "The weekly list, and the day one is due",
    MessageKind.MEETINGS: "Agendas, changes and reminders",
}
AT_OPENING = "opening"
# Hours at which one may ask to be asked: inside of everybody's waking day, quiet hours left aside.
HOURS = tuple(time(hour, minute) for hour in range(7, 19) for minute in (0, 30))


def settings_view(settings: PersonalSettings) -> View:
    """The form, filled in, with what each choice changes."""
    options = [kit.option("When the round opens", AT_OPENING)]
    options += [kit.option(_time(hour), hour.isoformat(timespec="minutes")) for hour in HOURS]
    kinds = [kit.option(sentence(words), kind.value, description=_WHAT.get(kind)) for kind, words in IN_WORDS.items()]
    wanted = settings.ask_at.isoformat(timespec="minutes") if settings.ask_at is not None else AT_OPENING
    chosen = next((one for one in options if one["value"] == wanted), options[0])
    stand_in = kit.option(settings.stand_in_name or settings.stand_in, settings.stand_in) if settings.stand_in else None
    return View(
        title=SETTINGS_TITLE,
        callback_id=Submission.SETTINGS,
        submit="Save",
        close="Close",
        metadata=encode_marked(None, plan_of(settings)),
        blocks=(
            kit.context("Seen by you and the coordinators. Rounds open and close as before; only when I ask changes."),
            kit.input_block(
                "My time zone",
                kit.external_select(
                    Search.OWN_ZONE,
                    initial=kit.option(label(settings.zone, settings.now), settings.zone),
                    placeholder="Type a city",
                ),
                encode_question("zone"),
                hint="Times are shown, and rounds open, on this clock.",
            ),
            kit.input_block(
                "Ask me at",
                kit.static_select(Entry.VALUE, options, initial=chosen),
                encode_question("ask_at"),
                hint=_asked_hint(settings),
            ),
            kit.input_block(
                "Who stands in for me",
                kit.external_select(Search.MEMBER, initial=stand_in, placeholder="Type a name"),
                encode_question("stand_in"),
                hint="Asked when you're away, or shortly before a round closes. You can change what they say.",
                optional=True,
            ),
            kit.input_block(
                "Don't message me about",
                kit.checkboxes(
                    Entry.VALUE, kinds, initial=[one for one in kinds if one["value"] in settings.no_messages_about]
                ),
                encode_question("no_messages_about"),
                hint="It waits in Home. Updates, and what somebody asks of you, come as before.",
                optional=True,
            ),
            *_away(settings),
            kit.context(f"No messages from {_time(settings.quiet_from)} to {_time(settings.quiet_to)} your time."),
        ),
    )


def saved_view(settings: PersonalSettings) -> View:
    """What holds from now on."""
    return View(title=SETTINGS_TITLE, close="Close", blocks=settings_message(settings).blocks)


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
    return Message(
        text=escape(unmark(text).replace("\n", " ")),
        blocks=(
            kit.section(text),
            kit.actions(kit.button("Change", Action.MY_SETTINGS), kit.button("I'm away", Action.AWAY)),
        ),
    )


def zone_options(found: tuple[Zone, ...]) -> list[kit.Element]:
    """What the search for a time zone offers."""
    return [kit.option(one.name, one.id) for one in found[: limits.OPTIONS]]


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
    return [kit.section(words, accessory=kit.button("I'm away", Action.AWAY))]


def _time(at: time) -> str:
    return clock(datetime.combine(date.min, at))
