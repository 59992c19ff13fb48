"""Photos of any date: 64 bits hold none after 2262, and some file systems do."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.domain import (
    LEAST_STORED,
    MOST_STORED,
    Filters,
    PictureFile,
    local_time,
    storable,
)
from fashion_finder.engine import Engine
from tests.pictures import draw_folder
from tests.summaries import counts

NOWADAYS = 1_700_000_000 * 10**9


@given(st.integers(-(2**80), 2**80))
def test_numbers_of_a_file_fit_in_64_bits(number: int) -> None:
    """Those that do are left alone; others are as near as can be."""
    stored = storable(number)
    assert -(2**63) < stored < 2**63
    assert stored == number or abs(number) >= 2**63
    assert (stored < 0) == (number < 0)


@given(st.integers(LEAST_STORED, MOST_STORED))
def test_every_stored_time_has_a_date(moment: int) -> None:
    """From 1677 to 2262."""
    assert abs(local_time(moment).timestamp() - moment / 1e9) < 0.001


@pytest.mark.parametrize("moment", [2**63 * 3, 2**63, -(2**31) * 10**9], ids=str)
def test_a_photo_of_any_date_is_a_photo_like_any_other(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Indexed, listed, found by date, and not read again; what was deleted is forgotten."""
    photos = tmp_path / "photos"
    strange, gone, *_ = draw_folder(photos, 4)
    os.utime(strange, ns=(0, moment))
    assert counts(engine.sync([photos])) == {"found": 4, "added": 4}
    gone.unlink()
    assert counts(engine.sync([photos])) == {"found": 3, "unchanged": 3, "forgotten": 1}
    (match,) = engine.find_similar(PictureFile(strange), 1).matches
    assert match.path == strange
    year = engine.details(match).modified.year
    assert 1901 <= year <= 2262
    listing = engine.browse()
    position = 0 if moment > 0 else 2
    assert listing.match_at(position).path == strange
    assert listing.day_at(position).year == year
    found = engine.facet_counts()
    assert found.oldest is not None
    assert found.newest is not None
    assert year in (found.oldest.year, found.newest.year)


@pytest.mark.parametrize("mtime_ns", [LEAST_STORED, -1, MOST_STORED])
def test_dates_at_both_ends_can_be_shown_and_filtered(
    engine: Engine, tmp_path: Path, mtime_ns: int
) -> None:
    """Whatever day is asked for, up to the calendar's ends."""
    photos = tmp_path / "photos"
    strange, *_ = draw_folder(photos, 3)
    engine.sync([photos])
    with engine._catalogue.connections.atomic() as connection:
        connection.execute("UPDATE items SET mtime_ns = ?", (NOWADAYS,))
        change = "UPDATE items SET mtime_ns = ? WHERE relative = ?"
        connection.execute(change, (mtime_ns, strange.name.encode()))
    for since, until, expected in (
        (date.min, date.max, 3),
        (date.min, None, 3),
        (None, date.max, 3),
        (date.max, None, 0),
        (None, date.min, 0),
        (date(2000, 1, 1), date(2100, 1, 1), 2),
    ):
        assert len(engine.browse(Filters(since=since, until=until))) == expected
    listing = engine.browse()
    position = 0 if mtime_ns > NOWADAYS else 2
    assert listing.match_at(position).path == strange
    assert listing.day_at(position) == local_time(mtime_ns).date()
    assert engine.details(listing.match_at(position)).modified == local_time(mtime_ns)
