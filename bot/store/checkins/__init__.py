"""Check-ins: rounds, questions, answers, and how a priority stands. Tables and rows."""

from __future__ import annotations

from bot.store.checkins.checkins import (
    ANSWERS_MEMBER,
    ANSWERS_SUBJECT,
    IS_UNANSWERED,
    DraftRow,
    MemberAnswerRow,
    ResponseRow,
    RoundRow,
    RoundSubjectRow,
    SubmissionRow,
)
from bot.store.checkins.private_notes import NoteReadingRow, PrivateNoteRow
from bot.store.checkins.pulses import PulseAnswerRow, PulseResultRow, new_key
