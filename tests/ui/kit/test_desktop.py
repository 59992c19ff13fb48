"""Files handed to the desktop: their links, and showing one in the file manager."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from fashion_finder.errors import PictureMissing
from fashion_finder.ui.kit import desktop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the bus of Linux desktops")


class FileManager:
    """Stands in for `dbus-send`: keeps what it is asked, and answers as the test decides."""

    def __init__(self, folder: Path) -> None:
        self._asked = folder / "asked"
        self._script = folder / "dbus-send"
        self.answer(0)

    def answer(self, code: int) -> None:
        """End with this exit code from now on."""
        script = f"#!/bin/sh\nprintf '%s\\n' \"$@\" >'{self._asked}'\nexit {code}\n"
        self._script.write_text(script, encoding="utf-8")
        self._script.chmod(0o755)

    @property
    def asked(self) -> list[str]:
        """The words of the latest call; none before the first."""
        return self._asked.read_text("utf-8").splitlines() if self._asked.exists() else []


@pytest.fixture
def file_manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileManager:
    """A session with a bus, and a file manager on it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    return FileManager(folder)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A file whose name needs care: a comma would end a list of links on the bus."""
    path = tmp_path / "red, blue & 50% é.jpg"
    path.touch()
    return path


def test_the_file_manager_chooses_the_very_file(file_manager: FileManager, photo: Path) -> None:
    """One link, whatever its name holds; then there is no folder left to open."""
    assert desktop.reveal(photo) is None
    links = [word for word in file_manager.asked if word.startswith("array:string:")]
    folder = desktop.url_of(photo.parent).toString()
    assert links == [f"array:string:{folder}/red%2C%20blue%20%26%2050%25%20%C3%A9.jpg"]


@pytest.mark.parametrize("failure", ["refuses", "no bus", "not installed"])
def test_without_a_file_manager_the_folder_is_opened(
    file_manager: FileManager, photo: Path, monkeypatch: pytest.MonkeyPatch, failure: str
) -> None:
    """Something is shown on every desktop."""
    if failure == "refuses":
        file_manager.answer(1)
    elif failure == "no bus":
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    else:
        monkeypatch.setenv("PATH", "/nowhere")
    assert desktop.reveal(photo) == photo.parent


def test_a_file_that_is_gone_is_not_shown(file_manager: FileManager, tmp_path: Path) -> None:
    """No file manager is bothered with it."""
    with pytest.raises(PictureMissing):
        desktop.reveal(tmp_path / "gone.jpg")
    assert file_manager.asked == []


def test_a_file_that_cannot_even_be_looked_for_is_missing() -> None:
    """With what the system says, rather than a fault of the program."""
    with pytest.raises(PictureMissing) as missing:
        desktop.require(Path("/" + "x" * 300))
    assert missing.value.detail


def test_a_link_keeps_names_that_are_no_text() -> None:
    """Bytes that are not UTF-8 are the bytes of the file's name."""
    path = Path(os.fsdecode(b"/photos/caf\xe9 #1.jpg"))
    encoded = bytes(desktop.url_of(path).toEncoded().data())
    assert encoded == b"file:///photos/caf%E9%20%231.jpg"
