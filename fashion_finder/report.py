"""What the commands print: JSON for programs, lines for people."""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from fashion_finder.domain import (
    Answer,
    LeftOut,
    PictureFile,
    SkippedFile,
    Status,
    SyncPhase,
    SyncProgress,
    SyncSummary,
)
from fashion_finder.errors import PictureInCloud
from fashion_finder.word_labels import not_read_line

LINE_SECONDS = 5.0
"""Between two lines of progress where a line cannot be rewritten."""

_FOLDER_KEYS = ("photos", "available", "unfinished", "outdated")
_HARMLESS = {"Cc": "\N{REPLACEMENT CHARACTER}", "Cf": "", "Zl": " ", "Zp": " "}


def plain(text: object) -> str:
    """Text that cannot move the cursor or reorder the line: file names may hold anything."""
    return "".join(
        _HARMLESS.get(unicodedata.category(character), character) for character in str(text)
    )


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 photo``, ``20 photos``."""
    return f"{number} {noun if number == 1 else noun + 's'}"


# ---------------------------------------------------------------- JSON


def answer_object(answer: Answer) -> dict[str, Any]:
    """One answer as the command line's JSON has it."""
    question = answer.question
    return {
        "query": str(question.path) if isinstance(question, PictureFile) else question.name,
        "matches": [
            {
                "rank": rank,
                "path": str(match.path),
                "similarity": round(match.similarity, 4),
                "closeness": match.closeness.word,
                "copies": [str(path) for path in match.copies],
                "near_copies": [
                    str(path) for near in match.near for path in (near.path, *near.copies)
                ],
            }
            for rank, match in enumerate(answer.matches, 1)
        ],
        "nothing_close": answer.nothing_close,
        "outdated": answer.outdated,
    }


def status_object(status: Status) -> dict[str, Any]:
    """What the catalogue holds."""
    model = status.model
    left_out = status.left_out
    skipped = (*status.skipped, *status.unlisted, *left_out.system_folders)
    return {
        "folders": [
            {"path": str(folder.path)} | {key: getattr(folder, key) for key in _FOLDER_KEYS}
            for folder in status.folders
        ],
        "photos": status.photos,
        "skipped": [{"path": str(file.path), "reason": file.reason} for file in skipped],
        **_left_out_counts(left_out),
        "model": {key: getattr(model, key) for key in ("name", "version", "stamp", "dimension")},
    }


def _left_out_counts(left_out: LeftOut) -> dict[str, Any]:
    return {"not_read": left_out.kinds, "system_folders": len(left_out.system_folders)}


def _print_json(document: dict[str, Any]) -> None:
    """One line, ASCII only, so that undecodable names survive any terminal encoding."""
    print(json.dumps(document))


# ---------------------------------------------------------------- lines


def print_answer(answer: Answer, *, as_json: bool = False) -> None:
    """Print an answer; people get no figure that could be mistaken for a percentage."""
    if as_json:
        _print_json(answer_object(answer))
        return
    print(plain(answer_object(answer)["query"]))
    for rank, match in enumerate(answer.matches, 1):
        more = match.file_count - 1
        copies = f"  (+{more} {'copy' if more == 1 else 'copies'})" if more else ""
        print(f"  {rank}. {match.closeness.word or '':<12}  {plain(match.path)}{copies}")
    if answer.nothing_close:
        print("  Nothing close in your folders.")
    if answer.outdated:
        print(
            f"  {counted(answer.outdated, 'photo')} not searchable yet, indexed with another"
            " model. Index their folders again."
        )


def print_summary(summary: SyncSummary, *, as_json: bool = False) -> None:
    """Print a sync's counts."""
    if as_json:
        counts = asdict(summary)
        del counts["skipped_files"], counts["left_out"]
        counts |= {"seconds": round(summary.seconds, 3)} | _left_out_counts(summary.left_out)
        _print_json(counts)
        return
    print(
        f"{counted(summary.found, 'picture')}: {summary.added} added, {summary.updated} updated,"
        f" {summary.unchanged} unchanged, {summary.moved} moved, {summary.forgotten} forgotten,"
        f" {summary.skipped} skipped, in {summary.seconds:.1f} s"
    )
    _print_left_out(summary.left_out)
    _print_skipped(summary.skipped_files)


def print_status(status: Status, *, as_json: bool = False) -> None:
    """Print what the catalogue holds."""
    if as_json:
        _print_json(status_object(status))
        return
    print(f"{counted(status.photos, 'photo')} in {counted(len(status.folders), 'folder')}")
    for folder in status.folders:
        notes = [counted(folder.photos, "photo")]
        notes += [] if folder.available else ["offline"]
        notes += ["interrupted: index again to continue"] if folder.unfinished else []
        notes += [f"{folder.outdated} of another model: index again"] if folder.outdated else []
        print(f"  {plain(folder.path)}  ({', '.join(notes)})")
    _print_left_out(status.left_out)
    _print_skipped((*status.unlisted, *status.skipped))
    print(f"Model: {status.model.name} {status.model.version}")


def _print_left_out(left_out: LeftOut) -> None:
    for kind, count in left_out.kinds.items():
        print(not_read_line(kind, count))
    folders = left_out.system_folders
    if folders:
        names = Counter(folder.path.name for folder in folders)
        listed = (f"{name} ({count})" if count > 1 else name for name, count in names.items())
        print(f"{counted(len(folders), 'system folder')} left out: {plain(', '.join(listed))}")


def _print_skipped(skipped: tuple[SkippedFile, ...]) -> None:
    """One by one, but for what a cloud service keeps: that may be most of a folder."""
    named = [file for file in skipped if file.reason != PictureInCloud.title]
    in_cloud = len(skipped) - len(named)
    if in_cloud:
        are = "is" if in_cloud == 1 else "are"
        print(f"{counted(in_cloud, 'picture')} {are} only in the cloud: download to index")
    if named:
        print("Skipped:")
    for file in named:
        print(f"  {plain(file.path)}: {plain(file.reason)}")


class ProgressLine:
    """Progress on a terminal: one line that is rewritten; elsewhere a line every few seconds."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._live = self._stream.isatty()
        self._width = 0
        self._last = float("-inf")
        self._phase: tuple[Path, SyncPhase] | None = None

    def show(self, progress: SyncProgress) -> None:
        """Print one report."""
        text = _progress_text(progress)
        if self._live:
            print(f"\r{text:<{self._width}}", end="", file=self._stream, flush=True)
            self._width = len(text)
        elif (
            progress.folder,
            progress.phase,
        ) != self._phase or time.monotonic() - self._last >= LINE_SECONDS:
            print(text, file=self._stream, flush=True)
            self._last = time.monotonic()
        self._phase = (progress.folder, progress.phase)

    def end(self) -> None:
        """Leave the line standing."""
        if self._live and self._width:
            print(file=self._stream)
            self._width = 0


def _progress_text(progress: SyncProgress) -> str:
    folder = plain(progress.folder.name or progress.folder)
    if progress.phase is SyncPhase.SCANNING:
        return f"{folder}: scanning, {counted(progress.found, 'picture')} so far"
    if progress.phase is SyncPhase.FINISHING:
        return f"{folder}: finishing"
    left = f", {_duration(progress.seconds_left)} left" if progress.seconds_left else ""
    skipped = f", {progress.skipped} skipped" if progress.skipped else ""
    return (
        f"{folder}: {progress.done} of {progress.total},"
        f" {progress.rate:.0f} per second{left}{skipped}"
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
