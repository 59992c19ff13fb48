"""Failures as the window tells them: what, which file, why, and what to do with the mouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder import errors
from fashion_finder.errors import (
    FinderError,
    LibraryMissing,
    NotPortable,
    PictureUnreadable,
)
from fashion_finder.ui.kit.failures import advice_for, failure_message, failure_state
from fashion_finder.ui.kit.state_page import Choice

PHOTO = Path("/photos/dress.jpg")
WITHOUT_WINDOW = (LibraryMissing, NotPortable)  # printed on the terminal, before there is a window


def kinds(of: type[FinderError] = FinderError) -> Iterator[type[FinderError]]:
    """An error, and all that are more special."""
    yield of
    for kind in of.__subclasses__():
        if kind.__module__ == errors.__name__:
            yield from kinds(kind)


def test_a_page_says_what_which_and_why() -> None:
    """In places of their own."""
    state = failure_state(PictureUnreadable(PHOTO, "it is damaged"))
    assert (state.title, state.subject) == (PictureUnreadable.title, str(PHOTO))
    assert state.reason == "Reason: it is damaged"
    assert state.text == PictureUnreadable.advice
    assert failure_state(PictureUnreadable(PHOTO)).reason == ""


def test_what_can_be_done_about_a_failure_stands_beside_it() -> None:
    """As buttons, on a page and in a bar alike."""
    choice = Choice("Rebuild", lambda: None)
    assert failure_state(PictureUnreadable(PHOTO), (choice,)).choices == (choice,)
    action = ("Rebuild", choice.act)
    assert failure_message("key", PictureUnreadable(PHOTO), (action,)).actions == (action,)


@pytest.mark.parametrize(
    "error, text",
    [
        (PictureUnreadable(PHOTO, "it is damaged"), f"{PHOTO} (it is damaged)\n"),
        (PictureUnreadable(PHOTO), f"{PHOTO}\n"),
        (PictureUnreadable("dropped picture"), "dropped picture\n"),
        (PictureUnreadable(), ""),
    ],
)
def test_a_bar_says_the_same(error: FinderError, text: str) -> None:
    """In one text, without empty lines or brackets for what is not known."""
    message = failure_message("key", error)
    assert message.title == PictureUnreadable.title
    assert message.text == text + PictureUnreadable.advice


@pytest.mark.parametrize(
    "kind", [kind for kind in kinds() if kind not in WITHOUT_WINDOW], ids=lambda kind: kind.__name__
)
def test_advice_in_the_window_needs_no_terminal(kind: type[FinderError]) -> None:
    """Someone who sees a window has buttons, and may never have typed a command."""
    advice = advice_for(kind())
    assert not any(sign in advice for sign in ("fashion-finder", "--", "scripts/", ".py"))


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.__name__)
def test_every_failure_has_a_title_and_advice(kind: type[FinderError]) -> None:
    """Whole sentences to act on, and a title without a full stop."""
    error = kind()
    assert error.title and not error.title.endswith(".")
    assert advice_for(error).endswith(".")
