"""What the bot can do: a class for each noun, a transaction for each public method, an Actor for every call.

Services never call Slack and never call each other's public methods; shared steps take a session.
"""

from __future__ import annotations

from bot.clock import Calendar, ElapsedTime
from bot.sealing import Seal
from bot.services.actions import ActionItems, OwnActionsForm
from bot.services.asks import Asks
from bot.services.away import Absences
from bot.services.briefs import Briefs
from bot.services.canvases import Canvases
from bot.services.checkins import (
    CheckinAnswers,
    CheckinCadences,
    CheckinDrafts,
    CheckinRounds,
    Checkins,
    PrivateNotes,
    Pulses,
    QuestionSets,
)
from bot.services.coalition import CoalitionParticulars, Coalitions, NorthStars, Setup
from bot.services.decisions import DecisionChases, Decisions
from bot.services.digests import DigestMoves, Digests
from bot.services.drafts import FormWords
from bot.services.endings import CoalitionEnds, Ends, Erasures, Leavings
from bot.services.funding import Funding, FundingChanges
from bot.services.health import HealthReports
from bot.services.histories import Audit, Histories, PublicRecordSearch
from bot.services.home import Home
from bot.services.installations import Installations
from bot.services.issues import Issues
from bot.services.meetings import Agendas, CalendarFeeds, Calendars, MeetingNotes, MeetingPlans, Meetings
from bot.services.metrics import FigureTables, MetricPlans, Metrics
from bot.services.organizations import Groups, Organizations
from bot.services.outbox import Pictures
from bot.services.packs import Packs
from bot.services.people import AnswerLinks, FirstContacts, Letters, LinkRequests, Members, OwnData, People
from bot.services.plan import Plans
from bot.services.priorities import Priorities, PriorityPlans
from bot.services.rhythm import Rhythm
from bot.services.sending import (
    Bounces,
    Contents,
    Deliveries,
    Envelopes,
    Forgetting,
    Inbox,
    Queue,
    Recoveries,
    Runs,
    Timing,
    UnclearPosts,
)
from bot.services.series import SeriesAnswers, SeriesLooks, SeriesPlans
from bot.services.settings import OwnSettings
from bot.services.undelivered import Undeliveries
from bot.services.visibility import Visibilities
from bot.services.week import Week
from bot.store.database import Database


class Services:
    """The bundle that both edges receive. `owner` names this process in leases; `seal` opens workspaces' tokens and
    links; `address` is where people reach the program."""

    def __init__(
        self,
        database: Database,
        calendar: Calendar,
        elapsed: ElapsedTime,
        *,
        owner: str = "cli",
        timing: Timing | None = None,
        seal: Seal | None = None,
        address: str | None = None,
    ) -> None:
        self.database = database
        self.calendar = calendar
        self.coalitions = Coalitions(database, calendar)
        self.people = People(database, calendar)
        self.installations = Installations(database, calendar, elapsed, seal)
        self.setup = Setup(database, calendar)
        self.members = Members(database, calendar)
        self.answer_links = AnswerLinks(database, calendar, seal, address)
        self.own_data = OwnData(database, calendar)
        self.leavings = Leavings(database, calendar)
        self.ends = Ends(database, calendar)
        self.coalition_ends = CoalitionEnds(database, calendar)
        self.erasures = Erasures(database, calendar)
        self.audit = Audit(database, calendar)
        self.public_records = PublicRecordSearch(database, calendar)
        self.week = Week(database, calendar)
        self.checkins = Checkins(database, calendar)
        self.asks = Asks(database, calendar)
        self.letters = Letters(database, calendar)
        self.link_requests = LinkRequests(database, calendar)
        self.private_notes = PrivateNotes(database, calendar)
        self.form_words = FormWords(database, calendar)
        self.briefs = Briefs(database, calendar)
        self.checkin_rounds = CheckinRounds(database, calendar)
        self.checkin_answers = CheckinAnswers(database, calendar)
        self.pulses = Pulses(database, calendar)
        self.checkin_cadences = CheckinCadences(database, calendar)
        self.checkin_drafts = CheckinDrafts(database, calendar)
        self.question_sets = QuestionSets(database, calendar)
        self.absences = Absences(database, calendar)
        self.own_settings = OwnSettings(database, calendar)
        self.action_items = ActionItems(database, calendar)
        self.own_actions = OwnActionsForm(database, calendar)
        self.metrics = Metrics(database, calendar)
        self.metric_plans = MetricPlans(database, calendar)
        self.series_plans = SeriesPlans(database, calendar)
        self.series_answers = SeriesAnswers(database, calendar)
        self.series_looks = SeriesLooks(database, calendar, owner)
        self.figure_tables = FigureTables(database, calendar)
        self.priorities = Priorities(database, calendar)
        self.pictures = Pictures(database, calendar)
        self.priority_plans = PriorityPlans(database, calendar)
        self.canvases = Canvases(database, calendar)
        self.plans = Plans(database, calendar)
        self.funding = Funding(database, calendar)
        self.funding_changes = FundingChanges(database, calendar)
        self.decisions = Decisions(database, calendar)
        self.decision_chases = DecisionChases(database, calendar)
        self.issues = Issues(database, calendar)
        self.histories = Histories(database, calendar)
        self.visibilities = Visibilities(database, calendar)
        self.meetings = Meetings(database, calendar)
        self.meeting_plans = MeetingPlans(database, calendar)
        self.agendas = Agendas(database, calendar)
        self.packs = Packs(database, calendar)
        self.meeting_notes = MeetingNotes(database, calendar)
        self.calendars = Calendars(database, calendar)
        self.calendar_feeds = CalendarFeeds(database, calendar, seal, address)
        self.digests = Digests(database, calendar)
        self.digest_moves = DigestMoves(database, calendar)
        self.rhythm = Rhythm(database, calendar)
        self.deliveries = Deliveries(database, calendar, elapsed, owner, timing)
        self.unclear_posts = UnclearPosts(self.deliveries)
        self.bounces = Bounces(self.deliveries)
        self.recoveries = Recoveries(self.deliveries)
        self.runs = Runs(self.deliveries)
        self.undeliveries = Undeliveries(database, calendar)
        self.health_reports = HealthReports(database, calendar)
        self.contents = Contents(database, calendar)
        self.envelopes = Envelopes(database, calendar)
        self.first_contacts = FirstContacts(database, calendar)
        self.home = Home(database, calendar)
        self.organizations = Organizations(database, calendar)
        self.groups = Groups(database, calendar)
        self.north_stars = NorthStars(database, calendar)
        self.coalition_particulars = CoalitionParticulars(database, calendar)
        self.inbox = Inbox(database, calendar, owner, self.deliveries.timing.lease)
        self.queue = Queue(database, calendar)
        self.forgetting = Forgetting(database, calendar)
