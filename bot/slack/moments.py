"""Moments as one reader sees them: as Slack's date tokens in markup, as words of the reader's clock everywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.wording import clock, day, near_day, zone_name
from bot.slack.mrkdwn import date_token

NEAR = "{date_short_pretty}"


def day_form(on: date, today: date) -> str:
    """The form of a day in a token. Slack's short ones leave the year out within half a year, so that a day of another
    year takes the one that always has it."""
    return NEAR if on.year == today.year else "{date_long_full}"


@dataclass(frozen=True, slots=True)
class Clock:
    """One reader's clock: the IANA zone they live by, and the moment at which the words are for."""

    zone: str
    now: datetime

    @classmethod
    def of_day(cls, zone: str, today: date) -> Clock:
        """The clock of a reader of whom only the date is known."""
        return cls(zone, datetime.combine(today, time(12), ZoneInfo(zone)).astimezone(UTC))

    def local(self, moment: datetime) -> datetime:
        """A moment on this clock."""
        return moment.astimezone(ZoneInfo(self.zone))

    @property
    def today(self) -> date:
        """The reader's date."""
        return self.local(self.now).date()

    def day(self, on: date) -> str:
        return day(on, self.today)

    def day_of(self, moment: datetime) -> str:
        """The day of a moment, with its weekday where it is near: "Wed Nov 25"."""
        return near_day(self.local(moment).date(), self.today)

    def words(self, moment: datetime) -> str:
        """A moment in plain words for what is read soon: "3:00 PM today", "Tue Dec 1, 9:00 AM"."""
        local = self.local(moment)
        return f"{clock(local)} today" if local.date() == self.today else self.dated(moment)

    def dated(self, moment: datetime) -> str:
        """A moment in plain words that stay true on later days: "Tue Nov 24, 3:00 PM"."""
        local = self.local(moment)
        return f"{near_day(local.date(), self.today)}, {clock(local)}"

    def token(self, moment: datetime, lead: str = "") -> str:
        """A moment that everybody reads on their own clock: "tomorrow, 3:00 PM", "Dec 1, 9:00 AM", and in another year
        "January 5, 2027, 9:00 AM".

        `lead` are the words before it: inside the token they keep Slack from writing the day with a capital. They are
        the bot's own; what people typed stays outside, since a "^" or "|" of theirs would end the token.
        """
        on = self.local(moment).date()
        is_near = abs((on - self.today).days) <= 1
        form = f"{lead}{day_form(on, self.today) if not is_near else NEAR}, {{time}}"
        return date_token(moment, form, f"{lead}{self.dated(moment)} {zone_name(self.local(moment))}")

    def time_token(self, moment: datetime, lead: str = "") -> str:
        """The time of day of a moment, on everybody's own clock: "from 10:00 AM"; `lead` are the words before it."""
        return date_token(moment, f"{lead}{{time}}", f"{lead}{clock(self.local(moment))}")

    @property
    def greeting(self) -> str:
        """What one says at this hour."""
        hour = self.local(self.now).hour
        return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"
