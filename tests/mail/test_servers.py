"""How the settings name a mail server and a sender."""

from __future__ import annotations

import pytest

from bot.errors import ConfigurationError
from bot.mail import MailServer, mail_server, sender_of
from tests.tables import on_each


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp://me:s%40cret@mail.example.org:2525",
            MailServer(host="mail.example.org", port=2525, is_tls=False, user="me", password="s@cret"),
        ),
        ("smtps://mail.example.org", MailServer(host="mail.example.org", port=465, is_tls=True)),
        ("smtp://mail.example.org", MailServer(host="mail.example.org", port=587, is_tls=False)),
        ("smtp://127.0.0.1:25", MailServer(host="127.0.0.1", port=25, is_tls=False, in_the_clear=True)),
    ],
)
def test_a_server_is_read(url: str, expected: MailServer) -> None:
    assert mail_server(url) == expected


@on_each(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://h:port",
        "smtp://user@h",
        "",
        "smtp://[::",
        "smtp://mail..x",
    ],
)
def test_what_is_no_server_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"smtp://user:password@mail\.example\.org:587"):
        mail_server(url)


def test_a_refusal_and_a_server_in_the_log_don_t_tell_the_password() -> None:
    with pytest.raises(ConfigurationError) as refused:
        mail_server("http://me:hunter2@mail.example.org")
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(mail_server("smtp://me:hunter2@mail.example.org"))


@pytest.mark.parametrize("text", ["backbeat@partner.example", "Backbeat <backbeat@partner.example>"])
def test_a_sender_is_read(text: str) -> None:
    assert sender_of(text).address == "backbeat@partner.example"


@pytest.mark.parametrize("text", ["backbeat", "", "a@b@c", "bäckbeat@partner.example", "@partner.example"])
def test_what_is_no_sender_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"Try backbeat@partner\.example"):
        sender_of(text)
