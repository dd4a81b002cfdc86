"""People: members, their accounts, and words between them. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.people.away import AWAY_FORM, away_message
from bot.slack.blocks.people.coordinator_notes import (
    NOTE_FORM,
    NoteForm,
    note_hint_message,
    note_read_back_message,
    note_sent_message,
)
from bot.slack.blocks.people.first_contact import (
    IN_FIRST_CONTACT,
    actions_are_read_by,
    first_contact_blocks,
    first_contact_text,
    who_sees_what_view,
)
from bot.slack.blocks.people.letters import (
    LETTER_FORM,
    figures_asked_message,
    letter_message,
    letter_sent_words,
    sign_in_message,
)
from bot.slack.blocks.people.members import (
    ADD_MEMBER_FORM,
    EDIT_MEMBER_FORM,
    MEMBER_TITLE,
    ROLES_FORM,
    STAND_IN_FORM,
    member_list_message,
    member_message,
)
from bot.slack.blocks.people.news import (
    account_gone_item,
    account_moved_message,
    link_request_block,
    link_request_item,
    roles_item,
    stands_in_item,
)
from bot.slack.blocks.people.own_settings import SETTINGS_FORM, WHAT_IN_THEM, settings_message
from bot.slack.blocks.people.people import (
    NOT_SET_UP,
    PEOPLE,
    link_view,
    me_message,
    not_set_up_message,
    notice_message,
    notice_view,
    person_block,
    set_up_button,
    stranger_message,
    stranger_words,
    to_link,
    without_mail,
)
