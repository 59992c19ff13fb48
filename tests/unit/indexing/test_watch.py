"""Changes in indexed folders are noticed, by the system's own events."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fashion_finder.indexing import watch as watch_module
from fashion_finder.indexing.coalescing import Pace
from fashion_finder.indexing.volumes import Volumes
from fashion_finder.indexing.watch import Watcher
from tests.pictures import save

PATIENCE = 20.0
QUICK = Pace(quiet=0.05, most=1.0, rescan=1000.0, look=0.05)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="events differ between systems")


class Told:
    """What a watcher has told."""

    def __init__(self) -> None:
        self._queue: queue.Queue[tuple[Path, ...]] = queue.Queue()

    def __call__(self, folders: tuple[Path, ...]) -> None:
        self._queue.put(folders)

    def next(self) -> tuple[Path, ...]:
        """Waited for."""
        return self._queue.get(timeout=PATIENCE)

    def nothing(self) -> bool:
        """Whether nothing is told for a while that is long for a watcher as quick as these."""
        try:
            told = self._queue.get(timeout=8 * QUICK.quiet)
        except queue.Empty:
            return True
        raise AssertionError(f"told {told}")


class Refusing:
    """A system that has no watch left for this user."""

    def schedule(self, *arguments: object, **options: object) -> None:
        """See watchdog."""
        raise OSError(28, "No space left on device")


Start = Callable[..., tuple[Watcher, Told]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts watchers, waits until they watch, and stops them."""
    watchers: list[Watcher] = []

    def start_one(
        *folders: Path, pace: Pace = QUICK, battery: Pace = QUICK
    ) -> tuple[Watcher, Told]:
        told = Told()
        watcher = Watcher(told, on_battery=lambda: battery is not QUICK, paces=(pace, battery))
        watcher.follow(folders)
        watchers.append(watcher)
        watcher.start()
        until(lambda: watches(watcher, *folders))
        return watcher, told

    yield start_one
    for watcher in watchers:
        watcher.stop()


def watches(watcher: Watcher, *folders: Path) -> bool:
    """Whether these are the folders it watches, or knows to be away."""
    followed = dict(watcher._followed)
    ready = [one.looked_through > 0 or not folder.exists() for folder, one in followed.items()]
    return set(followed) == set(folders) and all(ready)


def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition that another thread makes true."""
    waiting = threading.Event()
    for _ in range(int(PATIENCE / 0.01)):
        if holds():
            return
        waiting.wait(0.01)
    raise AssertionError("waited in vain")


def test_what_happens_to_pictures_is_told(tmp_path: Path, start: Start) -> None:
    """New, changed, renamed and deleted ones, in folders that come later too; not what is no picture."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    _, told = start(one, other)
    path = save(one / "a.jpg", "hat", "red")
    assert told.next() == (one,)
    assert told.nothing()
    path.rename(one / "b.jpg")
    assert told.next() == (one,)
    (one / "b.jpg").unlink()
    assert told.next() == (one,)
    save(other / "new" / "deep" / "c.jpg", "hat", "red")
    assert told.next() == (other,)
    assert told.nothing()
    save(other / "new" / "deep" / "d.jpg", "hat", "blue")
    assert told.next() == (other,)
    (one / "notes.txt").write_text("not a picture")
    assert told.nothing()


def test_reading_pictures_is_no_change(tmp_path: Path, start: Start) -> None:
    """Otherwise every sync would call for the next."""
    path = save(tmp_path / "a.jpg", "hat", "red")
    _, told = start(tmp_path)
    path.read_bytes()
    list(tmp_path.iterdir())
    assert told.nothing()


def test_many_changes_are_told_once(tmp_path: Path, start: Start) -> None:
    """They calm down first."""
    slow = Pace(quiet=0.5, most=PATIENCE, rescan=1000.0, look=0.05)
    _, told = start(tmp_path, pace=slow)
    for number in range(30):
        save(tmp_path / f"{number}.jpg", "hat", "red")
    assert told.next() == (tmp_path,)
    assert told.nothing()


def test_a_pause_holds_changes_back(tmp_path: Path, start: Start) -> None:
    """They are told when it is over."""
    watcher, told = start(tmp_path)
    watcher.pause()
    save(tmp_path / "a.jpg", "hat", "red")
    assert told.nothing()
    watcher.resume()
    assert told.next() == (tmp_path,)


def test_a_folder_under_suspicion_is_told(tmp_path: Path, start: Start) -> None:
    """Once, and at the pace of all changes."""
    watcher, told = start(tmp_path)
    watcher.suspect([tmp_path])
    assert told.next() == (tmp_path,)
    assert told.nothing()


def test_on_battery_changes_wait_longer(tmp_path: Path, start: Start) -> None:
    """The pace for the battery is the one that counts then."""
    patient = Pace(quiet=1000.0, most=1000.0, rescan=1000.0, look=0.05)
    watcher, told = start(tmp_path, battery=patient)
    save(tmp_path / "a.jpg", "hat", "red")
    until(lambda: watcher._changes.next_due(patient) < float("inf"))
    assert told.nothing()


def test_other_folders_can_be_followed_instead(tmp_path: Path, start: Start) -> None:
    """The earlier ones are let go."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    watcher, told = start(one)
    watcher.follow([other])
    until(lambda: watches(watcher, other))
    save(one / "a.jpg", "hat", "red")
    assert told.nothing()
    save(other / "a.jpg", "hat", "red")
    assert told.next() == (other,)


def test_a_drive_that_comes_back_is_told(tmp_path: Path, start: Start) -> None:
    """And what changes on it from then on; that it went away is no news."""
    folder = tmp_path / "stick"
    folder.mkdir()
    watcher, told = start(folder)
    folder.rename(tmp_path / "unplugged")
    until(lambda: watcher._followed[folder].device is None)
    while not told._queue.empty():
        told.next()
    (tmp_path / "unplugged").rename(folder)
    assert told.next() == (folder,)
    assert told.nothing()
    save(folder / "a.jpg", "hat", "red")
    assert told.next() == (folder,)


def test_a_drive_at_another_mount_point_is_told(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder that is away is named: the sync finds it where it is now."""
    points = [Path("/")]
    monkeypatch.setattr(Volumes, "mounted", lambda volumes: {"all": list(points)})
    _, told = start(tmp_path / "stick")
    assert told.nothing()
    points.append(tmp_path / "elsewhere")
    assert told.next() == (tmp_path / "stick",)
    assert told.nothing()


@pytest.mark.parametrize("why", ["share", "limit"])
def test_folders_without_events_are_named_at_intervals(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """A share, and a folder for which the system has no watch left."""
    if why == "share":
        monkeypatch.setattr(Volumes, "is_remote", lambda volumes, device: True)
    else:
        monkeypatch.setattr(watch_module, "Observer", Refusing)
    often = Pace(quiet=0.0, most=1.0, rescan=0.2, look=0.02)
    _, told = start(tmp_path, pace=often)
    assert [told.next(), told.next()] == [(tmp_path,), (tmp_path,)]
