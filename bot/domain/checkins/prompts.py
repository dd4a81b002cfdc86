"""What a message with prompts says, before anybody decides how it looks. Composed late, from the state at sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from bot.domain.checkins.answers_in_words import Said, update_on
from bot.domain.metrics import MetricStanding
from bot.domain.outbox import Item, Told
from bot.domain.rhythm import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said about a priority in a round."""

    assessment: str | None
    confidence: int | None
    confidence_before: int | None
    moved: str | None
    blocker: str | None
    ask: str | None
    ask_from_name: str | None
    next: str | None
    by: str  # member id
    by_name: str
    on_behalf_of_name: str | None
    answered_at: datetime | None
    edited_at: datetime | None
    no_change: bool
    has_private_note: bool
    came_true: str | None = None  # yes | in_part | not_yet: what was promised last time
    more: tuple[Said, ...] = ()  # what else its set asks; all of it where it doesn't say how the priority stands


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptItem:
    """One priority's check-in as one person is asked about it; or one that asks somebody for themselves (`is_own`),
    whose `priority` is then the id of that member, and its name that of the questions. Moments are UTC."""

    kind: str  # ask | reminder | delegate
    subject_id: int  # the round's subject: what buttons carry
    priority: str
    priority_name: str
    opens_at: datetime
    closes_at: datetime
    owner: str
    owner_name: str
    delegate_name: str | None
    readers: tuple[str, ...]  # "#lb-access", "the Steering Committee"
    digest_at: datetime | None
    state: str  # open | answered | closed
    answer: Answer | None
    last_on: date | None  # day of the last answer before this round
    last_assessment: str | None
    last_confidence: int | None
    may_repeat: bool  # "no change" is allowed: there is a last answer, and not twice in a row
    next_opens_at: datetime | None
    minutes: int = 0  # what the questions take
    stand_in_asked_at: datetime | None = None  # set once the stand-in is asked too, while it is open
    stand_in_declined: bool = False  # the stand-in said: not this time
    sets_standing: bool = True  # whether its answer says how the priority stands
    title: str = ""  # of its questions
    kept: tuple[Said, ...] = ()  # what whoever is asked wrote for it too late, and has not sent, …
    kept_at: datetime | None = None  # … and when
    asked_again_by: str | None = None  # name of the coordinator who asked once more
    is_own: bool = False
    whose_word: str | None = None  # where a group is asked how its priority stands: whose word on it counts
    is_anonymous: bool = False  # nobody's name is kept with an answer: there is nothing to edit, and nobody stands in

    @property
    def update(self) -> str:
        """What is asked for, in words: "update on Job quality", "answer to Access questions"."""
        return update_on(self.priority_name, is_own=self.is_own)

    @property
    def heading(self) -> str:
        """What it is called where a priority may have several."""
        if self.is_own:
            return self.priority_name
        return f"{'Update' if self.sets_standing or not self.title else self.title}: {self.priority_name}"

    @property
    def is_settled(self) -> bool:
        return self.state != "open"

    @property
    def has_lapsed(self) -> bool:
        """The round closed and nobody answered; of an anonymous one nobody knows."""
        return self.is_settled and self.answer is None and not self.is_anonymous


@dataclass(frozen=True, slots=True)
class BundleItem:
    """One thing in somebody's message: `about` names it within its kind, `value` is what its kind says of it."""

    item: Item
    about: str
    value: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstContact:
    """What a person is told once, before the first prompt."""

    set_up_by: str | None  # None for whoever did it
    set_up_by_organization: str
    coalition_name: str
    private_readers: tuple[str, ...]  # names of those who read the box for the coordinators
    minutes: int
    stand_in: str | None
    zone_known: bool
    rhythm: str  # "Tuesdays, 9:00 AM"
    quiet_from: time = time(20)
    quiet_to: time = time(7)
    confirmed: bool = False  # the person pressed the button
    owned: tuple[str, ...] = ()  # names of the priorities that a check-in asks this person about
    own_checkins: tuple[tuple[str, str], ...] = ()  # what asks this person for themselves: titles and rhythms
    readers: tuple[str, ...] = ()  # who reads those updates
    action_readers: tuple[str, ...] = ()  # who reads this person's actions


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts(Seen):
    """One direct message: who gets it, on which clock, and its items in order."""

    receiver: str
    receiver_name: str
    items: tuple[BundleItem, ...]
    first_contact: FirstContact | None = None
    by_mail: bool = False  # it is read as a letter

    @property
    def checkins(self) -> tuple[PromptItem, ...]:
        """The items that are about a priority's check-in."""
        return tuple(one.value for one in self.items if isinstance(one.value, PromptItem))


@dataclass(frozen=True, slots=True)
class OpenAsk:
    """What a priority asks for, of whom and since when, and nobody has answered yet."""

    text: str
    asked_name: str | None
    asked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FormQuestion:
    """One question of a check-in's form. The label's `{due}` and `{next_outcome}` are filled in by the renderer."""

    id: str
    type: str
    label: str
    label_without_outcome: str | None
    outcome_name: str | None
    outcome_due: date | None
    required: bool
    required_if: str | None
    options: tuple[str, ...]
    min: int | None
    max: int | None
    max_length: int | None
    source: str | None
    last: str | None  # what was answered last time, shown as a hint
    initial: str | None
    initial_name: str | None = None  # of the organization or group that `initial` stands for
    waiting: tuple[OpenAsk, ...] = ()  # what was asked in earlier rounds, and nobody has answered yet


@dataclass(frozen=True, slots=True)
class NextKey:
    """Which coming round of which priority, or of which member: ids, and the slot as a naive wall time."""

    cadence: str
    priority: str
    slot: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredBy:
    """An answer that somebody else gave while a form was open; `answer` is its mark."""

    by_name: str
    at: datetime
    assessment: str | None
    confidence: int | None
    moved: str | None
    blocker: str | None
    answer: str
    more: tuple[Said, ...] = ()  # what else the set asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The answer that a form goes on from: who gave it, for whom, and when."""

    promise: str | None  # what it said would be true by now
    on: date
    is_last_week: bool  # of the calendar week before the form's round
    by: str | None  # who said it; None: whoever has the form
    for_name: str | None = None  # whom it was said for, where that was somebody else
    is_for_reader: bool = False  # whether that is whoever has the form


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinForm(Seen):
    """A check-in's form for one person and one priority, or what asks a person for themselves (`is_own`). `state` is
    open, answered, closed, ahead or preview."""

    subject_id: int
    title: str
    state: str
    priority_name: str
    closes_at: datetime
    next_opens_at: datetime | None
    readers: tuple[str, ...]
    digest_at: datetime | None
    headline: MetricStanding | None  # what the numbers say
    earlier: Earlier | None
    came_true: str | None = None  # yes | in_part | not_yet: what was said about the promise
    private_readers: tuple[str, ...]
    for_name: str | None  # whom the person stands in for
    coordinator: str | None
    questions: tuple[FormQuestion, ...]
    ahead: NextKey | None = None  # set where the round has not opened; then `subject_id` is 0
    answer: str = ""  # a mark of the answer that is there; "" where there is none
    kept_at: datetime | None = None  # when this person typed what is filled in and was not sent
    is_anonymous: bool = False
    told_in: str | None = None  # the channel that is told of an anonymous round; None: whoever is asked
    is_own: bool = False
    whose_word: str | None = None  # where a group is asked how its priority stands: whose word on it counts
    sets_standing: bool = True  # whether its answer says how the priority stands, and so is in a digest
