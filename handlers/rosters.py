"""Organizations and groups: of each a list that an admin keeps, a card, and a form to add and change one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from bot.domain.organizations import (
    GroupCard,
    GroupForm,
    GroupList,
    OrganizationCard,
    OrganizationForm,
    OrganizationList,
)
from bot.domain.rights import Right
from bot.errors import UserError
from bot.services import Services
from bot.services.access import Actor
from bot.slack.blocks.organizations import (
    ADD_GROUP_TITLE,
    ADD_TITLE,
    EDIT_GROUP_TITLE,
    EDIT_TITLE,
    GROUP_FORM,
    GROUP_TITLE,
    ORGANIZATION_FORM,
    TITLE,
    group_list_message,
    group_message,
    organization_list_message,
    organization_message,
)
from bot.slack.forms import Form, read_choices
from bot.slack.identifiers import Action
from bot.slack.message import Message, View
from bot.slack.metadata import OUT_OF_DATE, Marked
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners

PageT = TypeVar("PageT")
CardT = TypeVar("CardT")
FormT = TypeVar("FormT")
PageOf_co = TypeVar("PageOf_co", covariant=True)
CardOf_co = TypeVar("CardOf_co", covariant=True)
FormOf_co = TypeVar("FormOf_co", covariant=True)


class Service(Protocol[PageOf_co, CardOf_co, FormOf_co]):
    """How such a list is read and changed. `people` are ids of members."""

    async def page(self, actor: Actor, page: int = 0) -> PageOf_co: ...
    async def card(self, actor: Actor, typed: str) -> CardOf_co: ...
    async def form(self, actor: Actor, typed: str | None = None) -> FormOf_co: ...
    async def add(
        self, actor: Actor, key: str, answers: Mapping[str, str | None], people: Sequence[str], /
    ) -> CardOf_co: ...
    async def edit(
        self,
        actor: Actor,
        key: str,
        opened: Mapping[str, str],
        answers: Mapping[str, str | None],
        people: Sequence[str],
        /,
    ) -> CardOf_co: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster(Generic[PageT, CardT, FormT]):
    """One such list: its words and screens. `people` is the field of its form in which members are picked."""

    service: Callable[[Services], Service[PageT, CardT, FormT]]
    nouns: str  # several of them
    synonyms: tuple[str, ...]
    people: str
    title: str
    add_title: str
    edit_title: str
    list_message: Callable[[PageT], Message]
    card_message: Callable[..., Message]
    form: Form[FormT, Any]
    name: Callable[[CardT], str]

    def listeners(self, turn: Action, open_card: Action, add: Action, edit: Action) -> Listeners:
        """By these buttons, its form, and the words for its list."""
        line = Line(
            self.nouns,
            f"every {self.synonyms[0]}, or the one that you name",
            self.show_list,
            Right.SEE_OWN,
            (self.nouns,),
            takes=self.show_typed,
            usage="[NAME | add | edit NAME]",
            synonyms=self.synonyms,
        )
        return Listeners(
            noun="coalition",
            actions={turn: self.turn, open_card: self.open_card, add: self.open_add, edit: self.open_edit},
            submissions={self.form.submission: self.submit},
            lines=(line,),
        )

    async def show_list(self, call: Call) -> None:
        """All of them, a page at a time."""
        await call.reply(self.list_message(await self.service(call.services).page(await call.actor())))

    async def turn(self, call: Call) -> None:
        page = call.pressed(int)
        found = await self.service(call.services).page(await call.actor(), page)
        await call.reply(self.list_message(found), replace=True)

    async def show_typed(self, call: Call, typed: str) -> None:
        """ "add", "edit NAME", or a name."""
        verb, _, name = typed.partition(" ")
        if verb.casefold() == "add" and not name:
            await self.open_add(call)
        elif verb.casefold() == "edit" and name:
            await self._open_form(call, self.edit_title, name.strip())
        else:
            await call.reply(self.card_message(await self.service(call.services).card(await call.actor(), typed)))

    async def open_card(self, call: Call) -> None:
        await call.open(self.title)
        card = await self.service(call.services).card(await call.actor(), _value(call))
        await call.show(self.card_message(card).view(self.title))

    async def open_add(self, call: Call) -> None:
        await self._open_form(call, self.add_title, None)

    async def open_edit(self, call: Call) -> None:
        await self._open_form(call, self.edit_title, _value(call))

    async def submit(self, call: Call) -> None:
        """The form was sent: the card as it is now."""
        form = call.about(Marked)
        answers, people = call.entered, read_choices(call.values).get(self.people, [])
        actor, service = await call.actor(), self.service(call.services)
        if form.id is None:
            card = await service.add(actor, call.form_key, answers, people)
        else:
            card = await service.edit(actor, form.id, form.marks, answers, people)
        said = f"{self.name(card)} is added." if form.id is None else "Saved."
        await show_saved(call, self.card_message(card, said).view(self.title))

    async def _open_form(self, call: Call, title: str, typed: str | None) -> None:
        await call.open(title)
        await call.show(self.form.view(await self.service(call.services).form(await call.actor(), typed)))


async def show_saved(call: Call, view: View) -> None:
    """The card as it is now: below the form where it stood on one, else in the form's place."""
    call.services.deliveries.on_change()
    await call.settle(view)
    await refresh_home(call)


def _value(call: Call) -> str:
    if not call.value:
        raise UserError(OUT_OF_DATE)
    return call.value


_ORGANIZATIONS: Roster[OrganizationList, OrganizationCard, OrganizationForm] = Roster(
    service=lambda services: services.organizations,
    nouns="organizations",
    synonyms=("organization", "orgs"),
    people="contacts",
    title=TITLE,
    add_title=ADD_TITLE,
    edit_title=EDIT_TITLE,
    list_message=organization_list_message,
    card_message=organization_message,
    form=ORGANIZATION_FORM,
    name=lambda card: card.line.name,
)
ORGANIZATIONS = _ORGANIZATIONS.listeners(
    Action.TURN_ORGANIZATIONS, Action.OPEN_ORGANIZATION, Action.ADD_ORGANIZATION, Action.EDIT_ORGANIZATION
)
_GROUPS: Roster[GroupList, GroupCard, GroupForm] = Roster(
    service=lambda services: services.groups,
    nouns="groups",
    synonyms=("group",),
    people="members",
    title=GROUP_TITLE,
    add_title=ADD_GROUP_TITLE,
    edit_title=EDIT_GROUP_TITLE,
    list_message=group_list_message,
    card_message=group_message,
    form=GROUP_FORM,
    name=lambda card: card.line.name,
)
GROUPS = _GROUPS.listeners(Action.TURN_GROUPS, Action.OPEN_GROUP, Action.ADD_GROUP, Action.EDIT_GROUP)
