"""Organizations: the list, a card, adding and changing one."""

from __future__ import annotations

from bot.domain.organizations import OrganizationCard, OrganizationForm, OrganizationList
from bot.domain.rights import Right
from bot.slack.blocks.organizations import (
    ADD_TITLE,
    EDIT_TITLE,
    ORGANIZATION_FORM,
    TITLE,
    organization_list_message,
    organization_message,
)
from bot.slack.identifiers import Action, Submission
from handlers.listeners import Line, Listeners
from handlers.rosters import Roster

ORGANIZATIONS: Roster[OrganizationList, OrganizationCard, OrganizationForm] = Roster(
    service=lambda services: services.organizations,
    people="contacts",
    title=TITLE,
    add_title=ADD_TITLE,
    edit_title=EDIT_TITLE,
    list_message=organization_list_message,
    card_message=organization_message,
    form_view=ORGANIZATION_FORM.view,
    name=lambda card: card.line.name,
)

LISTENERS = Listeners(
    noun="coalition",
    actions={
        Action.TURN_ORGANIZATIONS: ORGANIZATIONS.turn,
        Action.OPEN_ORGANIZATION: ORGANIZATIONS.open_card,
        Action.ADD_ORGANIZATION: ORGANIZATIONS.open_add,
        Action.EDIT_ORGANIZATION: ORGANIZATIONS.open_edit,
    },
    submissions={Submission.ORGANIZATION: ORGANIZATIONS.submit},
    lines=(
        Line(
            "organizations",
            "every organization, or the one that you name",
            ORGANIZATIONS.show_list,
            Right.SEE_OWN,
            ("organizations",),
            takes=ORGANIZATIONS.show_typed,
            usage="[NAME | add | edit NAME]",
            synonyms=("organization", "orgs"),
        ),
    ),
)
