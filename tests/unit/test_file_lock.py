"""A lock on a file: whatever the file is, one holds it, and nobody does once that one is gone."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fashion_finder import file_lock
from fashion_finder.file_lock import FileLock
from tests.odd_files import ELSEWHERE, KINDS, NOISE, put_in_the_way

_HOLD = """
import sys
from pathlib import Path
from fashion_finder.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
assert lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the lock is."""
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "some.lock"


def test_one_holds_it_until_it_dies(path: Path) -> None:
    """Also within a process; its content is left alone."""
    path.write_bytes(NOISE)
    command = [sys.executable, "-c", _HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        one, other = FileLock(path), FileLock(path)
        assert not one.acquire(0.02)
        holder.kill()
        holder.wait()
    assert one.acquire()
    assert not other.acquire()
    one.release()
    assert other.acquire()
    other.release()
    assert path.read_bytes() == NOISE


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_lies_there_it_can_be_held(path: Path, kind: str) -> None:
    """What is no file makes way; nothing happens where a link leads."""
    elsewhere = put_in_the_way(path, kind)
    one, other = FileLock(path), FileLock(path)
    assert one.acquire()
    assert not other.acquire()
    one.release(remove=True)
    assert not path.exists()
    assert elsewhere.read_bytes() == ELSEWHERE


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
def test_a_lock_on_a_deleted_file_does_not_count(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleted between the opening and the locking: who comes later would hold another one."""
    really_lock = file_lock._lock

    def delete_and_lock(descriptor: int) -> bool:
        monkeypatch.setattr(file_lock, "_lock", really_lock)
        path.unlink()
        return really_lock(descriptor)

    monkeypatch.setattr(file_lock, "_lock", delete_and_lock)
    one, other = FileLock(path), FileLock(path)
    assert one.acquire()
    assert not other.acquire()
    one.release()


@pytest.mark.skipif(sys.platform == "win32", reason="has other locks")
@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_where_there_are_no_locks_nobody_is_waited_for(
    path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """As on some network drives."""

    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("fcntl.flock", refuse)
    assert FileLock(path).acquire()
