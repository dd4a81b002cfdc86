"""Check-ins: rounds, questions, answers, and how a priority stands. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.checkins.answers import AnsweredMeanwhile, KeptForNext, NotYet, Reply, RoundClosed, Stored
from bot.services.checkins.asking import ask_now, withdraw_after
from bot.services.checkins.cadences import CheckinCadences
from bot.services.checkins.checkins import Checkins, open_rounds
from bot.services.checkins.closing import after_close
from bot.services.checkins.drafts import CheckinDrafts, Mended
from bot.services.checkins.earlier_rules import open_by_earlier_rules
from bot.services.checkins.early_answers import early_answers_of, take_early_answer
from bot.services.checkins.introductions import first_contact_of
from bot.services.checkins.owed_messages import owed_items
from bot.services.checkins.own_answers import CheckinAnswers, own_readers, read_summary, read_summary_post
from bot.services.checkins.private_notes import PrivateNotes, notes_for, reads_notes, unseen_by
from bot.services.checkins.prompts import read_checkin
from bot.services.checkins.pulses import PulseReply, Pulses, TookPart, count_took_part, count_up
from bot.services.checkins.question_sets import QuestionSets
from bot.services.checkins.rounds import CheckinRounds, next_opening
from bot.services.checkins.versions import versions_of
