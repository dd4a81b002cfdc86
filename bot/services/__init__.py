"""What the bot can do: one class a noun, one transaction a public method, every method with an Actor.

Services never call Slack and never call each other's public methods; shared steps take a session.
"""

from __future__ import annotations

from bot.clock import Calendar, ElapsedTime
from bot.services.action_forms import ActionForms
from bot.services.action_items import ActionItems
from bot.services.agendas import Agendas
from bot.services.asks import Asks
from bot.services.audit import Audit
from bot.services.away import Absences
from bot.services.briefs import Briefs
from bot.services.calendars import Calendars
from bot.services.checkin_cadences import CheckInCadences
from bot.services.checkin_drafts import CheckInDrafts
from bot.services.checkin_rounds import CheckInRounds
from bot.services.checkins import CheckIns
from bot.services.coalitions import Coalitions
from bot.services.contents import Contents
from bot.services.decision_chases import DecisionChases
from bot.services.decisions import Decisions
from bot.services.deliveries import Deliveries, Timing
from bot.services.digest_moves import DigestMoves
from bot.services.digests import Digests
from bot.services.first_contact import FirstContacts
from bot.services.form_words import FormWords
from bot.services.funding import Funding
from bot.services.funding_changes import FundingChanges
from bot.services.groups import Groups
from bot.services.histories import Histories
from bot.services.home import Home
from bot.services.inbox import Inbox
from bot.services.issues import Issues
from bot.services.letters import Letters
from bot.services.link_requests import LinkRequests
from bot.services.meeting_notes import MeetingNotes
from bot.services.meeting_plans import MeetingPlans
from bot.services.meetings import Meetings
from bot.services.members import Members
from bot.services.metric_plans import MetricPlans
from bot.services.metrics import Metrics
from bot.services.north_stars import NorthStars
from bot.services.organizations import Organizations
from bot.services.own_settings import OwnSettings
from bot.services.people import People
from bot.services.pictures import Pictures
from bot.services.priorities import Priorities
from bot.services.priority_plans import PriorityPlans
from bot.services.private_notes import PrivateNotes
from bot.services.rhythm import Rhythm
from bot.services.setup import Setup
from bot.services.unclear_posts import UnclearPosts
from bot.services.undelivered import Undeliveries
from bot.services.week import Week
from bot.store.database import Database


class Services:
    """The bundle that both edges receive. `owner` names this process in leases."""

    def __init__(
        self,
        database: Database,
        calendar: Calendar,
        elapsed: ElapsedTime,
        *,
        owner: str = "cli",
        timing: Timing | None = None,
    ) -> None:
        self.database = database
        self.calendar = calendar
        self.coalitions = Coalitions(database, calendar)
        self.people = People(database, calendar)
        self.setup = Setup(database, calendar)
        self.members = Members(database, calendar)
        self.audit = Audit(database, calendar)
        self.week = Week(database, calendar)
        self.check_ins = CheckIns(database, calendar)
        self.asks = Asks(database, calendar)
        self.letters = Letters(database, calendar)
        self.link_requests = LinkRequests(database, calendar)
        self.private_notes = PrivateNotes(database, calendar)
        self.form_words = FormWords(database, calendar)
        self.briefs = Briefs(database, calendar)
        self.check_in_rounds = CheckInRounds(database, calendar)
        self.check_in_cadences = CheckInCadences(database, calendar)
        self.check_in_drafts = CheckInDrafts(database, calendar)
        self.absences = Absences(database, calendar)
        self.own_settings = OwnSettings(database, calendar)
        self.action_items = ActionItems(database, calendar)
        self.action_forms = ActionForms(database, calendar)
        self.metrics = Metrics(database, calendar)
        self.metric_plans = MetricPlans(database, calendar)
        self.priorities = Priorities(database, calendar)
        self.pictures = Pictures(database, calendar)
        self.priority_plans = PriorityPlans(database, calendar)
        self.funding = Funding(database, calendar)
        self.funding_changes = FundingChanges(database, calendar)
        self.decisions = Decisions(database, calendar)
        self.decision_chases = DecisionChases(database, calendar)
        self.issues = Issues(database, calendar)
        self.histories = Histories(database, calendar)
        self.meetings = Meetings(database, calendar)
        self.meeting_plans = MeetingPlans(database, calendar)
        self.agendas = Agendas(database, calendar)
        self.meeting_notes = MeetingNotes(database, calendar)
        self.calendars = Calendars(database, calendar)
        self.digests = Digests(database, calendar)
        self.digest_moves = DigestMoves(database, calendar)
        self.rhythm = Rhythm(database, calendar)
        self.deliveries = Deliveries(database, calendar, elapsed, owner, timing)
        self.unclear_posts = UnclearPosts(self.deliveries)
        self.undeliveries = Undeliveries(database, calendar)
        self.contents = Contents(database, calendar)
        self.first_contacts = FirstContacts(database, calendar)
        self.home = Home(database, calendar)
        self.organizations = Organizations(database, calendar)
        self.groups = Groups(database, calendar)
        self.north_stars = NorthStars(database, calendar)
        self.inbox = Inbox(database, calendar)
