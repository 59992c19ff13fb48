"""Changes in indexed folders are noticed, by the system's own events."""

from __future__ import annotations

import itertools
import os
import queue
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from watchdog.events import FileSystemEvent

from fashion_finder.indexing import watch as watch_module
from fashion_finder.indexing.volumes import Volumes
from fashion_finder.indexing.watch import Pace, Watcher
from tests.pictures import save
from tests.timeouts import TIMEOUT, until

PACE = Pace(quiet=2.0, most=30.0, rescan=1000.0, look=0.05)
MARK = Path("/nowhere/mark")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="events differ between systems")


class Site:
    """A watcher whose time stands still until the test moves it, and its reports."""

    def __init__(self, heard: list[Path], pace: Pace, battery: Pace | None) -> None:
        self.now = 100.0
        self.pace = battery or pace
        self.queue: queue.Queue[tuple[Path, ...]] = queue.Queue()
        self.watcher = Watcher(
            self.queue.put,
            clock=lambda: self.now,
            on_battery=lambda: battery is not None,
            paces=(pace, battery or pace),
        )
        self._heard = heard
        self._names = itertools.count()

    def hear(self, folder: Path) -> None:
        """Wait until all events of a folder have arrived; they come in order."""
        last = folder / f"last {next(self._names)}.txt"
        last.write_text("not a picture")
        until(lambda: last in self._heard)

    def note(self) -> None:
        """Wait until there is something to report."""
        until(lambda: self.watcher._changes.next_due(self.pace) < float("inf"))

    def reported(self, *folders: Path) -> list[Path]:
        """What is reported of these folders once their changes have settled."""
        for folder in folders:
            self.hear(folder)
        self.watcher.suspect([MARK])
        self.now += self.pace.quiet
        found: list[Path] = []
        while MARK not in found:
            found += self.queue.get(timeout=TIMEOUT)
        return [folder for folder in found if folder != MARK]


class Refusing:
    """A system that has no watch left for this user."""

    def schedule(self, *arguments: object, **options: object) -> None:
        """See watchdog."""
        raise OSError(28, "No space left on device")


Start = Callable[..., Site]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files whose events have been handled."""
    paths: list[Path] = []
    handle = watch_module._Handler.on_any_event

    def handle_and_tell(handler: watch_module._Handler, event: FileSystemEvent) -> None:
        handle(handler, event)
        paths.append(Path(os.fsdecode(event.src_path)))

    monkeypatch.setattr(watch_module._Handler, "on_any_event", handle_and_tell)
    return paths


@pytest.fixture
def start(heard: list[Path]) -> Iterator[Start]:
    """Starts watchers, waits until they watch, and stops them."""
    watchers: list[Watcher] = []

    def start_one(*folders: Path, pace: Pace = PACE, battery: Pace | None = None) -> Site:
        site = Site(heard, pace, battery)
        site.watcher.follow(folders)
        watchers.append(site.watcher)
        site.watcher.start()
        until(lambda: watches(site.watcher, *folders))
        return site

    yield start_one
    for watcher in watchers:
        watcher.stop()


def watches(watcher: Watcher, *folders: Path) -> bool:
    """Whether these are the folders it watches, or knows to be offline."""
    followed = dict(watcher._followed)
    ready = [state.checked > 0 or not folder.exists() for folder, state in followed.items()]
    return set(followed) == set(folders) and all(ready)


def test_what_happens_to_pictures_is_reported(tmp_path: Path, start: Start) -> None:
    """New, changed, renamed and deleted ones, also in new folders; but only pictures."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    site = start(one, other)
    path = save(one / "a.jpg", "hat", "red")
    assert site.reported(one) == [one]
    path.write_bytes(path.read_bytes() + b"more")
    assert site.reported(one) == [one]
    path.rename(one / "b.jpg")
    assert site.reported(one) == [one]
    (one / "b.jpg").unlink()
    assert site.reported(one) == [one]
    save(other / "new" / "deep" / "c.jpg", "hat", "red")
    assert site.reported(other) == [other]
    save(other / "new" / "deep" / "d.jpg", "hat", "blue")
    assert site.reported(other) == [other]
    (one / "notes.txt").write_text("not a picture")
    assert site.reported(one, other) == []


def test_a_nas_may_write_its_thumbnails(tmp_path: Path, start: Start) -> None:
    """What happens in system folders is no change; what is moved out of one is."""
    save(tmp_path / "a.jpg", "hat", "red")
    for folder in ("#recycle", "@eaDir/a.jpg"):
        (tmp_path / folder).mkdir(parents=True)
    site = start(tmp_path)
    thumb = save(tmp_path / "@eaDir" / "a.jpg" / "SYNOPHOTO_THUMB_M.jpg", "hat", "red")
    thumb.write_bytes(b"again")
    deleted = save(tmp_path / "#recycle" / "b.jpg", "hat", "blue")
    assert site.reported(tmp_path) == []
    deleted.rename(tmp_path / "b.jpg")
    assert site.reported(tmp_path) == [tmp_path]


def test_reading_pictures_is_no_change(tmp_path: Path, start: Start) -> None:
    """Otherwise every sync would cause the next."""
    path = save(tmp_path / "a.jpg", "hat", "red")
    site = start(tmp_path)
    path.read_bytes()
    list(tmp_path.iterdir())
    assert site.reported(tmp_path) == []


def test_many_changes_are_reported_once(tmp_path: Path, start: Start) -> None:
    """Once they settle, however long ago the first of them was."""
    site = start(tmp_path)
    for number in range(20):
        save(tmp_path / f"{number}.jpg", "hat", "red")
        site.hear(tmp_path)
        site.now += PACE.quiet / 2
    assert site.queue.empty()
    assert site.reported(tmp_path) == [tmp_path]


def test_a_pause_holds_changes_back(tmp_path: Path, start: Start) -> None:
    """They are reported when it is over."""
    site = start(tmp_path)
    site.watcher.pause()
    save(tmp_path / "a.jpg", "hat", "red")
    site.hear(tmp_path)
    site.now += PACE.most
    threading.Event().wait(4 * PACE.look)
    assert site.queue.empty()
    site.watcher.resume()
    assert site.reported() == [tmp_path]


def test_a_suspected_folder_is_reported(tmp_path: Path, start: Start) -> None:
    """Once, and at the pace of all changes."""
    site = start(tmp_path)
    site.watcher.suspect([tmp_path])
    site.now += PACE.quiet / 2
    assert site.queue.empty()
    assert site.reported() == [tmp_path]
    assert site.reported() == []


def test_on_battery_changes_wait_longer(tmp_path: Path, start: Start) -> None:
    """The pace for the battery counts then."""
    patient = Pace(quiet=500.0, most=1000.0, rescan=10_000.0, look=0.05)
    site = start(tmp_path, battery=patient)
    save(tmp_path / "a.jpg", "hat", "red")
    site.hear(tmp_path)
    site.now += PACE.most
    threading.Event().wait(4 * patient.look)
    assert site.queue.empty()
    site.now += patient.quiet
    assert site.queue.get(timeout=TIMEOUT) == (tmp_path,)


def test_other_folders_can_be_followed_instead(tmp_path: Path, start: Start) -> None:
    """The earlier ones are no longer watched."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    site = start(one)
    site.watcher.follow([other])
    until(lambda: watches(site.watcher, other))
    save(one / "a.jpg", "hat", "red")
    assert site.reported(other) == []
    save(other / "a.jpg", "hat", "red")
    assert site.reported(other) == [other]


def test_folders_that_are_named_while_it_is_at_work_are_followed_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the next look at the drives, what was copied into them meanwhile would be missed."""
    seldom = Pace(quiet=0.05, most=1.0, rescan=1000.0, look=1000.0)
    watcher = Watcher(lambda folders: None, on_battery=lambda: False, paces=(seldom, seldom))
    look = Watcher._look

    def look_and_be_told(watcher: Watcher, pace: Pace) -> None:
        look(watcher, pace)
        watcher.follow([tmp_path])

    monkeypatch.setattr(Watcher, "_look", look_and_be_told)
    watcher.start()
    try:
        until(lambda: watches(watcher, tmp_path))
    finally:
        watcher.stop()


def test_a_drive_that_comes_back_is_reported(tmp_path: Path, start: Start) -> None:
    """And so is what changes on it from then on; its going offline is not."""
    folder = tmp_path / "stick"
    folder.mkdir()
    site = start(folder)
    folder.rename(tmp_path / "unplugged")
    site.now += PACE.look
    until(lambda: site.watcher._followed[folder].device is None)
    assert site.reported() == []
    (tmp_path / "unplugged").rename(folder)
    site.now += PACE.look
    site.note()
    assert site.reported() == [folder]
    save(folder / "a.jpg", "hat", "red")
    assert site.reported(folder) == [folder]


@pytest.mark.parametrize("by", ["deleting", "moving away"])
def test_a_folder_that_is_replaced_is_watched_on(tmp_path: Path, start: Start, by: str) -> None:
    """As some programs export: between two looks it becomes another folder on the same volume."""
    folder = tmp_path / "export"
    folder.mkdir()
    site = start(folder)
    watched = site.watcher._followed[folder].observer
    if by == "deleting":
        shutil.rmtree(folder)
    else:
        folder.rename(tmp_path / "export before")
    folder.mkdir()
    site.now += PACE.look
    until(lambda: site.watcher._followed[folder].observer not in (None, watched))
    site.note()
    assert site.reported(folder) == [folder]
    save(folder / "a.jpg", "hat", "red")
    assert site.reported(folder) == [folder]


def test_a_drive_at_another_mount_point_is_reported(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The offline folder is reported; the sync finds it where it is now."""
    points = [Path("/")]
    monkeypatch.setattr(Volumes, "mounted", lambda volumes: {"all": list(points)})
    site = start(tmp_path / "stick")
    assert site.reported() == []
    points.append(tmp_path / "elsewhere")
    site.now += PACE.look
    site.note()
    assert site.reported() == [tmp_path / "stick"]
    assert site.reported() == []


@pytest.mark.parametrize("why", ["share", "limit"])
def test_folders_without_events_are_named_at_intervals(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """A share, and a folder that the system has no watch left for."""
    if why == "share":
        monkeypatch.setattr(Volumes, "is_remote", lambda volumes, device: True)
    else:
        monkeypatch.setattr(watch_module, "Observer", Refusing)
    site = start(tmp_path)
    assert site.reported() == []
    for _ in range(2):
        site.now += PACE.rescan
        site.note()
        assert site.reported() == [tmp_path]
    assert site.reported() == []
