"""Text in Slack's markup: `escape`, `own` (people's words), `bold`, `quote`, `cut`, `date_token`, `unmark`,
`as_written`, `disarm`.

Cut before escaping: an escaped character that is cut in two would show. Figures, dates and words for the eye are in
`bot/domain/wording/wording.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from bot.domain.wording import cut as cut
from bot.domain.wording import one_line as one_line

_TOKEN = re.compile(r"<!date\^-?\d+\^[^|>]*(?:\^[^|>]*)?\|([^>]*)>")
# Whatever begins like a command of Slack's and is none of the moments that are written here.
_CALL = re.compile(r"<!(?!date\^-?\d+\^)")
_BACKTICKS = re.compile("`(?=`)")
_BOLD = re.compile(r"\*([^*\n]+)\*")
_LINK = re.compile(r"<(?:[^|>]*)\|([^>]*)>")
# What Slack writes for what a person typed: an address, a channel, a call of many.
_WRITTEN = re.compile(r"<(?P<to>(?:https?://|mailto:|tel:|#|!)[^|>]*)(?:\|(?P<label>[^>]*))?>")


def escape(text: str) -> str:
    """Escape exactly the three characters that Slack reads as markup: & < >."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def disarm(text: str) -> str:
    """Text in which nothing calls a whole channel or group, as long as it was: a net below `escape`, no substitute.

    Where Slack reads no marks nothing would be called; what was written there reads the same after it.
    """
    return _CALL.sub("‹!", text)


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_written(text: str) -> str:
    """A message's words as whoever wrote them sees them, where Slack put its own marks around addresses and the like.

    People who are mentioned, and channels that Slack doesn't name, stay marked: only the coalition knows who they are.
    """

    def written(found: re.Match[str]) -> str:
        to, label = found["to"], found["label"] or ""
        if to.startswith("#"):
            return f"#{label}" if label else found[0]
        if to.startswith("!"):
            return label if label.startswith("@") else f"@{label or to[1:].partition('^')[0]}"
        address = to.removeprefix("mailto:").removeprefix("tel:")
        # Slack makes an address of whatever looks like one: what was typed is its label then.
        if label and (label in address or not to.startswith("http")):
            return label
        return f"{label} ({address})" if label else address

    return unescape(_WRITTEN.sub(written, text))


def own(text: str) -> str:
    """People's words as they wrote them, on one line and escaped, so that they can't open a list or a code block."""
    return inline(one_line(text))


def inline(text: str) -> str:
    """Text of one line, escaped, with the spaces around it."""
    # Three backticks would swallow the lines below up to the next three, so an invisible space keeps them apart.
    return escape(_BACKTICKS.sub("`\u200b", text))


def bold(text: str) -> str:
    """Return text in bold, escaped; an asterisk in it is replaced by one that does not end the bold part."""
    inner = own(text).replace("*", "∗")
    return f"*{inner}*" if inner else ""


def quote(text: str) -> str:
    """Return people's words in curly quotes, escaped."""
    return f"“{own(text)}”"


def fitted(lines: Sequence[str], most: int = 2900) -> str:
    """Lines of markup as one text of at most `most` characters; where some are left out it says of how many."""
    text = "\n".join(lines)
    if len(text) <= most:
        return text
    kept: list[str] = []
    size = 40  # of what is said about the rest
    for line in lines:
        size += len(line) + 1
        if size > most:
            break
        kept.append(line)
    return "\n".join([*kept, f"… {len(kept)} of {len(lines)} lines"])


def date_token(moment: datetime, form: str, fallback: str) -> str:
    """Return a moment that everybody reads on their own clock, such as form "{date_short}, {time}".

    `fallback` is what is shown where the token is not understood: the moment in words, with its zone.
    """
    words = escape(fallback).replace("|", "/")
    return f"<!date^{int(moment.timestamp())}^{form}|{words}>"


def unmark(text: str) -> str:
    """Return Slack's markup as plain words: without bold marks, tokens as their fallback, unescaped."""
    bare = _LINK.sub(r"\1", _TOKEN.sub(r"\1", text))
    return unescape(_BOLD.sub(r"\1", bare).replace("\u200b", ""))
