"""Where the token may go with a request for a file. What comes back is tried through the sandbox, beside imports."""

from __future__ import annotations

from bot.slack.files import is_slacks
from tests.tables import on_each

SLACK, SANDBOX = "https://slack.com/api/", "http://127.0.0.1:4600/api/"


@on_each(
    ("address", "api_url", "may"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.yaml", SLACK, True),
        ("https://slack.com/files-pri/a.yaml", SLACK, True),
        ("https://FILES.SLACK.COM/a.yaml", SLACK, True),
        ("https://acme.enterprise.slack.com:443/a.yaml", SLACK, True),
        ("https://files.slack-gov.com/a.yaml", "https://slack-gov.com/api/", True),
        ("http://127.0.0.1:4600/files/F1/a.yaml", SANDBOX, True),
        ("http://files.slack.com/a.yaml", SLACK, False),
        ("https://files.slack.com:8443/a.yaml", SLACK, False),
        ("https://notslack.com/a.yaml", SLACK, False),
        ("https://slack.com.example.org/a.yaml", SLACK, False),
        ("https://slack.com@example.org/a.yaml", SLACK, False),
        ("https://example.org/?slack.com", SLACK, False),
        ("https://you@files.slack.com/a.yaml", SLACK, False),
        ("//files.slack.com/a.yaml", SLACK, False),
        ("file:///etc/passwd", SLACK, False),
        ("", SLACK, False),
        ("http://127.0.0.1:4601/files/F1/a.yaml", SANDBOX, False),
        ("https://127.0.0.1:4600/files/F1/a.yaml", SANDBOX, False),
    ],
)
def test_the_token_goes_to_slack_and_nowhere_else(address: str, api_url: str, may: bool) -> None:
    assert is_slacks(address, api_url) is may
