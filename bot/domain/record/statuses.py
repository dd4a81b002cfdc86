"""What the status of a numbered thing tells, in the record as on its card. Which words there are: `vocabularies`."""

from __future__ import annotations

from bot.domain.vocabularies import ActionStatus, DecisionStatus, IssueStatus


class ActionStanding:
    __slots__ = ()
    status: ActionStatus

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor cancelled."""
        return self.status not in {ActionStatus.DONE, ActionStatus.CANCELLED}

    @property
    def is_blocked(self) -> bool:
        """Whether it is open and blocked; it may be overdue as well."""
        return self.status == ActionStatus.BLOCKED

    @property
    def is_done(self) -> bool:
        return self.status == ActionStatus.DONE

    @property
    def is_cancelled(self) -> bool:
        return self.status == ActionStatus.CANCELLED


class IssueStanding:
    __slots__ = ()
    status: IssueStatus

    @property
    def is_open(self) -> bool:
        """Whether it is neither resolved nor parked."""
        return self.status in {IssueStatus.OPEN, IssueStatus.ESCALATED}

    @property
    def is_escalated(self) -> bool:
        return self.status == IssueStatus.ESCALATED


class DecisionStanding:
    __slots__ = ()
    status: DecisionStatus

    @property
    def is_needed(self) -> bool:
        return self.status == DecisionStatus.NEEDED

    @property
    def is_undecided(self) -> bool:
        """Whether it can be decided: it is needed, or was put off."""
        return self.status in {DecisionStatus.NEEDED, DecisionStatus.DEFERRED}

    @property
    def is_decided(self) -> bool:
        return self.status == DecisionStatus.DECIDED
