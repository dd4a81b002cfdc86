"""Nothing is asked that isn't listed, and no answer takes more time or room than it may: against a real server."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
from datetime import date
from decimal import Decimal

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.domain.series import Observation, SeriesTrouble
from bot.series import Bounds, Fetcher, SeriesReader, read_hosts
from bot.series.hosts import NotAllowed, is_public
from tests.series.publisher import SOON, Publisher, look_at
from tests.tables import on_each

FILE = "month,rate\n2026-08,4.2\n2026-09,4.1\n"


async def trouble(reader: SeriesReader, address: str) -> SeriesTrouble:
    with pytest.raises(SeriesTrouble) as told:
        await reader.read(look_at(address))
    return told.value


async def test_a_file_is_read(publisher: Publisher) -> None:
    address = publisher.says("/jobs.csv", FILE, headers={"Last-Modified": "Sat, 07 Nov 2026 13:30:00 GMT"})
    found = await publisher.reader().read(look_at(address))
    assert found[-1] == Observation(
        period_end=date(2026, 9, 30), value=Decimal("4.1"), every="monthly", vintage=date(2026, 11, 7)
    )
    assert len(found) == 2
    [request] = publisher.asked
    assert request.headers["Accept-Encoding"] == "gzip, identity"
    assert publisher.origins == [publisher.here]


async def test_a_packed_file_is_read(publisher: Publisher) -> None:
    address = publisher.says("/jobs.csv", gzip.compress(FILE.encode()), headers={"Content-Encoding": "gzip"})
    assert len(await publisher.reader().read(look_at(address))) == 2


async def test_bytes_that_drip_end_with_the_time(publisher: Publisher) -> None:
    began = time.monotonic()
    told = await trouble(publisher.reader(), publisher.drips("/slow.csv"))
    assert told.message == f"127.0.0.1:{publisher.port} took longer than 1 seconds to answer. I look again tomorrow."
    assert told.passes
    assert time.monotonic() - began < 3


async def test_a_redirect_takes_no_new_time(publisher: Publisher) -> None:
    slow = publisher.drips("/slow.csv")
    began = time.monotonic()
    await trouble(publisher.reader(), publisher.sends_to("/away.csv", slow))
    assert time.monotonic() - began < 3


async def test_a_flood_is_cut_off(publisher: Publisher) -> None:
    told = await trouble(publisher.reader(), publisher.floods("/flood.csv"))
    assert "sent more than 0.2 MB" in told.message
    assert not told.passes


async def test_what_unfolds_too_far_is_cut_off(publisher: Publisher) -> None:
    told = await trouble(publisher.reader(bounds=Bounds(10.0, 200_000)), publisher.bursts("/bomb.csv"))
    assert "sent more than 0.2 MB" in told.message


@pytest.mark.parametrize(
    "broken",
    [b"\x1f\x8b\x08\x00", gzip.compress(FILE.encode() * 99)[:-12], b"no gzip at all"],
    ids=["a beginning", "a part", "none"],
)
async def test_what_cannot_be_unpacked_is_said(publisher: Publisher, broken: bytes) -> None:
    address = publisher.says("/jobs.csv", broken, headers={"Content-Encoding": "gzip"})
    told = await trouble(publisher.reader(), address)
    assert "can't be unpacked" in told.message or "broke off" in told.message


async def test_another_packing_is_refused(publisher: Publisher) -> None:
    told = await trouble(publisher.reader(), publisher.says("/a.csv", b"x", headers={"Content-Encoding": "br"}))
    assert "in a form that I can't unpack" in told.message


@pytest.mark.parametrize(
    ("status", "words", "passes"),
    [
        (404, "has nothing at this address (HTTP 404). Check the address.", False),
        (403, "doesn't let me read this (HTTP 403).", False),
        (500, "is busy or out of order (HTTP 500). I look again tomorrow.", True),
        (429, "is busy or out of order (HTTP 429). I look again tomorrow.", True),
        (418, "answered with HTTP 418", True),
    ],
)
async def test_a_status_is_no_file(publisher: Publisher, status: int, words: str, passes: bool) -> None:
    told = await trouble(publisher.reader(), publisher.says("/jobs.csv", FILE, status=status))
    assert words in told.message
    assert told.passes is passes


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/latest/meta-data/",
        "http://10.0.0.7/jobs.csv",
        "https://10.0.0.7/jobs.csv",
        "http://127.0.0.1:1/jobs.csv",
        "http://localhost:1/jobs.csv",
        "http://[::1]/jobs.csv",
        "https://elsewhere.example/jobs.csv",
        "//elsewhere.example/jobs.csv",
        "https://user:password@elsewhere.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "https://2130706433/",
    ],
)
async def test_a_redirect_leads_to_no_host_that_is_not_listed(publisher: Publisher, elsewhere: str) -> None:
    told = await trouble(publisher.reader(), publisher.sends_to("/jobs.csv", elsewhere))
    assert told.message.startswith("I didn't ask 127.0.0.1")
    assert "password" not in told.message
    assert publisher.origins == [publisher.here], "no request left the allow-list"
    assert len(publisher.asked) == 1


async def test_a_listed_private_host_is_nobodys_to_send_to(publisher: Publisher) -> None:
    """Two servers of one machine are listed; the one may not send questions to the other."""
    address = publisher.sends_to("/jobs.csv", f"http://localhost:{publisher.port}/jobs2.csv")
    publisher.says("/jobs2.csv", FILE)
    told = await trouble(publisher.reader(f"127.0.0.1:{publisher.port},localhost:{publisher.port}"), address)
    assert "sends the question to localhost, in a private network" in told.message
    assert len(publisher.asked) == 1


async def test_a_redirect_on_the_same_host_is_followed(publisher: Publisher) -> None:
    publisher.says("/new/jobs.csv", FILE)
    address = publisher.sends_to("/jobs.csv", "new/jobs.csv", 301)
    assert len(await publisher.reader().read(look_at(address))) == 2


async def test_redirects_end(publisher: Publisher) -> None:
    address = publisher.sends_to("/jobs.csv", "/jobs.csv")
    told = await trouble(publisher.reader(), address)
    assert "redirects more than 3 times" in told.message
    assert len(publisher.asked) == 4


async def test_without_a_list_nothing_is_asked(publisher: Publisher) -> None:
    address = publisher.says("/jobs.csv", FILE)
    told = await trouble(publisher.reader(hosts=""), address)
    assert "BACKBEAT_SERIES_HOSTS" in told.message
    assert publisher.asked == publisher.origins == []


@pytest.mark.parametrize("listed", ["127.0.0.1", "127.0.0.1:1", "localhost:{port}", "example.org"])
async def test_another_port_or_name_is_another_host(publisher: Publisher, listed: str) -> None:
    address = publisher.says("/jobs.csv", FILE)
    await trouble(publisher.reader(hosts=listed.format(port=publisher.port)), address)
    assert publisher.asked == []


class Names(AbstractResolver):
    """Says where names lead; another address each time."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        at = self.addresses[min(self.asked, len(self.addresses)) - 1]
        return [ResolveResult(hostname=host, host=at, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        pass


@on_each("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "0.0.0.0", "100.64.0.1", "224.0.0.1"])
async def test_a_listed_name_that_leads_into_a_private_network_is_not_asked(address: str) -> None:
    reader = SeriesReader(Fetcher(SOON, resolver=Names(address)), read_hosts(["data.example.org"]))
    told = await trouble(reader, "https://data.example.org/jobs.csv")
    assert "data.example.org leads into a private network" in told.message


async def test_a_name_that_leads_elsewhere_a_moment_later_leads_nowhere(publisher: Publisher) -> None:
    """What is connected to is what was looked at: a second look-up is looked at again."""
    names = Names("127.0.0.1")
    reader = SeriesReader(Fetcher(SOON, resolver=names), read_hosts([f"rebinding.example:{publisher.port}"]))
    await trouble(reader, f"https://rebinding.example:{publisher.port}/jobs.csv")
    assert names.asked == 1
    assert publisher.asked == []


async def test_localhost_is_asked_where_it_is_listed(publisher: Publisher) -> None:
    publisher.says("/jobs.csv", FILE)
    address = f"http://localhost:{publisher.port}/jobs.csv"
    assert len(await publisher.reader(f"localhost:{publisher.port}").read(look_at(address))) == 2


async def test_a_host_that_is_away_is_said(publisher: Publisher) -> None:
    told = await trouble(publisher.reader("127.0.0.1:1"), "http://127.0.0.1:1/jobs.csv")
    assert told.message == "127.0.0.1:1 couldn't be reached. I look again tomorrow."
    assert told.passes


async def test_an_answer_that_breaks_off_is_said(publisher: Publisher) -> None:
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nmonth,rate\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(break_off, "127.0.0.1", 0)
    at = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        told = await trouble(publisher.reader(at), f"http://{at}/jobs.csv")
    assert "couldn't be reached" in told.message


async def test_no_encryption_is_for_this_machine_alone() -> None:
    hosts = read_hosts(["data.example.org", "data.example.org:80", "10.0.0.5"])
    for address in ("http://data.example.org/a.csv", "http://10.0.0.5/a.csv", "ftp://data.example.org/a.csv"):
        with pytest.raises(NotAllowed, match="without encryption"):
            hosts.require(URL(address, encoded=True))
    hosts.require(URL("https://data.example.org/a.csv", encoded=True))
    hosts.require(URL("https://DATA.example.org:443/a.csv", encoded=True))
    hosts.require(URL("https://10.0.0.5/a.csv", encoded=True))


@on_each(
    "address",
    [
        "https://data.example.org.evil.example/a.csv",
        "https://data.example.org@evil.example/a.csv",
        "https://evil.example#data.example.org/a.csv",
        "https://evil.example/data.example.org",
        "https://data.example.org:8443/a.csv",
        "https://data.example.org\\@evil.example/a.csv",
        "https://xdata.example.org/a.csv",
    ],
)
def test_no_address_only_looks_like_a_listed_one(address: str) -> None:
    hosts = read_hosts(["data.example.org"])
    with pytest.raises((NotAllowed, ValueError)):
        hosts.require(URL(address, encoded=True))


@on_each("listed", ["", "https://data.example.org", "data.example.org/a", "*", "a:0", "a:99999", "1.2.3"])
def test_what_is_no_host_is_refused(listed: str) -> None:
    with pytest.raises(ValueError):
        read_hosts([listed])


def test_hosts_are_read() -> None:
    hosts = read_hosts([" Data.Example.org ", "data.example.org:8443", "[::1]:80", "10.0.0.5"])
    assert hosts.listed == {
        ("data.example.org", None),
        ("data.example.org", 8443),
        ("::1", 80),
        ("10.0.0.5", None),
    }


@on_each(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::1", False),
        ("::", False),
        ("not an address", False),
    ],
)
def test_public_is_what_the_internet_reaches(address: str, public: bool) -> None:
    assert is_public(address) is public
