"""The walk finds every picture once, opens none, and knows what it could not see."""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.errors import FolderMissing, FolderUnavailable
from fashion_finder.images import placeholders
from fashion_finder.indexing.scan import Scan


def touch(path: Path) -> Path:
    """An empty file in its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def found(scan: Scan) -> list[str]:
    """Relative paths of the pictures found."""
    return sorted(seen.stamp.relative for some in scan.listings() for seen in some)


def test_pictures_in_all_folders_are_met(tmp_path: Path) -> None:
    """By their endings, in any case; hidden files and folders are left out."""
    for name in (
        *("a.jpg", "b.JPEG", "deep/er/c.heic", "deep/d.png"),
        *("notes.txt", ".hidden.jpg", "._a.jpg", ".cache/e.jpg", "jpg"),
    ):
        touch(tmp_path / name)
    scan = Scan(tmp_path)
    assert found(scan) == ["a.jpg", "b.JPEG", "deep/d.png", "deep/er/c.heic"]
    assert set(scan.folders) == {"", "deep", "deep/er"}


def test_a_large_folder_is_handed_on_in_pieces(tmp_path: Path) -> None:
    """Of bounded length, each of one folder."""
    for number in range(1100):
        touch(tmp_path / "many" / f"{number}.jpg")
    touch(tmp_path / "few" / "a.jpg")
    pieces = list(Scan(tmp_path).listings())
    assert sorted(len(piece) for piece in pieces) == [1, 76, 512, 512]
    assert all(len({seen.stamp.relative.split("/")[0] for seen in some}) == 1 for some in pieces)


def test_no_picture_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stamps come from the directory alone."""
    touch(tmp_path / "a.jpg")

    def refuse(*arguments: object) -> None:
        raise AssertionError(f"opened {arguments}")

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "open", refuse)
        patch.setattr(os, "open", refuse)
        assert found(Scan(tmp_path)) == ["a.jpg"]


def test_links_never_lead_in_circles(tmp_path: Path) -> None:
    """A link to a parent, to itself, to nothing, and two to one folder: its real path wins."""
    touch(tmp_path / "real" / "a.jpg")
    touch(tmp_path / "elsewhere" / "b.jpg")
    inside = tmp_path / "photos"
    inside.mkdir()
    (tmp_path / "real").rename(inside / "real")
    (inside / "real" / "up").symlink_to(inside, target_is_directory=True)
    (inside / "1-first").symlink_to(inside / "real", target_is_directory=True)
    (inside / "self").symlink_to(inside / "self")
    (inside / "nothing").symlink_to(inside / "gone")
    (inside / "dangling.jpg").symlink_to(inside / "gone.jpg")
    (inside / "out").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    scan = Scan(inside)
    assert found(scan) == ["out/b.jpg", "real/a.jpg"]
    assert scan.unlisted == {"dangling.jpg", "self"}


def test_the_programs_own_data_is_never_entered(tmp_path: Path) -> None:
    """Also through a link."""
    touch(tmp_path / "photos" / "a.jpg")
    data = tmp_path / "photos" / "data"
    touch(data / "thumbnail.jpg")
    (tmp_path / "photos" / "again").symlink_to(data, target_is_directory=True)
    assert found(Scan(tmp_path / "photos", excluded=(data,))) == ["a.jpg"]


def test_a_part_of_a_root_keeps_the_roots_paths(tmp_path: Path) -> None:
    """Relative paths start at the root, whichever sub-folder is walked."""
    touch(tmp_path / "x" / "a.jpg")
    touch(tmp_path / "b.jpg")
    assert found(Scan(tmp_path, below="x")) == ["x/a.jpg"]


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_undecodable_names_are_met(tmp_path: Path) -> None:
    """A name need not be text."""
    name = os.fsdecode(b"caf\xe9\n.jpg")
    touch(tmp_path / name)
    assert found(Scan(tmp_path)) == [name]


def test_a_folder_that_fails_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is listed, and while it is."""
    for name in ("denied/a.jpg", "gone/b.jpg", "c.jpg"):
        touch(tmp_path / name)
    real = os.scandir

    class GoesAway:
        def __init__(self, entries: Iterator[os.DirEntry[str]]) -> None:
            self._entries = entries

        def __enter__(self) -> GoesAway:
            return self

        def __exit__(self, *error: object) -> None:
            pass

        def __iter__(self) -> Iterator[os.DirEntry[str]]:
            yield next(self._entries)
            raise OSError(5, "Input/output error")

    def scandir(path: Path) -> object:
        if path.name == "denied":
            raise PermissionError(13, "Permission denied")
        return GoesAway(iter(list(real(path)))) if path.name == "gone" else real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    scan = Scan(tmp_path)
    assert found(scan) == ["c.jpg", "gone/b.jpg"]
    assert scan.unlisted == {"denied", "gone"}


def test_a_root_that_cannot_be_listed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing folder, a file in its place, and one that is offline."""
    with pytest.raises(FolderMissing):
        found(Scan(tmp_path / "none"))
    with pytest.raises(FolderMissing):
        found(Scan(touch(tmp_path / "file")))

    def fail(path: Path) -> object:
        raise OSError(112, "Host is down")

    monkeypatch.setattr(os, "scandir", fail)
    with pytest.raises(FolderUnavailable, match="Host is down"):
        found(Scan(tmp_path))


def test_a_photo_that_cannot_be_looked_at_is_not_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share that fails for one file; a file deleted meanwhile is neither found nor remembered."""
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        touch(tmp_path / name)
    real = os.scandir

    class Entry:
        def __init__(self, entry: os.DirEntry[str]) -> None:
            self._entry = entry
            self.name = entry.name

        def is_dir(self) -> bool:
            return False

        def is_symlink(self) -> bool:
            return False

        def stat(self) -> os.stat_result:
            if self.name == "a.jpg":
                raise OSError(5, "Input/output error")
            if self.name == "b.jpg":
                raise FileNotFoundError(2, "No such file")
            return self._entry.stat()

    class Entries(list[Entry]):
        def __enter__(self) -> Entries:
            return self

        def __exit__(self, *error: object) -> None:
            pass

    monkeypatch.setattr(os, "scandir", lambda path: Entries(Entry(entry) for entry in real(path)))
    scan = Scan(tmp_path)
    assert found(scan) == ["c.jpg"]
    assert scan.unlisted == {"a.jpg"}


def test_a_linked_photo_lies_where_the_link_leads(tmp_path: Path) -> None:
    """Its volume is the target's; a walk of one sub-folder does not follow links back inside."""
    touch(tmp_path / "photos" / "b" / "x.jpg")
    (tmp_path / "photos" / "a").mkdir()
    (tmp_path / "photos" / "a" / "inside").symlink_to(tmp_path / "photos" / "b")
    touch(tmp_path / "elsewhere" / "y.jpg")
    (tmp_path / "photos" / "a" / "outside").symlink_to(tmp_path / "elsewhere")
    assert found(Scan(tmp_path / "photos", below="a")) == ["a/outside/y.jpg"]
    if not Path("/proc/self").exists():
        return
    (tmp_path / "photos" / "z.jpg").symlink_to("/proc/version")
    volumes = {
        seen.stamp.relative: seen.volume
        for some in Scan(tmp_path / "photos").listings()
        for seen in some
    }
    assert volumes["z.jpg"] != volumes["b/x.jpg"]


def test_system_folders_are_not_entered(tmp_path: Path) -> None:
    """Neither through links, to them or to a file in them; what was passed is known."""
    for name in (
        *("a/x.jpg", "a/@eaDir/x.jpg/SYNOPHOTO_THUMB_XL.jpg", "#recycle/old.jpg"),
        *("$RECYCLE.BIN/S-1-5/$RA.JPG", "My.photoslibrary/originals/1.jpg", ".Trash-0/files/t.jpg"),
        *("Trash and Treasure/y.jpg", "snapshots of May/z.jpg", ".hidden/h.jpg"),
    ):
        touch(tmp_path / name)
    (tmp_path / "thumbs").symlink_to(tmp_path / "a" / "@eaDir" / "x.jpg")
    (tmp_path / "thumb.jpg").symlink_to(tmp_path / "#recycle" / "old.jpg")
    scan = Scan(tmp_path)
    assert found(scan) == ["Trash and Treasure/y.jpg", "a/x.jpg", "snapshots of May/z.jpg"]
    assert scan.system == {
        *("a/@eaDir", "#recycle", "$RECYCLE.BIN", "My.photoslibrary", ".Trash-0"),
        *("thumbs", "thumb.jpg"),
    }


def test_what_is_not_read_is_counted_by_folder_and_kind(tmp_path: Path) -> None:
    """Hidden files, sidecars and what has nothing to do with pictures are not."""
    for name in (
        *("a.NEF", "b.arw", "c.psd", "x/d.CR3", "x/e.jxl", "x/f.jpg"),
        *(".g.nef", "._a.NEF", "notes.txt", "a.xmp", "b.zip", "nef", "@eaDir/h.nef"),
    ):
        touch(tmp_path / name)
    scan = Scan(tmp_path)
    assert found(scan) == ["x/f.jpg"]
    assert scan.not_read == {
        ("", "RAW"): 2,
        ("", "PSD"): 1,
        ("x", "RAW"): 1,
        ("x", "JPEG XL"): 1,
    }


def test_what_is_only_in_the_cloud_stands_apart(tmp_path: Path) -> None:
    """By its attributes, or by the stub of older iCloud Drives, unless the file is there too."""
    for name in (
        "a.jpg",
        "b.jpg",
        "x/.c.jpg.icloud",
        "x/.d.jpg.icloud",
        "x/d.jpg",
        ".n.txt.icloud",
    ):
        touch(tmp_path / name)
    away = os.stat(tmp_path / "b.jpg").st_ino
    scan = Scan(tmp_path, is_placeholder=lambda status: status.st_ino == away)
    assert found(scan) == ["a.jpg", "x/d.jpg"]
    assert [file.stamp.relative for file in scan.in_cloud] == ["b.jpg", "x/c.jpg"]


def test_a_folder_only_in_the_cloud_is_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Listing it would download the list; what is known of it stays."""
    for name in ("a.jpg", "away/b.jpg"):
        touch(tmp_path / name)
    away = os.stat(tmp_path / "away").st_ino
    monkeypatch.setattr(placeholders, "is_dataless", lambda status: status.st_ino == away)
    scan = Scan(tmp_path)
    assert found(scan) == ["a.jpg"]
    assert scan.unlisted == scan.dataless == {"away"}
