"""How what will happen in a week reads, for Slack and for the command line. Names and times are put around it there."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.week.week import What

# `{name}` is the cadence's, the meeting's or the decision's.
PHRASES: Mapping[str, str] = {
    What.ASK: "{name}",
    What.REMINDER: "reminder",
    What.DELEGATE: "stand-ins",
    What.AGAIN: "asked once more",
    What.CLOSE: "close",
    What.ACTIONS: "action list",
    What.DUE: "an action that is due",
    What.REQUEST: "an action to take on",
    What.REPORT: "a report that comes due",
    What.MONEY: "money that comes to its end",
    What.TARGET: "a target whose day has passed",
    What.LAST: "word that the coalition ends",
    What.FIGURES: "figures that are due",
    What.REFRESH: "{name}",
    What.DECISION: "decision “{name}”",
    What.READY: "decision “{name}” to record",
    What.PASSED: "word that the day of decision “{name}” has passed",
    What.AGENDA: "agenda of {name}",
    What.PACK: "pack for {name}",
    What.REMIND: "reminder of {name}",
    What.MEETING: "{name} itself",
    What.SUMMARY: "what {name} was answered",
    What.NEWS: "news",
    What.HELP: "an ask for help",
    What.PREVIEW: "preview of their part of the digest",
    What.NAMED: "preview of an action that the digest names",
    What.BRIEF: "the coordinators' brief",
    What.DIGEST: "digest",
    What.COPY: "copy of the digest",
    What.LETTER: "a letter",
    What.HELD: "what could not be sent",
    What.POST: "post",
}
# What depends on what people do until then.
CONDITIONS: Mapping[str, str] = {
    What.REMINDER: "only if no answer",
    What.DELEGATE: "only if no answer",
    What.AGAIN: "only if no answer",
    What.DUE: "unless it is done",
    What.REQUEST: "only if no answer",
    What.REPORT: "unless it is sent",
    What.TARGET: "unless there is a new one",
    What.FIGURES: "unless they are there",
    What.REFRESH: "unless they are there",
    What.DECISION: "only if no answer",
    What.READY: "unless it is recorded",
    What.PASSED: "unless it is recorded",
    What.NAMED: "unless it is done",
}
BESIDE = "What people ask of each other, and what follows from answers, comes beside this."


def phrase(what: str, name: str) -> str:
    """What it is, in words."""
    return PHRASES[what].format(name=name)


def condition(what: str) -> str:
    """On what it depends; empty where on nothing."""
    return CONDITIONS.get(what, "")


def phrase_along(what: str, name: str, leading: str) -> str:
    """What it is where it comes with `leading`, and on what it depends, where that is not said of the message."""
    own = condition(what)
    return f"{phrase(what, name)} ({own})" if own and own != condition(leading) else phrase(what, name)
