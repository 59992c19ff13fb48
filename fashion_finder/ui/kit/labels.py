"""Names and numbers as a person reads them."""

from __future__ import annotations

import html
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from fashion_finder.domain import Closeness, Likeness, Match, Status, SyncSummary
from fashion_finder.word_labels import word_label as english_label

# Invisible characters that turn the direction of what follows: "gpj.exe" can pose as a picture.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def translate(text: str) -> str:
    """A user-visible string of this module in the user's language."""
    return QCoreApplication.translate("labels", text)


def plain(text: str) -> str:
    """Text of unknown origin made safe to draw: one line, no surrogates, no hidden characters."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if _is_hidden(character) else character for character in text
    )


def file_label(path: Path) -> str:
    """The name of a file, to be drawn as plain text."""
    return plain(path.name or str(path))


def path_label(path: Path | str) -> str:
    """A whole path, to be drawn as plain text."""
    return plain(str(path))


def word_label(word: str) -> str:
    """A word of the model's vocabularies as people say it, to be drawn as plain text."""
    return plain(QCoreApplication.translate("word_labels", english_label(word)))


def tooltip(text: str) -> str:
    """Plain text for a tool tip, which Qt would otherwise take for HTML when it looks like it."""
    return f"<p style='white-space:pre-wrap'>{html.escape(text)}</p>"


def closeness_label(closeness: Closeness) -> str:
    """An honest word for how near an answer is; empty where nobody can say."""
    words = {
        Closeness.VERY_CLOSE: translate("Very close"),
        Closeness.CLOSE: translate("Close"),
        Closeness.WEAKER: translate("Weaker"),
        Closeness.FAR: translate("Not close"),
        Closeness.UNJUDGED: "",
    }
    return words[closeness]


def closeness_steps(closeness: Closeness) -> int:
    """The same as a number of filled bars, 0 to 3, so that it does not rest on words or colour."""
    return (Closeness.FAR, Closeness.WEAKER, Closeness.CLOSE, Closeness.VERY_CLOSE).index(closeness)


def likeness_label(likeness: Likeness) -> str:
    """In what two pictures are alike."""
    words = {
        Likeness.SAME_TYPE: translate("Same type"),
        Likeness.SAME_COLOUR: translate("Same colour"),
        Likeness.SIMILAR_COLOUR: translate("Similar colour"),
        Likeness.SIMILAR_CUT: translate("Similar cut and pattern"),
    }
    return words[likeness]


def number_label(number: int) -> str:
    """A count in the user's own notation."""
    return QLocale().toString(number)


def day_label(day: date) -> str:
    """A day in the user's own notation."""
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)


def photos_label(count: int) -> str:
    """How many photos."""
    if count == 1:
        return translate("1 photo")
    return translate("{count} photos").format(count=number_label(count))


def folders_label(count: int) -> str:
    """How many folders."""
    if count == 1:
        return translate("1 folder")
    return translate("{count} folders").format(count=number_label(count))


def catalogue_label(status: Status) -> str:
    """What is indexed, in one line; empty when nothing is."""
    if not status.folders:
        return ""
    text = translate("{photos} in {folders}").format(
        photos=photos_label(status.photos), folders=folders_label(len(status.folders))
    )
    away = sum(not folder.available for folder in status.folders)
    if away:
        said = translate("{folders} offline").format(folders=folders_label(away))
        text = f"{text}  ·  {said}"
    return text


def files_of(match: Match) -> tuple[Match, ...]:
    """A match for each file that shows its photo, the one it is named by first."""
    named = replace(match, copies=(), near=())
    others = (file for near in match.near for file in files_of(near))
    return (named, *(replace(named, path=path) for path in match.copies), *others)


def copies_label(count: int) -> str:
    """How many files show this photo, the one named included."""
    return translate("{count} copies").format(count=number_label(count))


def skipped_label(count: int) -> str:
    """How many files could not be used."""
    if count == 1:
        return translate("1 file skipped")
    return translate("{count} files skipped").format(count=number_label(count))


def change_labels(summary: SyncSummary) -> tuple[str, ...]:
    """What a sync has changed in the catalogue; nothing when all was as it had been."""
    counted = (
        (summary.added, translate("{count} new")),
        (summary.updated, translate("{count} changed")),
        (summary.moved, translate("{count} moved")),
        (summary.forgotten, translate("{count} removed")),
    )
    return tuple(text.format(count=number_label(count)) for count, text in counted if count)


def rate_label(rate: float) -> str:
    """Speed of indexing."""
    digits = 1 if rate < 10 else 0
    return translate("{rate} pictures/s").format(rate=QLocale().toString(rate, "f", digits))


def time_left_label(seconds: float) -> str:
    """Roughly how long it will still take."""
    if seconds < 10:
        return translate("a few seconds left")
    if seconds < 90:
        return translate("about {count} seconds left").format(count=round(seconds / 10) * 10)
    minutes = round(seconds / 60)
    if minutes < 90:
        return translate("about {count} minutes left").format(count=minutes)
    return translate("about {count} hours left").format(count=round(seconds / 3600))


def _is_hidden(character: str) -> bool:
    return character in _TURNING or unicodedata.category(character) in {"Cc", "Cs"}
