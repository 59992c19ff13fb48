"""Folders of systems and programs are known by their names; people's folders are not among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fashion_finder.indexing.system_folders import (
    TABLE,
    enclosing,
    first_system_folder,
    is_inside,
    reason,
    system_folder,
)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "@eaDir",
            "@EADIR",
            "#recycle",
            "#Recycle",
            "@Recycle",
            "#snapshot",
            "@Recently-Snapshot",
        ),
        *(
            "$RECYCLE.BIN",
            "$Recycle.Bin",
            "RECYCLER",
            "RECYCLED",
            ".Trash",
            ".Trashes",
            ".Trash-1000",
        ),
        *(
            ".snapshot",
            ".snapshots",
            ".zfs",
            "~snapshot",
            "System Volume Information",
            "lost+found",
        ),
        *(
            "FOUND.000",
            "found.017",
            "@tmp",
            ".@__thumb",
            ".dtrash",
            ".picasaoriginals",
            ".thumbnails",
        ),
        *("Photos Library.photoslibrary", "x.PHOTOSLIBRARY", "Aperture Library.aplibrary"),
        *(
            "iPhoto Library.migratedphotolibrary",
            "Lightroom Catalog Previews.lrdata",
            "a.lrlibrary",
        ),
        *("Studio.cocatalog", ".AppleDouble", "__MACOSX", "Network Trash Folder", ".recycle"),
        *("files_trashbin", "files_versions", "appdata_oc1a2b3c4d5e", ".stversions"),
    ],
)
def test_system_folders_are_known(name: str) -> None:
    """In any case of letters, which FAT, SMB and macOS change; the reason says what they hold."""
    assert system_folder(name) is not None
    assert reason(name).startswith("A system folder: ")


@pytest.mark.parametrize(
    "name",
    [
        *("Trash and Treasure", "Recycled cotton", "Recycled", "recycled", "Recycler", "Recycle"),
        *(
            "snapshots of May",
            "snapshot",
            "snapshots",
            "Thumbnails",
            "Trash",
            "tmp",
            "eaDir",
            "zfs",
        ),
        *("CaptureOne", "Picasa", "Originals", "Lightroom", "Photos Library", "photoslibrary"),
        *("my.photoslibrary copy", "FOUND.ART", "Found.1000", "Lost and Found", "@home", "#spring"),
        *(".photoslibrary", "RECYCLED COTTON", "$RECYCLE", "appdata", "versions", "", "."),
    ],
)
def test_peoples_folders_are_not(name: str) -> None:
    """However close their names come."""
    assert system_folder(name) is None


def test_no_two_rows_claim_a_name() -> None:
    """The table is what is looked up."""
    names = [name.casefold() for row in TABLE for name in (*row.names, *row.endings, *row.capitals)]
    assert len(names) == len(set(names))


def test_whatever_lies_below_one_is_inside() -> None:
    """But not a file that merely has such a name, nor what lies beside it."""
    assert is_inside("a/@eaDir/IMG_1.JPG/SYNOPHOTO_THUMB_XL.jpg")
    assert is_inside("x.photoslibrary/originals/0/a.jpg")
    assert not is_inside("a/b.jpg")
    assert not is_inside("@eaDir")
    assert first_system_folder(("a", "b")) is None


def test_the_trash_of_a_home_is_known_by_two_names() -> None:
    """`Trash` alone may be anybody's."""
    trash = Path("/home/me/.local/share/Trash/files")
    assert enclosing(trash, trash) == "Trash"
    assert "deleted" in reason("Trash")
    mine = Path("/home/me/Trash/files")
    assert enclosing(mine, mine) is None


def test_a_folder_is_judged_by_where_it_leads_too() -> None:
    """A link to a NAS's thumbnails is those."""
    assert enclosing(Path("/home/me/nas"), Path("/volume1/photo/@eaDir")) == "@eaDir"
