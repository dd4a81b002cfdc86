"""What travels through Slack and comes back: button values, block ids and private_metadata.

One codec writes and reads the values that are declared here by noun. Only ids travel, never what people wrote.
"""

from bot.slack.metadata.actions import ActionOpened, ActionUndo, NewActionOpened
from bot.slack.metadata.checkins import AnswerOpened, CheckinOpened, DatesOpened, QuestionOpened, RoundKey, seen_dates
from bot.slack.metadata.codec import OUT_OF_DATE, OUT_OF_DATE_FORM, SHAPES, decode, encode
from bot.slack.metadata.decisions import (
    Ballot,
    DecisionDayOpened,
    EscalationKey,
    IssueCloseOpened,
    NewDecisionOpened,
    OptionKey,
)
from bot.slack.metadata.digests import CopiesWanted, OwnPartKey, OwnPartOpened
from bot.slack.metadata.meetings import (
    MeetingChangeOpened,
    MeetingOpened,
    MeetingPage,
    OccurrenceOpened,
    PackKey,
    decode_meeting,
)
from bot.slack.metadata.names import (
    decode_member,
    decode_question,
    decode_way,
    encode_member,
    encode_question,
    encode_way,
)
from bot.slack.metadata.people import AccountLink, KindWanted, LetterOpened
from bot.slack.metadata.plans import MoneyKey, OutcomeKey, OutcomeOpened
from bot.slack.metadata.shared import ItemPage, ListPages, Marked, shown_pages
