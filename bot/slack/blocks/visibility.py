"""Who sees an action, an issue or a decision: the form in which that is chosen, and what became of it."""

from __future__ import annotations

from bot.domain.numbered import Sight, SightForm
from bot.domain.wording import cut
from bot.slack.blocks import kit
from bot.slack.forms import VISIBILITY, Form, about, note
from bot.slack.identifiers import Submission
from bot.slack.message import Message
from bot.slack.mrkdwn import bold, own
from bot.slack.names import listed

TITLE = "Who sees it"
_MOST_TITLE = 150

VISIBILITY_FORM: Form[SightForm, str] = Form(
    str, Submission.VISIBILITY, TITLE, "Save",
    note("What only some see stays out of digests, and is posted in no channel but one of that group alone. The "
         "coordinators and those who have to do with it always see it. What was posted already stays there."),
    about(lambda form: f"{bold(cut(form.title, _MOST_TITLE))} ({own(form.id)})"),
    VISIBILITY,
    marks=lambda form: form.id,
)  # fmt: skip


def sight_message(sight: Sight) -> Message:
    """Who sees one from now on."""
    readers = own(listed(sight.readers)) if sight.readers else "whoever reads its priority"
    words = f"{bold(cut(sight.title, _MOST_TITLE))} ({own(sight.id)}) · {'already ' if sight.already else ''}seen by"
    return Message.of(f"{sight.id} is seen by {readers}.", kit.section(f"{words} {readers}"))
