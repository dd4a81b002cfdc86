"""A database that was brought back from a copy, for coordinators: what is looked for, and what came of it."""

from __future__ import annotations

from bot.domain.sending import Recovery, Why
from bot.domain.wording import plural
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold


def recovery_words(one: Recovery, reader: Clock) -> str:
    """How far the record goes, what is done about what was sent since, and what people have to do. In markup."""
    since = reader.token(one.since)
    head = {
        Why.RESTORED: f"{bold('Restored from a backup')} of {since}.",
        Why.OLDER: f"{bold('My database is an older copy')}: it knows nothing after {since}.",
        Why.AWAY: f"{bold('I was away')} from {since} to {reader.token(one.noticed_at)}.",
    }[one.why]
    if one.ended_at is None:
        return (
            f"{head} I am looking up in Slack what I have sent since. Until I know, nothing goes out that may have "
            "gone out already."
        )
    found = (
        f"I found {plural(one.found, 'message')} in Slack that I had sent since, and send none of them again."
        if one.found
        else "I found no message in Slack that I had sent since."
    )
    words = [head, found]
    if one.held:
        words.append(f"Of {plural(one.held, 'message')} I can't tell: please say whether they arrived.")
    if one.why is not Why.AWAY or one.found:
        words.append(
            f"What people entered from then until {reader.token(one.noticed_at)} is not in the record: where it "
            "matters, please enter it again."
        )
    words.append("All else goes on.")
    return " ".join(words)
