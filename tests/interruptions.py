"""Kills an indexing program again and again, and checks what is left: `make soak`.

    python -m tests.interruptions FOLDER --kills 200 --seed 0

Every round changes the wardrobe a little, starts a sync in a process of its own and kills it with
SIGKILL: at a moment drawn by chance, or when it comes to one of the named checkpoints. Another
process then opens what is left and holds it against the promises. Now and then the model is another
one, and now and then a sync may finish and must mirror the folder.

The processes are forked from one that has loaded all libraries and started no thread, so that a
round costs a fraction of a second. They read pictures themselves, without decode processes: what
those do to a sync is tested elsewhere.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import select
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from fashion_finder.catalogue.connection import Connections
from fashion_finder.catalogue.contents import ContentTable
from fashion_finder.catalogue.files import FileTable, RootTable
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.catalogue.vectors import VectorTable
from fashion_finder.domain import PictureFile, PreparedPicture
from fashion_finder.engine import Engine, facade
from fashion_finder.errors import CatalogueOutdated
from fashion_finder.indexing import pipeline
from fashion_finder.indexing.decode_worker import carry_out
from fashion_finder.indexing.workers import prepared
from fashion_finder.ports import ReadOutcome, ReadTask
from fashion_finder.search import segments
from fashion_finder.search.index import SearchIndex
from tests.catalogue_rows import integrity_problems
from tests.pictures import COLOURS, SHAPES, save
from tests.tiny_model import metadata, write_tiny_model

BATCH = 4  # pictures per transaction here: more commits to be killed between
NEW_PICTURES = 9
MOST_PICTURES = 30
DEADLINE = 120.0  # seconds for one process


class ReaderHere:
    """Reads pictures in this process."""

    def __init__(self, count: int = 1, *, in_background: bool = False) -> None:
        del count, in_background

    def start(self) -> None:
        """Nothing to start."""

    def read_all(self, tasks: Iterator[ReadTask]) -> Iterator[ReadOutcome]:
        """One after the other."""
        yield from map(carry_out, tasks)

    def read(self, task: ReadTask) -> PreparedPicture:
        """Read one picture now."""
        return prepared(carry_out(task))

    def close(self) -> None:
        """Nothing to close."""


@contextmanager
def small_and_alone() -> Iterator[None]:
    """The program with small batches and without child processes."""
    with (
        mock.patch.object(facade, "DecodePool", ReaderHere),
        mock.patch.object(pipeline, "BATCH", BATCH),
        mock.patch("fashion_finder.settings.inference_threads", return_value=1),
    ):
        yield


# ---------------------------------------------------------------- checkpoints


def _before(owner: Any, name: str, reached: Callable[[], None]) -> None:
    original = getattr(owner, name)

    def stopped(*arguments: Any, **named: Any) -> Any:
        reached()
        return original(*arguments, **named)

    setattr(owner, name, stopped)


def _after(owner: Any, name: str, reached: Callable[[], None]) -> None:
    original = getattr(owner, name)

    def stopped(*arguments: Any, **named: Any) -> Any:
        result = original(*arguments, **named)
        reached()
        return result

    setattr(owner, name, stopped)


def _inside_transaction(reached: Callable[[], None]) -> None:
    """Everything is written, nothing is committed."""
    original = Connections.atomic

    @contextmanager
    def stopped(connections: Connections) -> Iterator[Any]:
        with original(connections) as connection:
            yield connection
            reached()

    setattr(Connections, "atomic", stopped)  # noqa: B010 - mypy knows that a method is none


CHECKPOINTS: dict[str, Callable[[Callable[[], None]], None]] = {
    "all read": lambda reached: _before(pipeline.FolderSync, "_settle", reached),
    "in a transaction": _inside_transaction,
    "before a batch": lambda reached: _before(FileTable, "record", reached),
    "batch committed": lambda reached: _after(FileTable, "record", reached),
    "batch published": lambda reached: _after(SearchIndex, "add", reached),
    "thumbnails stored": lambda reached: _after(ThumbnailStore, "put", reached),
    "folder marked": lambda reached: _after(RootTable, "mark", reached),
    "before forgetting": lambda reached: _before(FileTable, "forget", reached),
    "files forgotten": lambda reached: _after(FileTable, "forget", reached),
    "contents pruned": lambda reached: _after(ContentTable, "prune", reached),
    "thumbnails dropped": lambda reached: _after(ThumbnailStore, "drop", reached),
    "earlier model dropped": lambda reached: _before(VectorTable, "drop_superseded", reached),
    "graph token drawn": lambda reached: _after(VectorTable, "draw_graph_token", reached),
    "before a graph file": lambda reached: _before(os, "replace", reached),
    "graph file in place": lambda reached: _after(os, "replace", reached),
    "graph saved": lambda reached: _after(segments, "save", reached),
}


ONCE = frozenset({"all read"})
"""Checkpoints that a sync reaches only once."""


# ---------------------------------------------------------------- processes


def _in_a_process(work: Callable[[], None], *, kill_after: float | None = None) -> str:
    """Fork and work. Returns how it ended: 'done', 'killed', or the trace of what went wrong."""
    trace_from, trace_to = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(trace_from)
            work()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - told to the parent, which fails
            os.write(trace_to, traceback.format_exc()[-4000:].encode(errors="replace"))
            os._exit(1)
    os.close(trace_to)
    with os.fdopen(trace_from, "rb") as pipe:
        longest = DEADLINE if kill_after is None else min(kill_after, DEADLINE)
        has_ended, _, _ = select.select([pipe], [], [], longest)  # or writes why it must end
        if not has_ended:
            os.kill(child, signal.SIGKILL)
        trace = pipe.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return "killed" if has_ended or longest < DEADLINE else "a process did not end"
    return "done" if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0 else trace or str(status)


@dataclass
class Report:
    """What the rounds found."""

    kills: int = 0
    by_checkpoint: dict[str, int] = field(default_factory=dict)
    finished: int = 0
    looked_at: int = 0  # pictures asked for after a kill
    most_redone: int = 0  # pictures embedded a second time after one kill
    losses: list[str] = field(default_factory=list)


class Interruptions:
    """One wardrobe, one catalogue, many kills."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._chance = random.Random(seed)
        self._photos = folder / "photos"
        self._photos.mkdir(parents=True)
        self._data = folder / "data"
        self._journal = folder / "embedded.txt"
        self._models = [
            write_tiny_model(folder / f"model-{version}.onnx", metadata(version=str(version)))
            for version in (1, 2)
        ]
        self._model = 0
        self._next = 0
        self._usual = 0.5  # seconds that an uninterrupted sync takes
        self._embedded: set[str] = set()
        self._changed_model = False
        self.report = Report()

    def run(self, kills: int) -> Report:
        """Rounds until there were so many kills, and a last one that finishes."""
        names = list(CHECKPOINTS)
        for number in itertools.count():
            if self.report.kills >= kills or self.report.losses:
                break
            self._change_the_wardrobe()
            if number % 3 == 2:
                self._round(None)  # at a random moment
            else:
                self._round(names[(number - number // 3) % len(names)])
            if number % 10 == 9:
                self._finish()
            print(f"{self.report.kills} kills", end="\r", file=sys.stderr, flush=True)
        self._finish()
        return self.report

    def _change_the_wardrobe(self) -> None:
        for _ in range(NEW_PICTURES):
            self._next += 1
            kind = self._chance.choice(list(SHAPES)), self._chance.choice(list(COLOURS))
            folder = self._photos / self._chance.choice(["a", "b", ""])
            path = save(folder / f"{self._next}.jpg", *kind, mark=1 + self._next % 79)
            with path.open("ab") as file:  # no two are the same bytes, also when they look alike
                file.write(str(self._next).encode())
        files = [path for path in self._photos.rglob("*.jpg") if path.is_file()]
        self._chance.shuffle(files)
        surplus = max(2, len(files) - MOST_PICTURES)
        for path in files[:surplus]:
            path.unlink()
        for path in files[surplus : surplus + 2]:
            path.rename(path.with_name(f"renamed-{path.name}"))
        if self._chance.random() < 0.2:
            self._model = 1 - self._model

    def _round(self, checkpoint: str | None) -> None:
        before = self._journal_lines()
        if checkpoint is not None and "graph" in checkpoint:  # so that one is built
            shutil.rmtree(self._data / "index", ignore_errors=True)
        # How often the checkpoint is let through.
        passes = 0 if checkpoint in ONCE else self._chance.randrange(3)

        def work() -> None:
            remaining = passes

            def reached() -> None:
                nonlocal remaining
                remaining -= 1
                if remaining < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            if checkpoint is not None:
                CHECKPOINTS[checkpoint](reached)
            self._sync()

        moment = self._chance.uniform(0.0, self._usual) if checkpoint is None else None
        end = _in_a_process(work, kill_after=moment)
        name = checkpoint or "a random moment"
        if end == "killed":
            self.report.kills += 1
            self.report.by_checkpoint[name] = self.report.by_checkpoint.get(name, 0) + 1
        elif end != "done":
            self.report.losses.append(f"{name}: {end}")
        self._look_after(name, before)
        self._count_redone(before)

    def _finish(self) -> None:
        started = time.monotonic()
        before = self._journal_lines()
        end = _in_a_process(lambda: self._sync(mirrored=True))
        if end != "done":
            self.report.losses.append(f"an uninterrupted sync: {end}")
        self._usual = time.monotonic() - started
        self.report.finished += 1
        self._look_after("an uninterrupted sync", before)
        self._count_redone(before)

    def _sync(self, *, mirrored: bool = False) -> None:
        """Runs in the process that is killed."""
        journal = os.open(self._journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        embed = pipeline.FolderSync._embed

        def embed_and_tell(folder: Any, batch: Any, inference: Any) -> None:
            digests = [picture.digest.hex() for _, picture in batch.to_embed]
            os.write(journal, "".join(f"{self._model} {digest}\n" for digest in digests).encode())
            embed(folder, batch, inference)

        setattr(pipeline.FolderSync, "_embed", embed_and_tell)  # noqa: B010 - mypy knows its type
        with small_and_alone(), Engine.open(self._data, self._models[self._model]) as engine:
            engine.sync([self._photos])
            if not mirrored:
                return
            files = {path for path in self._photos.rglob("*.jpg") if path.is_file()}
            catalogue = engine._catalogue
            (root,) = catalogue.roots.all()
            known = {root.path / file.stamp.relative for file in catalogue.files.known(root.id)}
            _hold(known == files, f"catalogue and folder differ by {len(known ^ files)} files")
            _hold(engine.status().outdated == 0, "a finished sync left vectors to be made")
            _hold(not root.unfinished, "a finished sync is not marked so")
            _hold(
                len(engine._index.current)
                == len(catalogue.vectors.live_contents(engine.info.stamp)),
                "the search holds other pictures than the catalogue",
            )

    def _look_after(self, name: str, before: list[str]) -> None:
        embedded = [line.split()[1] for line in self._journal_lines()[len(before) :]]
        end = _in_a_process(lambda: self._look(embedded))
        if end != "done":
            self.report.losses.append(f"after {name}: {end}")
        self.report.looked_at = sum(1 for _ in self._looked())

    def _look(self, embedded: list[str]) -> None:
        """Runs in the next process: everything committed is there, once, and is found.

        `embedded` are the digests of the pictures that the killed process has begun to embed.
        """
        with small_and_alone(), Engine.open(self._data, self._models[self._model]) as engine:
            catalogue = engine._catalogue
            stamp = engine.info.stamp
            lost = [
                hexed
                for hexed in embedded
                if not catalogue.vectors.has_vector(bytes.fromhex(hexed), stamp)
            ]
            _hold(len(lost) <= BATCH, f"{len(lost)} embedded pictures were lost")
            _hold(not integrity_problems(self._data), "the catalogue fails its own check")
            roots = catalogue.roots.all()
            _hold(len(roots) <= 1, "the folder is recorded twice")
            live = set(catalogue.vectors.live_contents(engine.info.stamp))
            for root in roots:
                for known in catalogue.files.known(root.id):
                    path = root.path / known.stamp.relative
                    if known.content not in live or not path.is_file():
                        continue
                    try:
                        answer = engine.find_similar(PictureFile(path))
                    except CatalogueOutdated:
                        raise AssertionError("a live content, and nothing to search") from None
                    first = answer.matches[0]
                    _hold(path in (first.path, *first.copies), f"{path} does not find itself")
                    paths = [
                        found for match in answer.matches for found in (match.path, *match.copies)
                    ]
                    _hold(len(set(paths)) == len(paths), f"{path} is found twice")
                    with (self._data.parent / "looked.txt").open("a") as looked:
                        looked.write(".\n")

    def _looked(self) -> list[str]:
        path = self._data.parent / "looked.txt"
        return path.read_text().splitlines() if path.exists() else []

    def _journal_lines(self) -> list[str]:
        return self._journal.read_text().splitlines() if self._journal.exists() else []

    def _count_redone(self, before: list[str]) -> None:
        """Count the pictures of this model that an earlier round had embedded."""
        now = self._journal_lines()[len(before) :]
        other = str(1 - self._model)
        # A finished move to another model drops the earlier one's vectors: they are made anew.
        self._embedded = {line for line in self._embedded if not line.startswith(other)}
        redone = len([line for line in now if line in self._embedded])
        self._embedded |= set(now)
        self.report.most_redone = max(self.report.most_redone, redone)


def _hold(promise: bool, broken: str) -> None:
    if not promise:
        raise AssertionError(broken)


def main() -> int:
    """Print the report as one line of JSON; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    report = Interruptions(options.folder, options.seed).run(options.kills)
    print(json.dumps(vars(report)))
    return 1 if report.losses or report.most_redone > BATCH else 0


if __name__ == "__main__":
    sys.exit(main())
