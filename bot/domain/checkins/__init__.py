"""Check-ins: rounds, questions, answers, and how a priority stands. Values and rules, pure."""

from __future__ import annotations

from bot.domain.checkins.answers_in_words import (
    KNOWN,
    PRIVATE_NOTE,
    Names,
    ReadsAnswers,
    Said,
    SetAnswer,
    earlier_answers,
    keeping_note,
    latest_said,
    questions_of_cadence,
    said,
    said_about,
    said_for,
    said_in,
    typed_answers,
    update_on,
    with_words,
)
from bot.domain.checkins.drafts import (
    DAYS,
    KEEP,
    MOST_NAME,
    PICKED,
    PLACES,
    CheckinDraft,
    CheckinDraftForm,
    askable_sets,
    cadence_of,
    draft_of,
    mistakes,
    subjects_asked_by,
)
from bot.domain.checkins.own_answers import (
    PAGE,
    AnswerLine,
    AnswersPage,
    AnswersTable,
    Quote,
    RoundSummary,
    Told,
    answer_lines,
    count_asked,
    newest_own_round,
    read_summary_about,
    summarize,
    summary_about,
    table_of,
)
from bot.domain.checkins.pages import (
    AskedAgain,
    AwayPage,
    AwaySpan,
    CheckinCard,
    CheckinChange,
    ChosenSettings,
    MyCheckins,
    NextRound,
    Owed,
    PauseQuestion,
    PersonalSettings,
    ReopenForm,
    RoundStatus,
    RunLine,
    SendingState,
    StandInAsked,
    StatusLine,
    Upcoming,
    UpcomingRounds,
    plan_of,
    sending_state,
)
from bot.domain.checkins.pickers import found_in, may_pick, name_of_picked, pickable
from bot.domain.checkins.previews import MOST_MINUTES, CheckinPreview, PreviewDate, PreviewReceiver, preview_of
from bot.domain.checkins.prompts import (
    Answer,
    AnsweredBy,
    BundleItem,
    CheckinForm,
    Earlier,
    FirstContact,
    FormQuestion,
    NextKey,
    OpenAsk,
    PromptItem,
    Prompts,
)
from bot.domain.checkins.questions import YES_OR_NO, as_day, as_number, check_values, chosen_in, entered_text
from bot.domain.checkins.standing_roles import ASSESSMENT, StandingRoles
from bot.domain.checkins.standings import (
    SILENT_FROM,
    Confidence,
    Standing,
    confidence,
    count_silent_rounds,
    disagrees,
    histories,
    standing,
)
