"""What the doctor says of this machine's clock beside Slack's."""

from __future__ import annotations

import pytest

from bot.doctor import clock_finding


@pytest.mark.parametrize(
    ("ahead", "fine", "words"),
    [
        (0.0, True, "agrees with Slack's"),
        (-15.0, True, "agrees with Slack's"),
        (25.0, False, "25 seconds ahead of Slack's"),
        (-65.0, False, "1 minute behind Slack's"),
        (3600.0, False, "60 minutes ahead of Slack's"),
    ],
)
def test_a_clock_that_is_off_is_named_with_by_how_much_and_the_mend(ahead: float, fine: bool, words: str) -> None:
    finding = clock_finding(ahead)
    assert finding.fine is fine
    assert words in finding.text
    assert ("timedatectl set-ntp true" in finding.text) is not fine
