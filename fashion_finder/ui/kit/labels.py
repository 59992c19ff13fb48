"""Names and numbers as a person reads them."""

from __future__ import annotations

import html
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from fashion_finder.domain import Closeness, LeftOut, Likeness, Match, Status, SyncSummary
from fashion_finder.word_labels import kind_advice, kind_label, not_read_line
from fashion_finder.word_labels import word_label as english_label

# Invisible characters that reverse the text after them: "gpj.exe" can pose as a picture.
_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


KINDS_NAMED = 3  # of files that are not read, on a page with room for little


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
    """Plain text for a tool tip, which Qt would otherwise read as HTML where it looks like it."""
    return f"<p style='white-space:pre-wrap'>{html.escape(text)}</p>"


def closeness_label(closeness: Closeness) -> str:
    """An honest word for how close a match is; empty where there is nothing good to tell."""
    words = {
        Closeness.SAME_PIECE: translate("Same piece"),
        Closeness.VERY_SIMILAR: translate("Very similar"),
        Closeness.SIMILAR: translate("Similar"),
    }
    return words.get(closeness, "")


def closeness_steps(closeness: Closeness) -> int:
    """The same as a number of filled bars, 0 to 3, legible without words or colour."""
    steps = {Closeness.SAME_PIECE: 3, Closeness.VERY_SIMILAR: 2, Closeness.SIMILAR: 1}
    return steps.get(closeness, 0)


def likeness_label(likeness: Likeness) -> str:
    """What two pictures have in common."""
    words = {
        Likeness.SAME_TYPE: translate("Same type"),
        Likeness.SAME_COLOUR: translate("Same colour"),
        Likeness.SIMILAR_COLOUR: translate("Similar colour"),
        Likeness.SIMILAR_CUT: translate("Similar cut and pattern"),
    }
    return words[likeness]


def number_label(number: int) -> str:
    """A count in the format of the user's locale."""
    return QLocale().toString(number)


def day_label(day: date) -> str:
    """A day in the format of the user's locale."""
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)


def counted(count: int, one: str, several: str) -> str:
    """A count in words: `one` for 1, else `several` with the number in place of `{count}`."""
    return one if count == 1 else several.format(count=number_label(count))


def photos_label(count: int) -> str:
    """How many photos."""
    return counted(count, translate("1 photo"), translate("{count} photos"))


def folders_label(count: int) -> str:
    """How many folders."""
    return counted(count, translate("1 folder"), translate("{count} folders"))


def catalogue_label(status: Status) -> str:
    """What is indexed, in one line; empty when nothing is."""
    if not status.folders:
        return ""
    text = translate("{photos} in {folders}").format(
        photos=photos_label(status.photos), folders=folders_label(len(status.folders))
    )
    offline = sum(not folder.available for folder in status.folders)
    if offline:
        rest = translate("{folders} offline").format(folders=folders_label(offline))
        text = f"{text}  ·  {rest}"
    return text


def matches_by_file(match: Match) -> tuple[Match, ...]:
    """A match for each file that shows its photo, the one that names it first."""
    named = replace(match, copies=(), near=(), offline_copies=())
    others = (file for near in match.near for file in matches_by_file(near))
    copies = (
        replace(named, path=path, offline=path in match.offline_copies) for path in match.copies
    )
    return (named, *copies, *others)


def offline_label() -> str:
    """The badge of a photo whose drive or share is not connected."""
    return translate("Offline")


def offline_advice() -> str:
    """The meaning of that badge."""
    return translate("Offline: this drive or share is not connected")


def copies_label(count: int) -> str:
    """How many files show this photo, the named one included."""
    return translate("{count} copies").format(count=number_label(count))


def skipped_label(count: int) -> str:
    """How many files could not be used."""
    return counted(count, translate("1 file skipped"), translate("{count} files skipped"))


def not_read_label(kind: str, count: int) -> str:
    """How many files of a kind there are, none of which is read."""
    return kind_label(kind, count, number_label(count))


def not_read_reason(kind: str, count: int) -> str:
    """That they are not read, and what to do."""
    advice = kind_advice(kind, count)
    return (
        translate("Not read: {advice}").format(advice=advice) if advice else translate("Not read")
    )


def left_out_labels(left_out: LeftOut) -> tuple[str, ...]:
    """What indexed folders hold besides pictures, shortly; empty when there is nothing to tell."""
    kinds, parts = left_out.kinds, []
    if kinds:
        total = sum(kinds.values())
        several = translate("{count} files").format(count=number_label(total))
        files = not_read_label(*next(iter(kinds.items()))) if len(kinds) == 1 else several
        parts.append(translate("{files} not read").format(files=files))
    if left_out.system_folders:
        one, several = translate("1 system folder"), translate("{count} system folders")
        folders = counted(len(left_out.system_folders), one, several)
        parts.append(translate("{folders} left out").format(folders=folders))
    return tuple(parts)


def left_out_sentences(left_out: LeftOut) -> str:
    """The same with what to do about it, a line for each of the most frequent kinds."""
    kinds = list(left_out.kinds.items())
    lines = [not_read_line(*kind, number_label(kind[1])) for kind in kinds[:KINDS_NAMED]]
    others = sum(count for _, count in kinds[KINDS_NAMED:])
    if others:
        one, several = (
            translate("1 other file is not read"),
            translate("{count} others are not read"),
        )
        lines.append(counted(others, one, several))
    lines += left_out_labels(LeftOut(system_folders=left_out.system_folders))
    return "\n".join(f"{line}." for line in lines)


def change_labels(summary: SyncSummary) -> tuple[str, ...]:
    """What a sync has changed in the catalogue; empty when nothing has changed."""
    counted = (
        (summary.added, translate("{count} new")),
        (summary.updated, translate("{count} changed")),
        (summary.moved, translate("{count} moved")),
        (summary.forgotten, translate("{count} removed")),
    )
    return tuple(text.format(count=number_label(count)) for count, text in counted if count)


def rate_label(rate: float) -> str:
    """The speed of indexing."""
    digits = 1 if rate < 10 else 0
    return translate("{rate} pictures/s").format(rate=QLocale().toString(rate, "f", digits))


def time_left_label(seconds: float) -> str:
    """Roughly how much time is left."""
    if seconds < 10:
        return translate("a few seconds left")
    if seconds < 90:
        return translate("about {count} seconds left").format(count=round(seconds / 10) * 10)
    minutes = round(seconds / 60)
    if minutes < 90:
        return translate("about {count} minutes left").format(count=minutes)
    return translate("about {count} hours left").format(count=round(seconds / 3600))


def _is_hidden(character: str) -> bool:
    return character in _DIRECTION_MARKS or unicodedata.category(character) in {"Cc", "Cs"}
