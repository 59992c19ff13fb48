"""Every earlier program's catalogue is brought up to date, and kept as it was beside the new one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fashion_finder.catalogue import connection as connection_module
from fashion_finder.catalogue.connection import Connections, bring_up_to_date
from fashion_finder.catalogue.schema import MIGRATIONS
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.data_folder import CATALOGUE_NAME
from fashion_finder.engine import Engine
from fashion_finder.errors import CatalogueUnwritable
from tests.catalogue_formats import MODEL, SPRING, SUMMER, dump, fill, fixture, write_fixture
from tests.catalogue_rows import integrity_problems

LATEST = len(MIGRATIONS)
EARLIER = range(1, LATEST)
KEPT = [number for number in range(1, LATEST + 1) if fixture(number).exists()]


def backup(folder: Path, number: int) -> Path:
    """Where the file of this format is kept."""
    return folder / f"{CATALOGUE_NAME}.format-{number}.backup"


def shape(path: Path) -> list[tuple[str, str]]:
    """Every table, index and trigger, as it was made."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, ifnull(sql, '') FROM sqlite_master ORDER BY name")
        return [(name, " ".join(sql.split())) for name, sql in rows]


def test_every_earlier_format_is_there_to_be_tested() -> None:
    """Whoever adds a migration keeps a file of the format before it."""
    missing = [number for number in EARLIER if not fixture(number).exists()]
    assert not missing, "run python -m tests.catalogue_formats in the program before the change"


@pytest.mark.parametrize("number", KEPT)
def test_a_file_of_each_format_holds_what_it_held(tmp_path: Path, number: int) -> None:
    """Folders, files, copies, reasons, vectors and tags; ids stay, as graphs know them."""
    write_fixture(number, tmp_path)
    catalogue = Catalogue(tmp_path)
    try:
        spring, summer = catalogue.roots.all()
        assert (spring.path, spring.unfinished) == (SPRING, False)
        assert (summer.path, summer.unfinished) == (SUMMER, True)
        assert catalogue.files.counts() == {spring.id: 3, summer.id: 1}
        hat, bag = catalogue.contents.find(b"digest-hat"), catalogue.contents.find(b"digest-bag")
        assert hat is not None
        assert bag is not None
        assert (hat, bag) == (1, 2)
        places = catalogue.files.located([hat, bag])
        assert {file.path for file in places[hat]} == {
            SPRING / "hat.jpg",
            SPRING / "copies" / "hat.jpg",
            SUMMER / "again.jpg",
        }
        assert [os.fsencode(file.path) for file in places[bag]] == [b"/photos/spring/b\xe4g.jpg"]
        (skipped,) = catalogue.files.skipped()
        assert (skipped.path, skipped.reason) == (
            SPRING / "broken.jpg",
            "This picture cannot be read",
        )
        labels, vectors = catalogue.vectors.vectors_of([hat, bag], MODEL)
        assert labels == [hat, bag]
        assert vectors[1].tolist() == [1.0, 0.0]
        assert vectors[0].tolist() == pytest.approx([0.6, 0.8])
        assert catalogue.selection.tagged(MODEL, "type").words == ("hat",)
        assert catalogue.selection.tagged(MODEL, "colour_name").contents.tolist() == [hat]
        assert integrity_problems(tmp_path) == []
        spring_files = {
            file.stamp.relative: file.stamp for file in catalogue.files.known(spring.id)
        }
        assert spring_files["copies/hat.jpg"].mtime_ns == 10**18 + 1
        fill(catalogue)  # and it can be written
        assert catalogue.files.counts() == {spring.id: 3, summer.id: 1}
    finally:
        catalogue.close()


@pytest.mark.parametrize("number", KEPT)
def test_a_migrated_file_has_the_shape_of_a_new_one(tmp_path: Path, number: int) -> None:
    """So nobody has changed a migration that others' files have gone through already."""
    write_fixture(number, tmp_path)
    Catalogue(tmp_path).close()
    (tmp_path / "new").mkdir()
    Catalogue(tmp_path / "new").close()
    assert shape(tmp_path / CATALOGUE_NAME) == shape(tmp_path / "new" / CATALOGUE_NAME)


@pytest.mark.parametrize("number", EARLIER)
def test_the_file_is_kept_as_it_was(tmp_path: Path, number: int) -> None:
    """Readable by its owner only; also when an earlier attempt was killed in the middle of it."""
    before = dump(write_fixture(number, tmp_path))
    backup(tmp_path, number).write_bytes(b"half of something" * 100)
    backup(tmp_path, number).with_name(f"{backup(tmp_path, number).name}.unfinished").write_text(
        "x"
    )
    Catalogue(tmp_path).close()
    assert dump(backup(tmp_path, number)) == before
    assert list(tmp_path.glob("*.unfinished")) == []
    if os.name == "posix":
        assert backup(tmp_path, number).stat().st_mode & 0o077 == 0
    kept = backup(tmp_path, number).stat()
    Catalogue(tmp_path).close()
    assert backup(tmp_path, number).stat() == kept


@pytest.mark.parametrize("number", EARLIER)
def test_without_room_for_a_copy_nothing_is_changed(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start tries again."""
    path = write_fixture(number, tmp_path)
    before = dump(path)

    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(CatalogueUnwritable, match="No space left"):
            Catalogue(tmp_path)
    assert dump(path) == before
    Catalogue(tmp_path).close()
    assert dump(backup(tmp_path, number)) == before


def test_two_programs_that_migrate_at_once_keep_the_right_copy(tmp_path: Path) -> None:
    """The slower one must not put the new format under the old one's name."""
    before = dump(write_fixture(1, tmp_path))
    quicker, slower = (Connections(tmp_path / CATALOGUE_NAME) for _ in range(2))
    copy_aside = connection_module._copy_aside

    def late(connections: Connections, version: int) -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(connection_module, "_copy_aside", copy_aside)
            bring_up_to_date(quicker)
        copy_aside(connections, version)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(connection_module, "_copy_aside", late)
        bring_up_to_date(slower)
    quicker.close()
    slower.close()
    assert dump(backup(tmp_path, 1)) == before
    Catalogue(tmp_path).close()


@pytest.mark.parametrize("number", EARLIER)
def test_the_program_opens_it_with_another_model(
    tmp_path: Path, tiny_model_path: Path, number: int
) -> None:
    """Its photos wait for that model; nothing of them is lost."""
    write_fixture(number, tmp_path)
    with Engine.open(tmp_path, tiny_model_path) as engine:
        status = engine.status()
    assert status.photos == 4
    assert [folder.outdated for folder in status.folders] == [3, 1]
