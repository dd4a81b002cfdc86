"""Who asks: the actor behind each call, and what all use cases share. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.access.actors import Actor, Addressee, addressee, clock, helper_in, operator, person, refusal
from bot.services.access.base import Service, locked_row, one_at_a_time
from bot.services.access.names import channel_name, members_mentioned, names_of_members
from bot.services.access.transactions import ByActor, ForChannel, OnRecord, Transaction, UseCase
