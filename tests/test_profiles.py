"""What the benchmarks' profile tells of a request."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from threading import Thread

from greenlet import getcurrent, greenlet

from bot.domain.wording import cut, one_line
from bot.slack.mrkdwn import escape
from tests.benchmarks.profiles import Profile

SPENT = 0.03  # seconds of processor time


def spend(work: Callable[[], object]) -> None:
    begin = time.thread_time()
    while time.thread_time() - begin < SPENT:
        work()


def there_and_back() -> None:
    spend(lambda: escape("<a>"))
    getcurrent().parent.switch()
    spend(lambda: escape("<a>"))


def test_it_tells_what_this_thread_did_in_all_its_greenlets_and_no_other() -> None:
    profile = Profile()
    for _ in range(2):
        other = Thread(target=spend, args=(lambda: one_line("Two\nlines"),))
        aside = greenlet(there_and_back)
        with profile.running():
            other.start()
            aside.switch()
            spend(lambda: cut("Some words", 4))
            aside.switch()
            other.join()
    told = "\n".join(profile.lines())
    parts, _, ours = told.partition("our functions")
    each = [float(one) for one in re.findall(r" (-?[\d.]+)$", parts, re.MULTILINE)]
    assert min(each) >= 0
    assert 1000 * 3 * SPENT * 0.9 < sum(each) < 1000 * 4 * SPENT
    assert "bot/slack/mrkdwn.py escape" in ours
    assert "bot/domain/wording/wording.py cut" in ours
    assert "one_line" not in ours
