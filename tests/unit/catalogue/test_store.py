"""The catalogue keeps what it was given, whole batches at a time."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.catalogue.connection import Connections, bring_up_to_date
from fashion_finder.catalogue.records import Filed, KnownFile, decode_relative, encode_relative
from fashion_finder.catalogue.schema import MIGRATIONS
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.data_folder import CATALOGUE_NAME, DataFolder
from fashion_finder.domain import ContentId, FileStamp
from fashion_finder.errors import (
    CatalogueBusy,
    CatalogueDamaged,
    CatalogueNewer,
    CatalogueUnwritable,
)
from tests.catalogue_rows import MODEL, content, filed, integrity_problems


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """An empty catalogue."""
    catalogue = Catalogue(tmp_path)
    yield catalogue
    catalogue.close()


def paths_of(catalogue: Catalogue, content: ContentId) -> list[Path]:
    """Where the files of one content lie."""
    return [file.path for file in catalogue.files.located([content])[content]]


def test_a_batch_is_found_again(catalogue: Catalogue, tmp_path: Path) -> None:
    """Files, skipped files, vectors and tags come back as they went in."""
    root = catalogue.roots.add(Path("/photos"))
    ids = catalogue.files.record(
        root.id,
        MODEL,
        [content("a", value=0.5)],
        [filed("one.jpg", "a"), filed("two.jpg", "a"), filed("bad.jpg", None, reason="torn")],
    )
    number = ids[b"a"]
    assert paths_of(catalogue, number) == [Path("/photos/one.jpg"), Path("/photos/two.jpg")]
    labels, vectors = catalogue.vectors.vectors_of([number], MODEL)
    assert labels == [number]
    assert vectors.tolist() == [[0.5, 0.0]]
    assert catalogue.contents.digest_of(number) == b"a"
    assert [(one.path, one.reason) for one in catalogue.files.skipped()] == [
        (Path("/photos/bad.jpg"), "torn")
    ]
    assert catalogue.files.counts() == {root.id: 2}
    assert integrity_problems(tmp_path) == []


def test_a_file_that_changed_is_recorded_anew(catalogue: Catalogue) -> None:
    """With its new size, time, volume and content; skipped before, it is searchable now."""
    root = catalogue.roots.add(Path("/photos"))
    catalogue.files.record(root.id, MODEL, [], [filed("a.jpg", None, reason="torn")])
    stamp = FileStamp("a.jpg", 20, 2)
    mended = Filed(stamp, "another disk", b"b")
    ids = catalogue.files.record(root.id, MODEL, [content("b")], [mended])
    assert catalogue.files.known(root.id) == [KnownFile(stamp, "another disk", ids[b"b"], None)]
    assert catalogue.files.sample(root.id, "another disk", 5) == [stamp]
    assert catalogue.roots.by_volume() == [(root, "another disk")]


def test_every_graph_token_is_new(catalogue: Catalogue) -> None:
    """One that stayed the same would let a backup take another catalogue's graph for its own."""
    tokens = [catalogue.vectors.draw_graph_token() for _ in range(3)]
    assert len(set(tokens)) == 3
    assert catalogue.vectors.graph_token() == tokens[-1]


def test_a_failing_batch_leaves_nothing(catalogue: Catalogue) -> None:
    """When one file of a batch cannot be recorded, none is."""
    root = catalogue.roots.add(Path("/photos"))
    with pytest.raises(TypeError):
        catalogue.files.record(
            root.id, MODEL, [content("a")], [filed("one.jpg", "a"), filed("two.jpg", "unheard of")]
        )
    assert catalogue.files.known(root.id) == []
    assert catalogue.vectors.live_contents(MODEL) == []


def test_ids_are_never_used_twice(catalogue: Catalogue) -> None:
    """A content's id labels a point of the search graph, so it must not come to mean another."""
    root = catalogue.roots.add(Path("/photos"))
    first = catalogue.files.record(root.id, MODEL, [content("a")], [filed("a.jpg", "a")])[b"a"]
    catalogue.files.forget(root.id, ["a.jpg"])
    assert catalogue.contents.prune() == (first,)
    second = catalogue.files.record(root.id, MODEL, [content("b")], [filed("b.jpg", "b")])[b"b"]
    assert second > first


def test_pruning_spares_what_another_file_holds(catalogue: Catalogue) -> None:
    """Deleting one of two copies keeps the vector."""
    root = catalogue.roots.add(Path("/photos"))
    ids = catalogue.files.record(
        root.id, MODEL, [content("a")], [filed("a.jpg", "a"), filed("copy.jpg", "a")]
    )
    catalogue.files.forget(root.id, ["a.jpg"])
    assert catalogue.contents.prune() == ()
    assert paths_of(catalogue, ids[b"a"]) == [Path("/photos/copy.jpg")]


def test_vectors_of_another_model_are_not_mixed_in(catalogue: Catalogue) -> None:
    """Each model sees only its own; the old ones go when the last has been made again."""
    root = catalogue.roots.add(Path("/photos"))
    ids = catalogue.files.record(
        root.id, MODEL, [content("a"), content("b")], [filed("a.jpg", "a"), filed("b.jpg", "b")]
    )
    a, b = ids[b"a"], ids[b"b"]
    assert catalogue.vectors.live_contents("model-b") == []
    assert catalogue.vectors.missing_in(root.id, "model-b") == {a, b}
    assert catalogue.vectors.digests_of_size(10, "model-b") == ()
    assert catalogue.vectors.outdated_counts("model-b") == {root.id: 2}
    catalogue.files.record(root.id, "model-b", [content("a", value=2.0)], [filed("a.jpg", "a")])
    labels, vectors = catalogue.vectors.vectors_of([a], "model-b")
    assert (labels, vectors.tolist()) == ([a], [[2.0, 0.0]])
    assert catalogue.vectors.vectors_of([a], MODEL)[1].tolist() == [[1.0, 0.0]]
    assert catalogue.vectors.drop_superseded("model-b") == 0
    assert [catalogue.vectors.count_outdated(name) for name in ("model-b", MODEL)] == [1, 0]
    catalogue.files.record(root.id, "model-b", [content("b")], [filed("b.jpg", "b")])
    assert catalogue.vectors.outdated_counts("model-b") == {}
    assert catalogue.vectors.drop_superseded("model-b") == 2
    assert catalogue.vectors.live_contents(MODEL) == []
    assert catalogue.vectors.live_contents("model-b") == [a, b]


def test_a_folder_filter_ends_at_the_folders_name(catalogue: Catalogue) -> None:
    """Pictures of 'ab' are not in 'a', neither are those of 'a0' or 'a-'."""
    root = catalogue.roots.add(Path("/photos"))
    names = ["a/x.jpg", "ab/y.jpg", "a0/z.jpg", "a-/w.jpg", "a.jpg"]
    ids = catalogue.files.record(
        root.id, MODEL, [content(name) for name in names], [filed(name, name) for name in names]
    )
    files = catalogue.selection.searchable()
    assert files.contents.tolist() == list(ids.values())
    assert catalogue.selection.items_below(root.id, "a").tolist() == files.items[:1].tolist()
    assert catalogue.selection.items_below(root.id, "").tolist() == files.items.tolist()


def test_a_wider_folder_takes_over_a_narrower_one(catalogue: Catalogue) -> None:
    """Files of the inner root keep their contents under the outer root's paths."""
    inner = catalogue.roots.add(Path("/photos/shoes"))
    ids = catalogue.files.record(inner.id, MODEL, [content("a")], [filed("a.jpg", "a")])
    outer = catalogue.roots.add(Path("/photos"))
    catalogue.roots.absorb(inner, outer, "shoes")
    assert [root.path for root in catalogue.roots.all()] == [Path("/photos")]
    assert paths_of(catalogue, ids[b"a"]) == [Path("/photos/shoes/a.jpg")]


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
@given(name=st.binary(min_size=1, max_size=40).filter(lambda raw: b"\0" not in raw))
def test_any_name_survives_the_journey(name: bytes) -> None:
    """Names need not be valid UTF-8."""
    assert encode_relative(decode_relative(name)) == name


def test_a_commit_survives_the_power_going_out(catalogue: Catalogue) -> None:
    """Every connection waits for the disk: full synchronisation, write-ahead log, references."""
    with catalogue.connections.reading() as connection:
        values = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("synchronous", "journal_mode", "foreign_keys")
        ]
    assert values == [2, "wal", 1]


def test_connections_end_with_their_threads(catalogue: Catalogue) -> None:
    """A program that runs for days in short threads does not run out of files."""
    alive = len(catalogue.connections._all)
    for _ in range(20):
        thread = threading.Thread(target=catalogue.roots.all)
        thread.start()
        thread.join()
    assert len(catalogue.connections._all) == alive


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX ones")
def test_the_files_are_private(catalogue: Catalogue, tmp_path: Path) -> None:
    """Also in a folder that others may enter."""
    catalogue.roots.add(Path("/photos"))
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


# ---------------------------------------------------------------- the file


def test_a_newer_catalogue_is_refused(tmp_path: Path) -> None:
    """A later program's file is named as such and left alone."""
    Catalogue(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / CATALOGUE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = (tmp_path / CATALOGUE_NAME).read_bytes()
    with pytest.raises(CatalogueNewer, match="format 99"):
        Catalogue(tmp_path)
    assert (tmp_path / CATALOGUE_NAME).read_bytes() == before


@pytest.mark.parametrize("damage", ["noise", "another program"])
def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path, damage: str) -> None:
    """Random bytes, and another program's database, are damaged catalogues, not new ones."""
    path = tmp_path / CATALOGUE_NAME
    if damage == "noise":
        path.write_bytes(bytes(range(256)) * 40)
    else:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(CatalogueDamaged):
        Catalogue(tmp_path)


def test_a_folder_in_the_files_place_is_reported(tmp_path: Path) -> None:
    """What cannot be opened is said to be unwritable."""
    (tmp_path / CATALOGUE_NAME).mkdir()
    with pytest.raises(CatalogueUnwritable):
        Catalogue(tmp_path)


def test_a_migration_keeps_the_data_and_a_copy_of_the_old_file(tmp_path: Path) -> None:
    """The next format starts from this one; the file as it was stays beside it."""
    catalogue = Catalogue(tmp_path)
    catalogue.roots.add(Path("/photos"))
    catalogue.close()
    connections = Connections(tmp_path / CATALOGUE_NAME)
    bring_up_to_date(connections, (*MIGRATIONS, "ALTER TABLE roots ADD COLUMN note TEXT;"))
    with connections.reading() as connection:
        assert connection.execute("SELECT path, note FROM roots").fetchall() == [(b"/photos", None)]
    connections.close()
    with pytest.raises(CatalogueNewer):
        Catalogue(tmp_path)
    backup = tmp_path / f"{CATALOGUE_NAME}.format-{len(MIGRATIONS)}.backup"
    backup.replace(tmp_path / CATALOGUE_NAME)
    for leftover in tmp_path.glob("*-wal"):
        leftover.unlink()
    restored = Catalogue(tmp_path)
    assert [root.path for root in restored.roots.all()] == [Path("/photos")]
    restored.close()


def test_the_first_format_is_brought_up_to_date(tmp_path: Path) -> None:
    """Vectors and tags written by the first format are found again, under their own model."""
    connections = Connections(tmp_path / CATALOGUE_NAME)
    bring_up_to_date(connections, MIGRATIONS[:1])
    vectors = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
    tags = '[["type", "hat", 0.75], ["colour_name", "red", 0.5]]'
    with connections.atomic() as connection:
        connection.execute("INSERT INTO roots VALUES (1, CAST('/photos' AS BLOB), 0)")
        connection.executemany("INSERT INTO models VALUES (?, ?)", [(1, MODEL), (2, "model-b")])
        for number, name in ((7, b"a"), (8, b"b")):
            connection.execute(
                "INSERT INTO contents VALUES (?, ?, 1, 2, 3, ?)", (number, name, tags)
            )
            connection.execute(
                "INSERT INTO vectors VALUES (?, ?, ?)",
                (number, number - 6, vectors[number - 7].tobytes()),
            )
            connection.execute(
                "INSERT INTO items VALUES (?, 1, ?, 1, 2, 'disk', ?, NULL)",
                (number, name + b".jpg", number),
            )
    connections.close()
    catalogue = Catalogue(tmp_path)
    try:
        for number, model, vector in ((7, MODEL, [1.0, 2.0]), (8, "model-b", [3.0, 4.0])):
            labels, found = catalogue.vectors.vectors_of([7, 8], model)
            assert (labels, found.tolist()) == ([number], [vector])
            assert catalogue.vectors.count_outdated(model) == 1
        hats, reds = (
            catalogue.selection.tagged(MODEL, "type"),
            catalogue.selection.tagged("model-b", "colour_name"),
        )
        assert (hats.contents.tolist(), hats.words) == ([7], ("hat",))
        assert (reds.contents.tolist(), reds.words) == ([8], ("red",))
        assert integrity_problems(tmp_path) == []
    finally:
        catalogue.close()


def test_a_migration_may_rebuild_a_table(tmp_path: Path) -> None:
    """Without dropping what refers to it; one that leaves dangling references is undone."""
    catalogue = Catalogue(tmp_path)
    root = catalogue.roots.add(Path("/photos"))
    catalogue.files.record(root.id, MODEL, [content("a")], [filed("a.jpg", "a")])
    catalogue.close()
    rebuild = """
        CREATE TABLE roots_new (id INTEGER PRIMARY KEY, path BLOB, unfinished INTEGER);
        INSERT INTO roots_new SELECT * FROM roots;
        DROP TABLE roots;
        ALTER TABLE roots_new RENAME TO roots;
    """
    connections = Connections(tmp_path / CATALOGUE_NAME)
    bring_up_to_date(connections, (*MIGRATIONS, rebuild))
    with pytest.raises(ValueError, match="dangling"):
        bring_up_to_date(connections, (*MIGRATIONS, rebuild, "DELETE FROM roots;"))
    with connections.reading() as connection:
        assert connection.execute("SELECT count(*) FROM items").fetchone() == (1,)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    connections.close()


def test_a_failing_migration_changes_nothing(tmp_path: Path) -> None:
    """Half a migration is none."""
    Catalogue(tmp_path).close()
    connections = Connections(tmp_path / CATALOGUE_NAME)
    broken = "ALTER TABLE roots ADD COLUMN note TEXT; SELECT * FROM nowhere;"
    with pytest.raises(sqlite3.OperationalError):
        bring_up_to_date(connections, (*MIGRATIONS, broken))
    connections.close()
    reopened = Catalogue(tmp_path)
    reopened.roots.add(Path("/photos"))
    reopened.close()


# ---------------------------------------------------------------- one sync at a time

_HOLD = """
import sys, pathlib
from fashion_finder.catalogue.store import sync_lock
with sync_lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_sync_is_refused_until_the_holder_dies(tmp_path: Path) -> None:
    """The lock of a process that was killed does not stay behind."""
    catalogue = Catalogue(tmp_path)
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(DataFolder(tmp_path).sync_lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    with holder.stdin, holder.stdout:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(CatalogueBusy), catalogue.sync_lock():
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with catalogue.sync_lock():
        pass
    catalogue.close()


def test_what_waits_for_a_model_is_counted_anew_after_every_commit(catalogue: Catalogue) -> None:
    """Committed by this thread, by another one, or by another process; otherwise it is kept."""
    root = catalogue.roots.add(Path("/photos"))

    def add(where: Catalogue, name: str) -> None:
        where.files.record(root.id, MODEL, [content(name)], [filed(f"{name}.jpg", name)])

    assert catalogue.vectors.count_outdated("model-b") == 0
    add(catalogue, "a")
    assert catalogue.vectors.count_outdated("model-b") == 1
    thread = threading.Thread(target=add, args=(catalogue, "b"))
    thread.start()
    thread.join()
    assert catalogue.vectors.count_outdated("model-b") == 2
    other = Catalogue(catalogue.connections.path.parent)
    add(other, "c")
    other.close()
    assert catalogue.vectors.count_outdated("model-b") == 3
    assert catalogue.vectors.count_outdated(MODEL) == 0
    statements: list[str] = []
    catalogue.connections.get().set_trace_callback(statements.append)
    assert catalogue.vectors.count_outdated("model-b") == 3
    assert statements == ["PRAGMA data_version"]
