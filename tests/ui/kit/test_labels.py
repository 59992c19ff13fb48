"""Names and numbers as they are drawn."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.domain import Closeness, Status, SyncSummary
from fashion_finder.ui.kit import labels
from tests.ui.fakes import MODEL, folder_status, matches


@given(text=st.text())
def test_no_name_can_trick_the_eye(text: str) -> None:
    """One line, no control characters, nothing that turns the direction of reading."""
    shown = labels.plain(text)
    assert len(shown) == len(text)
    for character in shown:
        assert unicodedata.category(character) not in {"Cc", "Cs"}
        assert unicodedata.bidirectional(character) not in {"RLO", "LRO", "RLE", "LRE", "PDF"}


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\n", "\x1b"])
def test_no_sign_in_a_name_turns_or_breaks_the_line(sign: str) -> None:
    """A program called "photo gpj.exe" backwards must not pose as a picture."""
    assert labels.plain(f"photo{sign}gpj.exe") == "photo\ufffdgpj.exe"


def test_a_name_that_is_not_utf8_is_shown_all_the_same() -> None:
    """With a sign where a byte cannot be read."""
    assert labels.file_label(Path(os.fsdecode(b"/a/caf\xe9.jpg"))) == "caf\ufffd.jpg"


def test_a_tool_tip_shows_markup_as_text() -> None:
    """A file may be called <b>."""
    assert "&lt;b&gt;x" in labels.tooltip("<b>x")


def test_closeness_is_told_by_words_and_by_bars() -> None:
    """Nearer means more bars and another word; of what is not similar, nothing is told."""
    order = [Closeness.DISSIMILAR, Closeness.SIMILAR, Closeness.VERY_SIMILAR, Closeness.SAME_PIECE]
    assert [labels.closeness_steps(closeness) for closeness in order] == [0, 1, 2, 3]
    assert len({labels.closeness_label(closeness) for closeness in order}) == 4


@pytest.mark.parametrize(
    "seconds, text",
    [
        (3.0, "a few seconds left"),
        (42.0, "about 40 seconds left"),
        (128.0, "about 2 minutes left"),
        (3600.0, "about 60 minutes left"),
        (3 * 3600.0, "about 3 hours left"),
    ],
)
def test_time_left_is_rough(seconds: float, text: str) -> None:
    """Nobody can know it to the second."""
    assert labels.time_left_label(seconds) == text


@pytest.mark.usefixtures("theme")
def test_one_is_not_many() -> None:
    """The singular is a word of its own."""
    assert labels.photos_label(1) == "1 photo"
    assert labels.photos_label(9850) == "9,850 photos"
    assert labels.folders_label(1) == "1 folder"
    assert labels.skipped_label(1) == "1 file skipped"
    assert labels.rate_label(67.3) == "67 pictures/s"
    assert labels.rate_label(4.66) == "4.7 pictures/s"


def test_only_what_a_sync_changed_is_said() -> None:
    """In the order in which it is read; nothing when all is as before."""
    assert labels.change_labels(SyncSummary(found=9, unchanged=9)) == ()
    changed = SyncSummary(found=9, added=1, moved=3, forgotten=2, unchanged=5)
    assert labels.change_labels(changed) == ("1 new", "3 moved", "2 removed")


@pytest.mark.usefixtures("theme")
def test_what_is_indexed_is_said_in_one_line() -> None:
    """With the folders whose drive is not connected, if there are any."""
    here, other = folder_status(Path("/a"), 40), folder_status(Path("/b"), 63)
    there = replace(other, available=False)
    both = labels.catalogue_label(Status((here, other), 103, (), MODEL))
    assert both == "103 photos in 2 folders"
    with_offline = labels.catalogue_label(Status((here, there), 103, (), MODEL))
    assert with_offline.startswith(both) and with_offline.count("1 folder") == 1
    assert labels.catalogue_label(Status((), 0, (), MODEL)) == ""


def test_every_file_of_a_photo_is_named_once() -> None:
    """Copies of near duplicates as well; each has one file of its own."""
    photo, near = matches(2)
    near = replace(near, copies=(Path("/web/again.jpg"),))
    photo = replace(photo, copies=(Path("/old/same.jpg"),), near=(near,))
    files = labels.matches_by_file(photo)
    assert [file.path.name for file in files] == [
        *("piece 1.jpg", "same.jpg", "piece 2.jpg", "again.jpg")
    ]
    assert all(file.file_count == 1 for file in files)
    assert photo.file_count == len(files)
