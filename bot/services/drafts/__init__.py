"""What somebody typed and has not confirmed. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.drafts.drafts import KEPT, Drafts, FormWords, draft_prefixes, put_draft
from bot.services.drafts.sends import Sent, keep_sent, require_same_proposal, sent_before
