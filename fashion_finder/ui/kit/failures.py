"""Errors in the words of the window, whose user has buttons rather than commands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from fashion_finder.errors import (
    CatalogueDamaged,
    CatalogueEmpty,
    CatalogueOutdated,
    FinderError,
    FolderUnknown,
    ModelMissing,
    ModelRefused,
)
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.message_bar import Message, Tone
from fashion_finder.ui.kit.state_page import Choice, State


def failure_state(error: FinderError, choices: tuple[Choice, ...] = ()) -> State:
    """A page that says what happened, to which file, and what to do."""
    return State(
        title=_translate(error.title),
        subject=labels.path_label(error.subject or ""),
        text=advice_for(error),
        reason=_translate("Reason: {detail}").format(detail=labels.plain(error.detail))
        if error.detail
        else "",
        choices=choices,
        is_failure=True,
    )


def failure_message(
    key: str, error: FinderError, actions: tuple[tuple[str, Callable[[], None]], ...] = ()
) -> Message:
    """The same as a message bar."""
    reason = f" ({labels.plain(error.detail)})" if error.detail else ""
    text = f"{labels.path_label(error.subject or '')}{reason}\n{advice_for(error)}".strip()
    return Message(key, _translate(error.title), text, Tone.DANGER, actions)


def advice_for(error: FinderError) -> str:
    """What to do next, in the window rather than on the command line."""
    if isinstance(error, CatalogueEmpty):
        return _translate("Index a folder of photos first, then search again.")
    if isinstance(error, CatalogueOutdated):
        return _translate(
            "They become searchable again one by one while this window is open. Nothing indexed "
            "is lost."
        )
    if isinstance(error, FolderUnknown):
        return _translate("The File menu lists the folders that are indexed.")
    if isinstance(error, CatalogueDamaged):
        return _translate(
            "Rebuilding sets the damaged file aside and indexes your folders again. Your "
            "photos are not touched."
        )
    if isinstance(error, ModelMissing | ModelRefused):
        return _translate("Reinstall Fashion Finder to restore its model.")
    return _translate(error.advice)


def _translate(text: str) -> str:
    return QCoreApplication.translate("failures", text)
