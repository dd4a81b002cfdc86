"""Funding: sources, where their money goes, and reports to funders. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.funding.changes import FundingChanges
from bot.services.funding.funding import Funding, due_reports
from bot.services.funding.reports import offer_funding_notices, read_money_end, read_report_due
