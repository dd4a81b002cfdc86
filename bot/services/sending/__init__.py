"""Sending: claims what is due, records what came of it, and settles what is unclear. Use cases, and steps for other
services."""

from __future__ import annotations

from bot.services.sending.bounces import Bounces, CameBack
from bot.services.sending.contents import Contents
from bot.services.sending.deliveries import Deliveries
from bot.services.sending.envelopes import Envelopes
from bot.services.sending.forgetting import Forgetting, Forgotten
from bot.services.sending.gathering import SENT_TOGETHER
from bot.services.sending.inbox import Inbox, Words
from bot.services.sending.leases import Claimed, Timing
from bot.services.sending.queue import Queue, QueueNumbers
from bot.services.sending.recoveries import Doubt, Recoveries
from bot.services.sending.runs import Runs
from bot.services.sending.unclear_posts import Unclear, UnclearPosts
