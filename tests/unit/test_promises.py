"""What the program promises about other people's files: untouched, unsent, unnamed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine
from fashion_finder.engine.erase import erase_everything
from fashion_finder.logs import set_up_logging
from tests.corpus import corpus
from tests.pictures import draw_folder, save

ROOT = Path(__file__).parents[2]
TIMEOUT = 300.0

State = dict[str, tuple[object, ...]]


def state_of(folder: Path) -> State:
    """All that doing anything to the files of a tree would change; nothing is opened before it is seen.

    Times of reading are looked at for files only: listing a folder is reading it.
    """
    state: State = {}
    for path in sorted(folder.rglob("*")):
        seen = path.lstat()
        atime = seen.st_atime_ns if stat.S_ISREG(seen.st_mode) else 0
        state[str(path)] = (seen.st_ino, seen.st_mode, seen.st_mtime_ns, seen.st_ctime_ns, atime)
    return state


def digests_of(folder: Path) -> dict[str, str]:
    """The bytes of every file, by their hash."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def age(folder: Path) -> None:
    """Make every file look unread for long: then the usual mounts note the next reading."""
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, ns=(1_000_000_000, path.stat().st_mtime_ns))


def test_your_files_are_yours(tmp_path: Path, tiny_model_path: Path) -> None:
    """No byte, no time, no permission changes, whatever the program does; not even who read last."""
    photos, data = tmp_path / "photos", tmp_path / "data"
    paths = draw_folder(photos / "deep", 6)
    (photos / "broken").mkdir()
    for name, broken in corpus(60):
        (photos / "broken" / name).write_bytes(broken)
    (photos / "link.jpg").symlink_to(paths[0])
    paths[1].chmod(0o444)
    question = save(tmp_path / "asked" / "question.jpg", "dress", "red", mark=7)
    digests = digests_of(tmp_path / "photos") | digests_of(tmp_path / "asked")
    age(tmp_path)
    before = state_of(photos) | state_of(question.parent)
    with Engine.open(data, tiny_model_path) as engine:
        engine.sync([photos])
        for asked in (question, paths[0]):
            for match in engine.find_similar(PictureFile(asked)).matches:
                engine._thumbnails.drop([match.content])
                assert engine.thumbnail(match.content) is not None
                engine.load_preview(match.path, 640)
        engine.sync([photos])
        photos.rename(tmp_path / "moved")
        (tmp_path / "moved").rename(photos)
        engine.sync()
        engine.forget(photos)
        engine.sync([photos / "deep"])
    erase_everything(data)
    assert state_of(photos) | state_of(question.parent) == before
    assert digests_of(photos) | digests_of(question.parent) == digests


_EARS = """
import json, sys
heard = []

def listen(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        if not isinstance(arguments[1], (str, bytes)):  # a path is a socket of this computer
            heard.append([event, repr(arguments[1])])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        heard.append([event, repr(arguments)])

sys.addaudithook(listen)
from fashion_finder import cli

if __name__ == "__main__":
    photos, question, *common = sys.argv[1:]
    commands = [["index", photos], ["search", question], ["status"], ["forget", photos]]
    codes = [cli.main([*command, *common]) for command in [*commands, ["erase", "--yes"]]]
    print(json.dumps({"codes": codes, "heard": heard}))
"""


def talk(tmp_path: Path, model: Path, *tracer: str | Path) -> str:
    """Run every command on a folder in one process and its workers; returns its last line."""
    photos = tmp_path / "photos"
    question = draw_folder(photos, 6)[0]
    (photos / "torn.jpg").write_bytes(b"torn")
    script = tmp_path / "ears.py"
    script.write_text(_EARS)
    done = subprocess.run(
        [
            *(*tracer, sys.executable, script, photos, question),
            *("--data-dir", tmp_path / "data", "--model", model),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=True,
    )
    return done.stdout.splitlines()[-1]


def test_no_connection_is_opened(tmp_path: Path, tiny_model_path: Path) -> None:
    """Neither an address nor a name of another computer is ever used, by any command."""
    told = json.loads(talk(tmp_path, tiny_model_path))
    assert told == {"codes": [0, 0, 0, 0, 0], "heard": []}


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_no_internet_socket_is_made(tmp_path: Path, tiny_model_path: Path) -> None:
    """By the program, its workers and every library in them, as the kernel sees it."""
    trace = tmp_path / "trace"
    strace = ("strace", "-f", "--seccomp-bpf", "-e", "trace=socket,connect,bind,sendto")
    told = json.loads(talk(tmp_path, tiny_model_path, *strace, "-o", trace))
    assert told["codes"] == [0, 0, 0, 0, 0]
    calls = trace.read_text().splitlines()
    assert any("exited with 0" in call for call in calls)  # it was traced to its end
    assert not [call for call in calls if "AF_INET" in call or "AF_PACKET" in call]


def test_logs_name_nobody(tmp_path: Path, tiny_model_path: Path) -> None:
    """Not a folder, not a file: until the details are asked for."""
    photos = tmp_path / "Client Zelda"
    draw_folder(photos, 3)
    question = save(tmp_path / "Zelda asked.jpg", "hat", "red")
    (photos / "Zelda empty.jpg").write_bytes(b"")
    (photos / "Zelda torn.jpg").write_bytes(b"\xff\xd8\xff torn")
    os.mkfifo(photos / "Zelda pipe.jpg")
    (photos / "Zelda loop.jpg").symlink_to(photos / "Zelda loop.jpg")
    data = tmp_path / "data"
    data.mkdir()
    set_up_logging(data, verbose=False)
    with Engine.open(data, tiny_model_path) as engine:
        engine.sync([photos])
        photos.rename(tmp_path / "Zelda unplugged")
        engine.sync()
        assert engine.find_similar(PictureFile(question)).matches
    written = "".join(path.read_text() for path in DataFolder(data).logs.iterdir())
    assert "This folder is offline" in written
    assert "Zelda" not in written
