"""From links to local paths, decided from their text alone."""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSysInfo, QUrl

from fashion_finder.errors import PictureRefused
from fashion_finder.ui.kit.desktop import url_of
from fashion_finder.ui.question.file_links import local_path

posix_only = pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX only")


def link(text: str) -> QUrl:
    """A link as a program writes it."""
    return QUrl.fromEncoded(text.encode())


@posix_only
@pytest.mark.parametrize(
    "text, path",
    [
        ("file:///photos/a%20b.jpg", "/photos/a b.jpg"),
        ("file:///photos/100%25.jpg", "/photos/100%.jpg"),
        ("file:///photos/caf%C3%A9.jpg", "/photos/café.jpg"),
        ("file:///photos/a%23b%3Fc.jpg", "/photos/a#b?c.jpg"),
        ("file://localhost/photos/a.jpg", "/photos/a.jpg"),
        (f"file://{QSysInfo.machineHostName()}/photos/a.jpg", "/photos/a.jpg"),
    ],
)
def test_links_to_this_machine_become_paths(text: str, path: str) -> None:
    """As file managers write them."""
    assert local_path(link(text), (), windows=False) == Path(path)


@posix_only
def test_a_name_that_is_not_utf8_survives() -> None:
    """Old drives have such names."""
    path = local_path(link("file:///photos/caf%E9.jpg"), (), windows=False)
    assert os.fsencode(path) == b"/photos/caf\xe9.jpg"


@posix_only
@given(name=st.binary(min_size=1, max_size=30).filter(lambda name: b"\0" not in name))
def test_every_path_survives_the_way_through_a_link(name: bytes) -> None:
    """There and back again: what is opened is what was indexed."""
    path = Path(os.fsdecode(b"/photos/x" + name.replace(b"/", b"_")))
    assert local_path(url_of(path), (), windows=False) == path


@pytest.mark.parametrize(
    "text",
    [
        "file://evil.example/share/a.jpg",
        "file:////evil.example/share/a.jpg",
        "file:///%2Fevil.example/share/a.jpg",
        "file:///%5C%5Cevil.example/share/a.jpg",
        "file:////%3F/UNC/evil.example/share/a.jpg",
        "file://localhost/share/a.jpg",
    ],
)
def test_windows_never_follows_a_link_to_another_computer(text: str) -> None:
    """Merely looking would send the user's credentials."""
    with pytest.raises(PictureRefused):
        local_path(link(text), (), windows=True)


@posix_only
def test_another_host_is_refused() -> None:
    """The host is named in the link."""
    with pytest.raises(PictureRefused):
        local_path(link("file://nas/photos/a.jpg"), (), windows=False)


def test_a_share_that_is_indexed_may_be_opened() -> None:
    """The user chose it; Windows compares names without regard to case."""
    found = local_path(link("file://NAS/Photos/spring/a.jpg"), [Path("//nas/photos")], windows=True)
    assert PureWindowsPath(str(found)) == PureWindowsPath("//NAS/Photos/spring/a.jpg")


@pytest.mark.parametrize(
    "text", ["file://nas/photos/../secret/a.jpg", "file://nas/photos/x/%2e%2e/%2e%2e/b.jpg"]
)
def test_a_way_out_of_an_indexed_share_is_refused(text: str) -> None:
    """Dots do not lead to another share of the same host."""
    with pytest.raises(PictureRefused):
        local_path(link(text), [Path("//nas/photos")], windows=True)


def test_drive_letters_are_local() -> None:
    """file:///C:/ is how Windows writes them."""
    found = local_path(link("file:///C:/photos/a.jpg"), (), windows=True)
    assert PureWindowsPath(str(found)) == PureWindowsPath("C:/photos/a.jpg")


@pytest.mark.parametrize("text", ["file:///", "file:", "file:///a%00b.jpg"])
def test_what_cannot_be_a_file_is_no_path(text: str) -> None:
    """A NUL byte would be an error deep below."""
    with pytest.raises(ValueError, match="not a file"):
        local_path(link(text), (), windows=False)
