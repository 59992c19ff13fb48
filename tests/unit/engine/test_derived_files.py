"""What is derived from the catalogue heals itself, whatever has become of it."""

from __future__ import annotations

import io
import os
import random
import shutil
import sqlite3
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from fashion_finder import cli
from fashion_finder.catalogue import thumbnails as thumbnails_module
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import ContentId, PictureFile, Refinement
from fashion_finder.engine import Engine
from fashion_finder.engine.integrity_check import find_derived_damage
from fashion_finder.logs import end_logging, end_watching_for_crashes
from tests.odd_files import ELSEWHERE, KINDS, put_in_the_way
from tests.pictures import draw_folder
from tests.timeouts import until

PICTURES = 20


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Some pictures to index."""
    return draw_folder(tmp_path_factory.mktemp("photos"), PICTURES)


@pytest.fixture(scope="module")
def indexed(
    tmp_path_factory: pytest.TempPathFactory, photos: list[Path], tiny_model_path: Path
) -> Path:
    """A data folder in which they are indexed, to be copied."""
    data = tmp_path_factory.mktemp("indexed") / "data"
    with Engine.open(data, tiny_model_path) as engine:
        engine.sync([photos[0].parent])
        engine.find_similar(PictureFile(photos[0]), refinement=Refinement(colour="Green"))
    DataFolder(data).logs.mkdir()
    return data


@pytest.fixture
def data(tmp_path: Path, indexed: Path) -> Iterator[Path]:
    """A copy of it."""
    shutil.copytree(indexed, tmp_path / "data")
    yield tmp_path / "data"
    end_logging()
    end_watching_for_crashes()


def derived_files(data: Path) -> list[Path]:
    """All that can be made again."""
    folder = DataFolder(data)
    companions = [Path(f"{folder.thumbnails}{end}") for end in ("-wal", "-shm", "-journal")]
    shared_memory = Path(f"{folder.catalogue}-shm")
    logs = [folder.log_file, Path(f"{folder.log_file}.1"), folder.crash_log]
    kept = [folder.thumbnails, *companions, shared_memory, folder.sync_lock, *logs]
    return [*kept, *sorted(folder.index.iterdir())]


def assert_whole(data: Path) -> None:
    """Every picture has its thumbnail, its signature and its place in a graph, all of them sound."""
    catalogue = Catalogue(data)
    contents = catalogue.contents.after(0, 2 * PICTURES)
    store = ThumbnailStore(data, catalogue.uuid, 1 << 30)
    try:
        assert len(contents) == PICTURES
        assert len(store.signatures_of(contents)) == PICTURES
        for content in contents:
            assert_picture(store.get(content))
    finally:
        store.close()
        catalogue.close()
    assert not {"the thumbnails", "the search index"} & set(find_derived_damage(data))
    assert list(DataFolder(data).index.glob("graph-*.bin"))


def assert_picture(jpeg: bytes | None) -> None:
    """It decodes to the end."""
    assert jpeg is not None
    with Image.open(io.BytesIO(jpeg)) as picture:
        picture.load()


def index_by_command(data: Path, photos: list[Path], model: Path) -> None:
    """An ordinary run over the folder, in which nothing has changed; and a search."""
    common = ["--data-dir", str(data), "--model", str(model)]
    assert cli.main(["index", str(photos[0].parent), *common]) == cli.DONE
    assert cli.main(["search", str(photos[3]), "-k", "1", *common]) == cli.DONE


def use_behind_the_window(data: Path, photos: list[Path], model: Path) -> None:
    """The window's engine, of which nobody asks anything but answers and their pictures."""
    with Engine.open(data, model) as engine:
        for photo in photos[::5]:
            answer = engine.find_similar(PictureFile(photo), refinement=Refinement(colour="Green"))
            for match in (*answer.matches, *engine.find_similar(PictureFile(photo)).matches):
                assert_picture(engine.thumbnail(match.content))
        until(lambda: engine._thumbnails.lacking_after() is None)
        for thread in engine._background:
            thread.join(60)


Use = Callable[[Path, list[Path], Path], None]
USES = pytest.mark.parametrize("use", [index_by_command, use_behind_the_window])


@USES
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_stands_in_place_of_derived_files_is_replaced(
    data: Path, photos: list[Path], tiny_model_path: Path, kind: str, use: Use
) -> None:
    """Of all of them at once; nothing is written or deleted where a link leads."""
    for path in derived_files(data):
        elsewhere = put_in_the_way(path, kind)
    use(data, photos, tiny_model_path)
    assert_whole(data)
    assert elsewhere.read_bytes() == ELSEWHERE
    if use is index_by_command:
        assert stat.S_ISREG(DataFolder(data).sync_lock.lstat().st_mode)
        assert DataFolder(data).log_file.is_file()
    if kind == "full folder":
        kept = list(data.rglob("set-aside-*/letter.txt"))
        assert len(kept) >= 6
        assert {letter.read_bytes() for letter in kept} == {ELSEWHERE}


@USES
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "folder"])
def test_whatever_stands_in_place_of_derived_folders_is_replaced(
    data: Path, photos: list[Path], tiny_model_path: Path, kind: str, use: Use
) -> None:
    """Of the index and the logs."""
    folder = DataFolder(data)
    for path in (folder.index, folder.logs):
        elsewhere = put_in_the_way(path, kind)
        shutil.rmtree(data / f"{path.name} before")
    use(data, photos, tiny_model_path)
    assert_whole(data)
    assert elsewhere.read_bytes() == ELSEWHERE


def damage_pages(path: Path) -> None:
    """Overwrite the file from its sixth page on."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(5 * 4096)
        file.write(random.Random(17).randbytes(size - 5 * 4096))


@USES
def test_damaged_pages_cost_no_thumbnail(
    data: Path, photos: list[Path], tiny_model_path: Path, use: Use
) -> None:
    """They show neither at the opening nor in the first pages."""
    damage_pages(DataFolder(data).thumbnails)
    use(data, photos, tiny_model_path)
    assert_whole(data)


def test_damage_under_an_open_window_costs_no_thumbnail(
    data: Path, photos: list[Path], tiny_model_path: Path
) -> None:
    """While two threads look at thumbnails."""
    with Engine.open(data, tiny_model_path) as engine:
        for thread in engine._background:
            thread.join(60)
        contents = engine._catalogue.contents.after(0, PICTURES)
        assert_picture(engine.thumbnail(contents[0]))
        damage_pages(DataFolder(data).thumbnails)
        seen: list[bytes | None] = []

        def look(some: list[ContentId]) -> None:
            seen.extend(engine.thumbnail(content) for content in some)

        threads = [
            threading.Thread(target=look, args=(order,)) for order in (contents, contents[::-1])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(seen) == 2 * PICTURES
        for jpeg in seen:
            assert_picture(jpeg)
        engine.sync([photos[0].parent])
    assert_whole(data)


@pytest.mark.parametrize("earlier", [False, True])
def test_a_damaged_row_is_made_again_when_it_is_shown(
    data: Path, tiny_model_path: Path, earlier: bool
) -> None:
    """Bytes that changed where SQLite sees nothing of it; an earlier version kept no checksum."""
    with closing(sqlite3.connect(DataFolder(data).thumbnails)) as connection:
        before = dict(connection.execute("SELECT content, jpeg FROM thumbnails"))
        if earlier:
            connection.execute("DELETE FROM checksums")
        kept = 60 if earlier else 700  # from 700 bytes on it still looks like a picture
        torn = [(jpeg[:kept] + bytes(9), content) for content, jpeg in before.items()]
        connection.executemany("UPDATE thumbnails SET jpeg = ? WHERE content = ?", torn)
        connection.commit()
    with Engine.open(data, tiny_model_path) as engine:
        for content, jpeg in before.items():
            assert engine.thumbnail(content) == jpeg
            assert engine._thumbnails.get(content) == jpeg


def test_thumbnails_of_an_earlier_version_stay(data: Path, tiny_model_path: Path) -> None:
    """Also while their drive is away: they are looked at once, and have a checksum then."""
    with closing(sqlite3.connect(DataFolder(data).thumbnails)) as connection:
        kept = dict(connection.execute("SELECT content, jpeg FROM thumbnails"))
        connection.execute("DROP TABLE checksums")
        connection.execute("DROP TABLE lacking")
        connection.execute("PRAGMA user_version = 2")
        connection.commit()
    with Engine.open(data, tiny_model_path) as engine:
        for content, jpeg in kept.items():
            assert engine._thumbnails.get(content) is None
            assert engine.thumbnail(content) == jpeg
            assert engine._thumbnails.get(content) == jpeg


def test_damaged_signatures_are_made_again(
    data: Path, photos: list[Path], tiny_model_path: Path
) -> None:
    """They are noticed when they are compared, and the next sync makes them."""
    with closing(sqlite3.connect(DataFolder(data).thumbnails)) as connection:
        before = dict(connection.execute("SELECT content, signature FROM signatures"))
        connection.execute("UPDATE signatures SET signature = zeroblob(900) WHERE content > 5")
        connection.commit()
    with Engine.open(data, tiny_model_path) as engine:
        contents = [ContentId(content) for content in before]
        assert len(engine._thumbnails.signatures_of(contents)) == 5
        engine.sync([photos[0].parent])
        assert engine._thumbnails.signatures_of(contents) == before


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE signatures",
        "DROP TABLE total",
        "DELETE FROM total",
        "DELETE FROM owner",
        "DELETE FROM lacking",
        "UPDATE total SET bytes = 1 << 50",
        "PRAGMA user_version = 99",
        "PRAGMA application_id = 4711",
    ],
)
def test_a_store_that_is_not_as_it_was_made_starts_over(data: Path, statement: str) -> None:
    """As by another program, or a later version."""
    path = DataFolder(data).thumbnails
    with closing(sqlite3.connect(path)) as connection:
        (owner,) = connection.execute("SELECT catalogue FROM owner").fetchone()
        connection.execute(statement)
        connection.commit()
    store = ThumbnailStore(data, owner, 1 << 30)
    store.put({ContentId(1): b"one"}, {ContentId(1): b"signature"})
    assert store.get(ContentId(1)) == b"one"
    assert store.signatures_of([ContentId(1)]) == {ContentId(1): b"signature"}
    assert store.lacking_after() == 0
    store.close()


def test_two_processes_heal_the_same_file_once(data: Path) -> None:
    """The second finds what the first has made, and both go on with one file."""
    path = DataFolder(data).thumbnails
    with closing(sqlite3.connect(path)) as connection:
        (owner,) = connection.execute("SELECT catalogue FROM owner").fetchone()
    one, other = (ThumbnailStore(data, owner, 1 << 30) for _ in range(2))
    damage_pages(path)
    for content in range(1, PICTURES + 1):
        one.get(ContentId(content))
    one.put({ContentId(1): b"by one"})
    healed = path.stat().st_ino
    assert other.get(ContentId(1)) == b"by one"
    other.put({ContentId(2): b"by the other"})
    assert one.get(ContentId(2)) == b"by the other"
    assert path.stat().st_ino == healed
    one.close()
    other.close()


def test_a_store_that_cannot_be_made_is_tried_again(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that was full: until then there are no thumbnails, and nothing fails."""
    path = DataFolder(data).thumbnails
    path.write_bytes(b"damaged" * 1000)
    monkeypatch.setattr(thumbnails_module, "RETRY_SECONDS", 0.0)
    with monkeypatch.context() as full:
        full.setattr(
            "fashion_finder.catalogue.connection.os.open",
            _no_room,
        )
        store = ThumbnailStore(data, "catalogue", 1 << 30)
        store.put({ContentId(1): b"one"})
        assert store.get(ContentId(1)) is None
    store.put({ContentId(1): b"one"})
    assert store.get(ContentId(1)) == b"one"
    store.close()


def _no_room(*_: object) -> int:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("name", ["thumbnails", "index", "sync_lock", "log_file"])
def test_the_command_tells_what_was_damaged(
    data: Path,
    photos: list[Path],
    tiny_model_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    """`rebuild` on a sound catalogue looks at the rest, and makes it again."""
    path: Path = getattr(DataFolder(data), name)
    if name == "thumbnails":
        damage_pages(path)
    elif name == "index":
        (graph,) = path.glob("graph-*.bin")
        graph.write_bytes(graph.read_bytes()[::-1])
    else:
        put_in_the_way(path, "full folder")
    common = ["--data-dir", str(data), "--model", str(tiny_model_path)]
    assert cli.main(["rebuild", *common]) == cli.DONE
    words = {"sync_lock": "the lock", "log_file": "the log", "index": "the search index"}
    said = f"Damaged, and made again: {words.get(name, 'the thumbnails')}."
    assert said in capsys.readouterr().out
    assert_whole(data)
    assert cli.main(["rebuild", *common]) == cli.DONE
    assert "Nothing was changed" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs another user")
def test_files_of_another_user_are_replaced(
    data: Path, photos: list[Path], tiny_model_path: Path
) -> None:
    """As after a start as root: this user may read none of them, but delete them."""
    folder = DataFolder(data)
    odd = [folder.thumbnails, folder.index / "graphs.json", folder.sync_lock]
    for path in (data, *data.rglob("*")):
        os.chown(path, 4711, 4711)
    for path in odd:
        os.chown(path, 0, 0)
        path.chmod(0o600)
    for parent in data.parents:
        if stat.S_IMODE(parent.stat().st_mode) == 0o700:  # pytest's own
            parent.chmod(0o711)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(4711)
            os.setuid(4711)
            store = ThumbnailStore(data, "catalogue", 1 << 30)
            store.put({ContentId(1): b"one"})
            whole = store.get(ContentId(1)) == b"one"
            with Catalogue(data).sync_lock():
                code = 0 if whole else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert folder.thumbnails.stat().st_uid == 4711
