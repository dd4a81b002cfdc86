"""Decisions: who decides by which rule, and what was decided. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.decisions.chases import DecisionChases
from bot.services.decisions.decisions import Decisions
from bot.services.decisions.news import announce as announce_decision
from bot.services.decisions.news import read_item, read_post, tell_imported, waiting_cards
from bot.services.decisions.outcomes import read_outcome
from bot.services.decisions.proposals import APPLY, propose_asked, propose_change, steering_of
from bot.services.decisions.reminders import cards_to_end, chase_decisions, next_chase, read_waiting
from bot.services.decisions.views import DECISION, DecisionsView, may_propose, read_decisions
