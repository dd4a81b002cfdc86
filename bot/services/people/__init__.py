"""People: members, their accounts, and words between them. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.people.account_links import account_row, may_configure
from bot.services.people.answer_links import (
    ABOUT,
    CHOICES,
    CHOICES_LINK,
    SIGN_IN,
    STOP,
    USED,
    AnswerLinks,
    OpenedLink,
    read_sign_in,
)
from bot.services.people.answer_links import PATH as ANSWER_PATH
from bot.services.people.channels import channels_of, cut_off_channels
from bot.services.people.first_contact import FirstContacts
from bot.services.people.letters import Letters, correct_letters, form_to, read_letters, write_letters
from bot.services.people.link_requests import LinkRequests, read_link_request, waiting_requests
from bot.services.people.members import Members, admin_name, find_member, helper_name
from bot.services.people.news import read_account_gone, read_account_moved, read_roles, read_stands_in
from bot.services.people.outside_slack import members_outside_slack
from bot.services.people.own_data import OwnData
from bot.services.people.people import People
