"""Part 7 as calls, of what happened to actions, issues and decisions: whoever may see the item, and nobody else."""

from __future__ import annotations

from tests.services.rights_stage import own_action
from tests.services.rights_table import EVERYBODY, READS_ANOTHER, READS_PRIORITY, STAND_IN, Acts, act

HISTORIES: Acts = {
    "histories.action": (
        act(READS_PRIORITY, lambda s, a: s.services.histories.action(a, "A-301")),
        act(READS_ANOTHER, lambda s, a: s.services.histories.action(a, "A-101"), "another priority's"),
        act(EVERYBODY, lambda s, a: s.services.histories.action(a, own_action(str(a.key))), "one's own"),
        act(READS_PRIORITY | STAND_IN, lambda s, a: s.services.histories.action(a, s.asked), "asked of the owner"),
    ),
    "histories.issue": (
        act(READS_PRIORITY, lambda s, a: s.services.histories.issue(a, "I-4")),
        act(READS_ANOTHER, lambda s, a: s.services.histories.issue(a, "I-2"), "another priority's"),
    ),
    "histories.decision": (
        act(READS_PRIORITY | STAND_IN, lambda s, a: s.services.histories.decision(a, "D-6")),
        act(READS_PRIORITY, lambda s, a: s.services.histories.decision(a, "D-1"), "steering's about the priority"),
        act(READS_ANOTHER, lambda s, a: s.services.histories.decision(a, "D-2"), "steering's about another one"),
    ),
}
