"""Forms: a table of fields declares one, and by it the form is shown, read, and kept until it is sent. No noun is
here."""

from __future__ import annotations

from bot.slack.forms.answers import (
    Entered,
    given_file,
    input_blocks,
    place_errors,
    read_answers,
    read_choices,
    read_typed,
)
from bot.slack.forms.fields import (
    Account,
    Channel,
    Choice,
    Choosable,
    Day,
    Field,
    File,
    Find,
    FindSeveral,
    Hour,
    Number,
    Pick,
    Text,
    Ticks,
    fixed,
    named_options,
)
from bot.slack.forms.form import Answered, Form, Part, about, as_typed, each, note
from bot.slack.forms.keeping import AGAIN, NOTICE, Keeps, about_one, about_whole, by, reporting
from bot.slack.forms.shared import PRIORITY, PUBLIC, VISIBILITY, DayAndTime, NewMoment, dated
