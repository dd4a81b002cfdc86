"""A table of figures as spreadsheets save it: what is taken, and what has to be mended, by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.metrics import MOST_LINES
from bot.files import load_figure_table
from tests.tables import on_each

HEAD = "metric,value,period_end\n"


@pytest.mark.parametrize(
    "content",
    [
        b'metric,value,period_end,note\nseats,140,2026-09-30,"Late, again"\n',
        "\ufeffFigure;Latest value;As of;Notes\r\nseats;140;2026-09-30;Late, again\r\n".encode(),
        b"metric\tvalue\tas_of\tnote\n\nseats\t140\t2026-09-30\tLate, again\n\n",
    ],
)
def test_the_ways_in_which_spreadsheets_save_it(content: bytes) -> None:
    loaded = load_figure_table(content)
    assert loaded.problems == ()
    [line] = loaded.lines
    assert line.cells == {"metric": "seats", "value": "140", "period_end": "2026-09-30", "note": "Late, again"}


def test_lines_are_those_of_the_file() -> None:
    loaded = load_figure_table(f'{HEAD}\nseats,140,"2026-\n09-30"\nwait,9,2026-09-30\n'.encode())
    assert [one.number for one in loaded.lines] == [4, 5], "a cell of two lines ends in the second"


@on_each(
    ("content", "line", "words"),
    [
        (b"", 1, "The file is empty. Its first line names the columns: metric, value,"),
        (b"\n\n", 1, "The file is empty."),
        (b"PK\x03\x04\0\0", 1, "This is no text file. In a spreadsheet, save it as"),
        (b"metric,value,period_end\nplac\xe9,1,2026-09-30", 1, "The file isn't UTF-8 text."),
        (b"metric,valeu,period_end\n", 1, "I don't know the column “valeu”. Did you mean “value”?"),
        (b"metric,value\n", 1, "The first line names the columns, and period_end is missing."),
        (b"metric,figure,value,period_end\n", 1, "is a second column for the metric. Keep one of them."),
        (b"metric,value,period_end\nseats,1,2026-09-30,more\n", 2, "There are more cells here than columns."),
        (b'metric,value,period_end\nseats,"1,2026-09-30\n', 2, "A quotation mark isn't closed here"),
        (HEAD.encode() + b"seats,1,2026-09-30\n" * (MOST_LINES + 1), MOST_LINES + 2, "A file may have 2,000 figures."),
        (HEAD.encode() + b"x" * 1_000_001, 1, "The file is larger than 1 MB. Split it."),
    ],
)
def test_what_has_to_be_mended(content: bytes, line: int, words: str) -> None:
    loaded = load_figure_table(content)
    assert words in loaded.problems[0].message
    assert loaded.problems[0].line == line


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: (HEAD + text).encode("utf-8", "replace")))
def test_whatever_it_is_a_sentence_comes_of_it(content: bytes) -> None:
    loaded = load_figure_table(content)
    assert all(one.message.endswith((".", "?")) and one.line >= 0 for one in loaded.problems)
