"""What a series is: its address or id by the provider's own rules, and what readers call it. Pure.

Whether a host may be asked at all is for whoever runs the program to say, not for a coalition.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from bot.domain.record import Series
from bot.domain.vocabularies import Provider

MOST_ADDRESS = 500
MOST_COLUMN = 100
_PLAIN = re.compile(r"[!-~]+")  # what an address is made of: no spaces and no letters beyond ASCII
_FRED = re.compile(r"[A-Z0-9_]{1,30}")
_BLS = re.compile(r"[A-Z0-9_#-]{6,30}")
_DATASET = re.compile(r"[a-z][a-z0-9]*(/[a-z0-9_-]+)*")
_VARIABLE = re.compile(r"[A-Za-z0-9_]+")
# Questions that a Census query may ask beside `get`; the key is added by the program.
_CENSUS_ASKS = frozenset({"for", "in", "ucgid", "time"})
_NAMES = {Provider.CSV: "CSV file", Provider.FRED: "FRED", Provider.BLS: "BLS", Provider.CENSUS: "Census"}
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def provider_name(provider: str) -> str:
    """What a provider is called on screen."""
    return _NAMES[Provider(provider)]


def series_name(series: Series) -> str:
    """What readers call a series: "FRED UNRATE", or the host of a file."""
    if series.provider == Provider.CSV:
        return host_of(series.address)
    if series.provider == Provider.CENSUS:
        return f"Census {series.address.partition('?')[0]}"
    return f"{provider_name(series.provider)} {series.address}"


def series_key(series: Series) -> str:
    """The whole of where its values come from, so that another one is known as another."""
    return "\n".join((series.provider, series.address, series.period_column or "", series.value_column or ""))


def host_of(address: str) -> str:
    """The host of an address, with its port where it names one; the address itself where it has none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return parts.netloc.rpartition("@")[2] or address


def check_series(series: Series) -> list[tuple[str, str]]:
    """What is refused about a series: (field, sentence that names the mend)."""
    found: list[tuple[str, str]] = []
    if len(series.address) > MOST_ADDRESS:
        return [("address", f"This has {len(series.address)} characters. {MOST_ADDRESS} fit.")]
    sentence = _CHECKS[Provider(series.provider)](series.address)
    if sentence is not None:
        found.append(("address", sentence))
    if series.provider == Provider.CSV:
        for name, what in (("period_column", "the periods"), ("value_column", "the values")):
            if getattr(series, name) is None:
                found.append(
                    (name, f"Write the name of the column that holds {what}, as the file's first line has it.")
                )
        if series.period_column is not None and series.period_column == series.value_column:
            found.append(("value_column", "This is the column of the periods. Write the one that holds the values."))
    elif series.period_column is not None:
        found.append(("period_column", f"Only a CSV file has columns to name; leave it out for {_of(series)}."))
    elif series.value_column is not None and series.provider != Provider.CENSUS:
        found.append(("value_column", f"Only a CSV file has columns to name; leave it out for {_of(series)}."))
    return found


def _of(series: Series) -> str:
    return provider_name(series.provider)


def _check_csv(address: str) -> str | None:
    mend = "Write the whole address of the file, such as https://data.example.org/jobs.csv."
    try:
        parts = urlsplit(address)
        known = (parts.scheme, parts.hostname, parts.port)
    except ValueError:
        return f"This is no address. {mend}"
    if not _PLAIN.fullmatch(address) or not known[1]:
        return f"This is no address. {mend}"
    is_here = parts.netloc.rpartition(":")[0] in _LOOPBACK or parts.netloc in _LOOPBACK
    if known[0] != "https" and not (known[0] == "http" and is_here):
        return f"The address has to begin with https://. {mend}"
    if "@" in parts.netloc:
        return "The address holds a user or password, which everybody who reads this figure would see. Leave it out."
    if parts.fragment:
        return "Leave out what stands behind “#”: it names a place in a page, and a file has none."
    return None


def _check_fred(address: str) -> str | None:
    if _FRED.fullmatch(address):
        return None
    return "Write the series' id as FRED has it beside its title, such as UNRATE."


def _check_bls(address: str) -> str | None:
    if _BLS.fullmatch(address):
        return None
    return "Write the series' id as BLS has it, such as LNS14000000."


def _check_census(address: str) -> str | None:
    mend = "Write it such as acs/acs1?get=S2301_C04_001E&for=county:049&in=state:39."
    dataset, _, query = address.partition("?")
    asked = parse_qsl(query, keep_blank_values=True)
    names = [name for name, _value in asked]
    if not _PLAIN.fullmatch(address) or not _DATASET.fullmatch(dataset) or "#" in address:
        return f"The dataset's name comes first, without “data” and the year. {mend}"
    if "key" in names:
        return "Leave out the key: whoever runs Backbeat sets it in BACKBEAT_CENSUS_KEY."
    strange = next((name for name in names if name not in {*_CENSUS_ASKS, "get"}), None)
    if strange is not None:
        return f"I don't know “{strange}” in a Census query. {mend}"
    variables = dict(asked).get("get", "").split(",")
    if len(names) != len(set(names)) or not all(map(_VARIABLE.fullmatch, variables)):
        return f"Say once which variable it is, with “get=”. {mend}"
    if not {"for", "ucgid"} & set(names):
        return f"Say of which place it is, with “for=”. {mend}"
    return None


_CHECKS = {
    Provider.CSV: _check_csv,
    Provider.FRED: _check_fred,
    Provider.BLS: _check_bls,
    Provider.CENSUS: _check_census,
}
