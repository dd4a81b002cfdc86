"""Groups: the list, a card, adding and changing one."""

from __future__ import annotations

from bot.domain.organizations import GroupCard, GroupForm, GroupList
from bot.domain.rights import Right
from bot.slack.blocks.organizations import (
    ADD_GROUP_TITLE,
    EDIT_GROUP_TITLE,
    GROUP_FORM,
    GROUP_TITLE,
    group_list_message,
    group_message,
)
from bot.slack.identifiers import Action, Submission
from handlers.listeners import Line, Listeners
from handlers.rosters import Roster

GROUPS: Roster[GroupList, GroupCard, GroupForm] = Roster(
    service=lambda services: services.groups,
    people="members",
    title=GROUP_TITLE,
    add_title=ADD_GROUP_TITLE,
    edit_title=EDIT_GROUP_TITLE,
    list_message=group_list_message,
    card_message=group_message,
    form_view=GROUP_FORM.view,
    name=lambda card: card.line.name,
)

LISTENERS = Listeners(
    noun="coalition",
    actions={
        Action.TURN_GROUPS: GROUPS.turn,
        Action.OPEN_GROUP: GROUPS.open_card,
        Action.ADD_GROUP: GROUPS.open_add,
        Action.EDIT_GROUP: GROUPS.open_edit,
    },
    submissions={Submission.GROUP: GROUPS.submit},
    lines=(
        Line(
            "groups",
            "every group, or the one that you name",
            GROUPS.show_list,
            Right.SEE_OWN,
            ("groups",),
            takes=GROUPS.show_typed,
            usage="[NAME | add | edit NAME]",
            synonyms=("group",),
        ),
    ),
)
