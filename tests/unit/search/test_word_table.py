"""Rows are found again by content, however they came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.search.word_table import WordTable

ROWS = st.lists(st.tuples(st.integers(0, 3000), st.binary(min_size=3, max_size=3)), max_size=8)


@given(st.lists(ROWS, max_size=5))
def test_the_last_row_put_is_the_one_found(batches: list[list[tuple[int, bytes]]]) -> None:
    """In any order, with gaps, again and again; zeros where nothing was put."""
    table, expected = WordTable(3), {7: b"\0\0\0", 9999: b"\0\0\0"}
    for batch in batches:
        unique = dict(batch)
        table.put(list(unique), list(unique.values()))
        expected.update(unique)
    assert table.of(list(expected)).tobytes() == b"".join(expected.values())


def test_a_row_of_another_width_says_nothing() -> None:
    """A damaged row is as good as none."""
    table = WordTable(2)
    table.put([1, 2, 3], [b"ab", b"abc", b""])
    assert table.of([1, 2, 3]).tobytes() == b"ab" + bytes(4)


def test_a_model_that_ranks_by_no_words_costs_nothing() -> None:
    """Nothing is kept."""
    table = WordTable(0)
    table.put([10**9], [b""])
    assert table.of([10**9]).shape == (1, 0)
