"""Pages for the browser of somebody who isn't in Slack: a message or a form as HTML that works without any script, and
what was entered in it, in the shape in which Slack would say it."""

from __future__ import annotations

from bot.pages.entered import Posted, Values, entered_in, problems_of, shown_with, touched
from bot.pages.pages import (
    Asked,
    Notice,
    Screen,
    as_page,
    pressable,
    question_page,
    sign_in_page,
    stop_page,
    words_page,
)
