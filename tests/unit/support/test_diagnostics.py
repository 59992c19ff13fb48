"""What is copied for strangers names nobody."""

from __future__ import annotations

import getpass
import logging
import platform
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import pytest

from fashion_finder.data_folder import DataFolder
from fashion_finder.logs import end_logging, set_up_logging
from fashion_finder.support import diagnostics
from fashion_finder.support.diagnostics import Secrets, gather, grave_records, without_user


@pytest.fixture
def logging_to_file(tmp_path: Path) -> Iterator[None]:
    """A data folder that is logged to."""
    set_up_logging(tmp_path, verbose=False)
    yield
    end_logging()


@pytest.mark.usefixtures("logging_to_file")
def test_diagnostics_name_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the home, nor the user, nor the computer, nor a photo; frames stay readable."""
    home = tmp_path / "home of" / "Zoë Müller"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("USER", "zoe.m")
    monkeypatch.setenv("LOGNAME", "zoe.m")
    monkeypatch.setattr(platform, "node", lambda: "zoes-laptop")
    log = logging.getLogger("fashion_finder.somewhere")
    log.info("a quiet line")
    log.warning("cannot read %s: denied", home / "Pictures" / "Client A.jpg")
    log.warning("zoe.m at ZOES-LAPTOP, disk /media/Secret Stick/b c.png")
    try:
        raise OSError(2, "No such file", str(home / "x.jpg"))
    except OSError:
        log.exception("failed")
    DataFolder(tmp_path).crash_log.write_text(
        f'Fatal Python error\n  File "{home}/site/fashion_finder/ui/about.py", line 3 in show\n'
        f'  File "{home}/own script.py", line 1 in <module>\n'
    )
    trace = f"FileNotFoundError: [Errno 2] No such file: '{home}/It is mine.jpg'"
    text = gather(tmp_path, [("fashion-finder", "1.2")], [("screens", "1 x 1 at 1")], trace)
    for secret in (
        str(tmp_path),
        "Zoë",
        "Müller",
        "zoe.m",
        "ZOES",
        "zoes",
        "Client",
        "Secret",
        "c.png",
    ):
        assert secret not in text, secret
    assert "It is mine" not in text
    assert "fashion-finder: 1.2" in text
    assert 'File "fashion_finder/ui/about.py", line 3 in show' in text
    assert "cannot read <path>: denied" in text
    assert "FileNotFoundError: [Errno 2] No such file: '<path>'" in text
    assert "a quiet line" not in text
    assert "test_diagnostics.py" in text


@pytest.mark.parametrize(
    "line, clean",
    [
        (r"open C:\Users\Jörg\a b.jpg: denied", "open <path>: denied"),
        (r"open \\server\share\a.jpg", "open <path>"),
        (r"WindowsPath('C:/Fotos/a b.jpg') failed", "WindowsPath('<path>') failed"),
        ("file:///srv/a%20b.jpg", "<path>"),
        ("~/a/b", "<path>"),
        ("and/or, 3 / 4, 12:30:00,123", "and/or, 3 / 4, 12:30:00,123"),
        ("山田 wrote, not 山田太郎", "<user> wrote, not 山田太郎"),
        ("/Volumes/Anna's disk/x y.png", "<path>"),
        (
            '  File "C:\\Users\\J\\lib\\site-packages\\PIL\\Image.py", line 3',
            '  File "PIL\\Image.py", line 3',
        ),
    ],
)
def test_paths_of_every_system_are_taken_out(line: str, clean: str) -> None:
    """With blanks, quotes and letters of every kind; what is no path stays."""
    assert without_user(line, Secrets(user_names=("山田",))) == clean


def test_only_the_latest_grave_records_are_copied() -> None:
    """With their traces, and not without end."""
    lines = []
    for number in range(100):
        lines.append(f"2026-01-01 10:00:00,{number:03} INFO main a: quiet {number}")
        lines.append("  continued quietly")
        lines.append(f"2026-01-01 10:00:00,{number:03} ERROR main a: grave {number}")
        lines.append(f"  frame {number}")
    found = grave_records("\n".join(lines))
    assert "quiet" not in found
    assert found.count("grave") == diagnostics.MOST_RECORDS
    assert found.endswith("  frame 99")


def test_diagnostics_need_no_log(tmp_path: Path) -> None:
    """A folder that was never written to has none, and a version is worth knowing then too."""
    text = gather(tmp_path / "nowhere", [("fashion-finder", "1.2")])
    assert text.startswith("fashion-finder: 1.2\n")
    assert getpass.getuser() not in text.replace(platform.platform(), "")


def test_windows_paths_count_as_paths() -> None:
    """Written with either slash."""
    path = PureWindowsPath("D:/Fotos/Frau Ito/a.jpg")
    for text in (str(path), path.as_posix(), repr(str(path))):
        assert "Ito" not in without_user(text, Secrets())
