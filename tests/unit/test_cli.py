"""The command line: what it prints, where, and its exit codes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fashion_finder import __version__, cli, report
from fashion_finder.domain import SkippedFile, SyncSummary
from fashion_finder.engine import Engine
from fashion_finder.errors import PictureInCloud
from fashion_finder.indexing.control import SyncControl
from fashion_finder.paths import DATA_DIR_VARIABLE
from fashion_finder.settings import BATCH
from tests.catalogue_rows import integrity_problems
from tests.pictures import draw_folder, save


@pytest.fixture
def common(tmp_path: Path, tiny_model_path: Path) -> list[str]:
    """Options every command gets."""
    return ["--data-dir", str(tmp_path / "data"), "--model", str(tiny_model_path)]


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Twenty pictures in a folder."""
    return draw_folder(tmp_path / "photos", 20)


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[dict[str, Any]]:
    """Run a command that must succeed, and parse each line it prints."""
    assert cli.main([str(argument) for argument in arguments]) == cli.DONE
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def fails(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """Run a command that must fail; returns its one line of explanation."""
    assert cli.main([str(argument) for argument in arguments]) == cli.FAILED
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    lines = [line for line in captured.err.splitlines() if line.startswith("fashion-finder: ")]
    assert len(lines) == 1
    return lines[0]


def test_index_search_status_forget(
    capsys: pytest.CaptureFixture[str], common: list[str], photos: list[Path]
) -> None:
    """The whole life of a folder, as JSON."""
    folder = photos[0].parent
    (folder / "torn.jpg").write_bytes(b"torn")
    (summary,) = run_json(capsys, "index", folder, "--json", *common)
    assert summary.pop("seconds") > 0
    assert summary == {
        "found": 21,
        "added": 20,
        "updated": 0,
        "unchanged": 0,
        "moved": 0,
        "forgotten": 0,
        "skipped": 1,
        "not_read": {},
        "system_folders": 0,
    }
    first, second = run_json(capsys, *common, "search", photos[0], photos[7], "-k", "3", "--json")
    assert (first["query"], second["query"]) == (str(photos[0]), str(photos[7]))
    assert first["matches"][0] == {
        "rank": 1,
        "path": str(photos[0]),
        "similarity": 1.0,
        "closeness": "same piece",
        "copies": [],
        "near_copies": [],
    }
    assert [match["rank"] for match in first["matches"]] == [1, 2, 3]
    (status,) = run_json(capsys, "status", "--json", *common)
    assert status["photos"] == 20
    assert [one["path"] for one in status["folders"]] == [str(folder)]
    assert [Path(one["path"]).name for one in status["skipped"]] == ["torn.jpg"]
    assert status["model"]["name"] == "tiny"
    assert cli.main(["forget", str(folder), *common]) == cli.DONE
    assert photos[0].exists()
    capsys.readouterr()
    (status,) = run_json(capsys, "status", "--json", *common)
    assert (status["photos"], status["folders"], status["skipped"]) == (0, [], [])


def test_words_for_people(
    capsys: pytest.CaptureFixture[str], common: list[str], photos: list[Path]
) -> None:
    """Progress goes to stderr; no answer is dressed as a percentage."""
    cli.main(["index", str(photos[0].parent), *common])
    captured = capsys.readouterr()
    assert captured.out.startswith("20 pictures: 20 added")
    assert "photos" in captured.err
    cli.main(["search", str(photos[0]), *common])
    output = capsys.readouterr().out
    assert f"1. same piece    {photos[0]}" in output
    assert "%" not in output
    cli.main(["status", *common])
    assert "20 photos in 1 folder\n" in capsys.readouterr().out


def test_what_is_left_out_is_told(
    capsys: pytest.CaptureFixture[str], common: list[str], photos: list[Path]
) -> None:
    """In lines for people, by kind; as JSON, with every folder."""
    folder = photos[0].parent
    for name in ("a.NEF", "b.cr3", "c.psd"):
        (folder / name).write_bytes(b"any content")
    for name in ("@eaDir/a.jpg", "x/@eaDir/b.jpg", "#recycle/c.jpg"):
        save(folder / name, "hat", "red", mark=3)
    lines = [
        "2 RAW files are not read: index their JPEGs",
        "1 Photoshop file is not read: save a copy as JPEG or PNG",
        "3 system folders left out: #recycle, @eaDir (2)",
    ]
    for command in (["index", str(folder)], ["status"]):
        assert cli.main([*command, *common]) == cli.DONE
        assert "\n".join(lines) in capsys.readouterr().out
    told = {"not_read": {"RAW": 2, "PSD": 1}, "system_folders": 3}
    (summary,) = run_json(capsys, "index", folder, "--json", *common)
    (status,) = run_json(capsys, "status", "--json", *common)
    assert {key: summary[key] for key in told} == {key: status[key] for key in told} == told
    assert {Path(one["path"]).name for one in status["skipped"]} == {"@eaDir", "#recycle"}


def test_what_is_in_the_cloud_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """It may be most of a folder: not one by one."""
    away = [SkippedFile(Path(f"/p/{number}.jpg"), PictureInCloud.title) for number in range(3)]
    torn = SkippedFile(Path("/p/torn.jpg"), "This picture cannot be read")
    report.print_summary(SyncSummary(found=4, skipped=4, skipped_files=(*away, torn)))
    assert capsys.readouterr().out.splitlines()[1:] == [
        "3 pictures are only in the cloud: download to index",
        "Skipped:",
        "  /p/torn.jpg: This picture cannot be read",
    ]


def test_names_cannot_play_tricks_on_the_terminal(
    capsys: pytest.CaptureFixture[str], common: list[str], tmp_path: Path
) -> None:
    """Escape sequences, line breaks and reversed text are taken out; undecodable bytes survive."""
    folder = tmp_path / "photos"
    evil = save(folder / "a\x1b[2J\n\u202egpj.jpg", "dress", "red")
    if os.name == "posix":
        save(folder / os.fsdecode(b"caf\xe9.jpg"), "hat", "blue")
    cli.main(["index", str(folder), *common])
    capsys.readouterr()
    cli.main(["search", str(evil), *common])
    output = capsys.readouterr().out
    assert "\x1b" not in output
    assert "\u202e" not in output
    assert output.count("\n") == 3
    (answer,) = run_json(capsys, "search", evil, "--json", *common)
    assert answer["matches"][0]["path"] == str(evil)


def test_failures_say_what_and_what_to_do(
    capsys: pytest.CaptureFixture[str], common: list[str], photos: list[Path], tmp_path: Path
) -> None:
    """Exit code 1, one sentence on stderr, nothing on stdout."""
    picture = photos[0]
    told = fails(capsys, "search", picture, *common)
    assert told.endswith("Index a folder of photos first. Run: fashion-finder index FOLDER")
    run_json(capsys, "index", picture.parent, "--json", *common)
    assert "Picture not found" in fails(capsys, "search", tmp_path / "none.jpg", *common)
    (tmp_path / "text.jpg").write_text("words")
    message = fails(capsys, "search", tmp_path / "text.jpg", *common)
    assert "text.jpg" in message
    assert "cannot be read" in message
    assert "Folder not found" in fails(capsys, "index", tmp_path / "none", *common)
    assert "not indexed" in fails(capsys, "forget", tmp_path / "none", *common)
    assert "not indexed" in fails(capsys, "search", picture, "--folder", tmp_path / "none", *common)
    other_model = ["--data-dir", str(tmp_path / "data"), "--model", str(tmp_path / "text.jpg")]
    assert "model" in fails(capsys, "status", *other_model)


def test_one_bad_question_does_not_stop_the_others(
    capsys: pytest.CaptureFixture[str], common: list[str], photos: list[Path], tmp_path: Path
) -> None:
    """The good ones are answered; the exit code tells."""
    run_json(capsys, "index", photos[0].parent, "--json", *common)
    code = cli.main(["search", str(tmp_path / "none.jpg"), str(photos[2]), "--json", *common])
    assert code == cli.FAILED
    assert json.loads(capsys.readouterr().out)["query"] == str(photos[2])


def test_an_empty_catalogue_has_a_status(
    capsys: pytest.CaptureFixture[str], common: list[str]
) -> None:
    """It is not a failure to have indexed nothing."""
    (status,) = run_json(capsys, "status", "--json", *common)
    assert (status["photos"], status["folders"]) == (0, [])


@pytest.mark.parametrize(
    "arguments",
    [
        ["index"],
        ["search"],
        ["search", "a.jpg", "-k", "0"],
        ["search", "a.jpg", "-k", "many"],
        ["status", "extra"],
        ["--nonsense"],
        ["status", "--data-dir", ""],
        ["index", "--nonsense", "a"],
    ],
)
def test_wrong_usage_exits_with_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """And shows how it is meant."""
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert "usage: fashion-finder" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """With and without a command."""
    for arguments in (["--version"], ["status", "--version"]):
        with pytest.raises(SystemExit) as stopped:
            cli.main(arguments)
        assert stopped.value.code == 0
        assert __version__ in capsys.readouterr().out


def test_command_names_are_reserved_for_commands() -> None:
    """A picture of that name is given with its folder."""
    assert cli.parse(["./index"]).image == Path("./index")
    assert cli.parse(["dress.jpg", "--verbose"]).image == Path("dress.jpg")
    assert cli.parse(["--data-dir", "index", "search", "a.jpg"]).images == [Path("a.jpg")]
    assert cli.parse(["search", "a.jpg", "--data-dir", "d"]).data_dir == Path("d")


def test_all_state_lives_where_the_environment_says(
    capsys: pytest.CaptureFixture[str],
    tiny_model_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The folder is made, for its owner alone; the option goes before the variable."""
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path / "from-environment"))
    run_json(capsys, "status", "--json", "--model", tiny_model_path)
    folder = tmp_path / "from-environment"
    assert (folder / "catalogue.sqlite3").exists()
    if os.name == "posix":
        assert folder.stat().st_mode & 0o777 == 0o700
    run_json(
        capsys, "status", "--json", "--model", tiny_model_path, "--data-dir", tmp_path / "option"
    )
    assert (tmp_path / "option" / "catalogue.sqlite3").exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX ones")
def test_a_shared_folder_stays_shared(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tiny_model_path: Path
) -> None:
    """A data folder that holds other things is not closed to the people who use them."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "theirs").write_text("theirs")
    run_json(capsys, "status", "--json", "--model", tiny_model_path, "--data-dir", shared)
    assert shared.stat().st_mode & 0o7777 == 0o1777
    assert {path.name for path in shared.iterdir()} == {"theirs", "fashion-finder"}
    assert (shared / "fashion-finder").stat().st_mode & 0o077 == 0
    assert (shared / "fashion-finder" / "catalogue.sqlite3").stat().st_mode & 0o077 == 0


def test_links_in_a_circle_are_no_folder(
    capsys: pytest.CaptureFixture[str], common: list[str], tmp_path: Path
) -> None:
    """Neither is the home of nobody."""
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert "Folder not found" in fails(capsys, "index", loop, *common)
    assert "not indexed" in fails(capsys, "forget", loop, *common)
    assert "Folder not found" in fails(capsys, "index", "~nobody-of-that-name/x", *common)


def test_a_bug_is_owned_and_logged(
    capsys: pytest.CaptureFixture[str],
    common: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The trace goes to the log, the user gets a sentence."""
    client = str(tmp_path / "client")

    def fail(*arguments: object) -> None:
        raise RuntimeError(client)

    monkeypatch.setattr(report, "status_object", fail)
    assert "a bug in the program" in fails(capsys, "status", "--json", *common)
    written = next((tmp_path / "data" / "logs").iterdir()).read_text()
    assert "RuntimeError" in written
    assert "in _status" in written
    assert client not in written  # the text of an error may name the user's files


def test_a_bug_does_not_end_the_watch(
    capsys: pytest.CaptureFixture[str], common: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is owned and logged; the next change may well be handled."""
    watched: list[str] = []

    def fail(*arguments: object, **options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Engine, "sync", fail)
    monkeypatch.setattr(SyncControl, "wait_until_cancelled", lambda _control: watched.append("on"))
    assert cli.main(["watch", *common]) == cli.DONE
    assert watched == ["on"]
    assert "a bug in the program" in capsys.readouterr().err


# ---------------------------------------------------------------- in processes of their own


def start_index(common: list[str], folder: Path) -> subprocess.Popen[str]:
    """The real command, indexing."""
    return subprocess.Popen(
        [sys.executable, "-m", "fashion_finder", "index", str(folder), "--json", *common],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        start_new_session=True,  # a group of its own, as a terminal gives it
    )


def wait_for_photos(common: list[str], least: int) -> None:
    """Wait until another process has committed this many."""
    database = Path(common[1]) / "catalogue.sqlite3"
    for _ in range(6000):
        if committed(database) >= least:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"never reached {least} photos")


def committed(database: Path) -> int:
    """Files in the catalogue, looked at from outside."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM items").fetchone()
    except sqlite3.OperationalError:  # not set up yet
        return 0
    return int(count)


def test_a_command_needs_no_stdout(monkeypatch: pytest.MonkeyPatch, common: list[str]) -> None:
    """As under `pythonw`, in some services, and with ``>&-``: Python then has none."""
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["erase", "--yes", *common]) == 0


@pytest.mark.skipif(os.name != "posix", reason="a pipe of POSIX")
@pytest.mark.parametrize("command", ["status", "search"])
def test_a_closed_pipe_is_a_quiet_failure(
    capsys: pytest.CaptureFixture[str], common: list[str], photos: list[Path], command: str
) -> None:
    """As when the output goes to ``head``: whether it is written at once or only at the end."""
    run_json(capsys, "index", photos[0].parent, "--json", *common)
    images = [str(photos[0])] if command == "search" else []
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "fashion_finder", command, *images, *common],
            stdout=writer,
            stderr=subprocess.PIPE,
            env={name: os.environ[name] for name in os.environ if name != "PYTHONUNBUFFERED"},
            text=True,
            check=False,
        )
    finally:
        os.close(writer)
    assert (ended.returncode, ended.stderr) == (cli.FAILED, "")


@pytest.mark.skipif(os.name != "posix", reason="Ctrl+C is a signal on POSIX")
@pytest.mark.parametrize("least", [0, BATCH])
def test_ctrl_c_ends_with_130_and_can_be_resumed(
    capsys: pytest.CaptureFixture[str], common: list[str], tmp_path: Path, least: int
) -> None:
    """Sent to the whole group, as terminals do, early or late: what was done is kept.

    No photo is blamed for it, and nothing is said but that it stopped.
    """
    draw_folder(tmp_path / "photos", 8 * BATCH)
    process = start_index(common, tmp_path / "photos")
    if least:
        wait_for_photos(common, least)
    else:
        assert process.stderr is not None
        assert "scanning" in process.stderr.readline()  # the decoders are about to start
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (cli.INTERRUPTED, "")
    assert "Run it again to continue" in err
    assert "Traceback" not in err
    (summary,) = run_json(capsys, "index", tmp_path / "photos", "--json", *common)
    assert summary["added"] + summary["unchanged"] == 8 * BATCH
    assert summary["unchanged"] >= least


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_index_reads_again(
    capsys: pytest.CaptureFixture[str], common: list[str], photos: list[Path]
) -> None:
    """A folder or single files, changed or not; a file only where it is indexed."""
    torn = photos[0].parent / "torn.jpg"
    torn.write_bytes(b"torn")
    run_json(capsys, "index", photos[0].parent, "--json", *common)
    (one,) = run_json(capsys, "index", "--read-again", photos[3], torn, "--json", *common)
    assert (one["found"], one["unchanged"], one["skipped"]) == (2, 1, 1)
    (whole,) = run_json(capsys, "index", "--read-again", torn.parent, "--json", *common)
    assert (whole["found"], whole["unchanged"], whole["skipped"]) == (21, 20, 1)
    stranger = save(torn.parent.parent / "hat.jpg", "hat", "red")
    said = fails(capsys, "index", "--read-again", stranger, *common)
    assert "This picture is not indexed" in said
    assert "Folder not found" in fails(capsys, "index", photos[3], *common)


def test_a_killed_index_loses_nothing_and_doubles_nothing(
    capsys: pytest.CaptureFixture[str], common: list[str], tmp_path: Path
) -> None:
    """Killed three times on its way: every committed photo is there, each once."""
    from fashion_finder.catalogue.store import Catalogue

    paths = draw_folder(tmp_path / "photos", 8 * BATCH)
    for least in (1, 3 * BATCH, 5 * BATCH):
        process = start_index(common, tmp_path / "photos")
        wait_for_photos(common, least)
        process.kill()
        process.communicate(timeout=60)  # its decoders, which hold the pipes, end with it
        catalogue = Catalogue(Path(common[1]))
        assert integrity_problems(Path(common[1])) == []
        assert sum(catalogue.files.counts().values()) >= least
        catalogue.close()
    (summary,) = run_json(capsys, "index", tmp_path / "photos", "--json", *common)
    assert summary["added"] + summary["unchanged"] == 8 * BATCH
    assert summary["unchanged"] >= 5 * BATCH
    (status,) = run_json(capsys, "status", "--json", *common)
    assert status["photos"] == 8 * BATCH
    for answer in run_json(capsys, "search", *paths[::16], "-k", "1", "--json", *common):
        assert answer["matches"][0]["path"] == answer["query"]
        assert answer["matches"][0]["copies"] == []


def test_two_indexing_processes_do_not_meet(
    common: list[str], photos: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """The second says who is in the way and changes nothing."""
    from fashion_finder.catalogue.store import sync_lock

    run_json(capsys, "status", "--json", *common)
    with sync_lock(Path(common[1]) / "sync.lock"):
        assert "in use" in fails(capsys, "index", photos[0].parent, *common)


@pytest.mark.skipif(sys.platform != "linux", reason="events and Ctrl+C of Linux")
def test_watching_follows_changes_until_ctrl_c(common: list[str], photos: list[Path]) -> None:
    """A new photo is indexed without being asked for; ending it is no failure."""
    folder = photos[0].parent
    assert cli.main(["index", str(folder), *common]) == cli.DONE
    watching = subprocess.Popen(
        [sys.executable, "-m", "fashion_finder", "watch", "--json", *common],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert watching.stdout is not None
    with watching.stdout:
        assert json.loads(watching.stdout.readline())["unchanged"] == 20
        save(folder / "new.jpg", "hat", "red", mark=9)
        told = json.loads(watching.stdout.readline())
        assert (told["added"], told["unchanged"]) == (1, 20)
        watching.send_signal(signal.SIGINT)
        assert watching.stdout.read() == ""
    assert watching.wait(60) == cli.DONE


def test_a_system_that_cannot_show_a_window_is_told_why(
    common: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without Qt's libraries, as on a server: the fault is not the program's."""
    monkeypatch.delattr("fashion_finder.app", raising=False)
    monkeypatch.setitem(sys.modules, "fashion_finder.app", None)
    assert cli.main([*common, "--smoke"]) == cli.FAILED
    told = capsys.readouterr().err
    assert "A library that the window needs is missing (" in told
    assert "bug in the program" not in told


def test_weights_decide_what_counts(
    capsys: pytest.CaptureFixture[str], common: list[str], photos: list[Path]
) -> None:
    """In proportion; a part that is not named counts nothing."""
    run_json(capsys, "index", photos[0].parent, "--json", *common)
    question: list[str | Path] = ["search", photos[0], "-k", "20", "--json", *common]
    orders = {
        weights: [
            match["path"]
            for match in run_json(capsys, *question, "--weights", weights)[0]["matches"]
        ]
        for weights in ("style=1", "style=3,colour=0", "colour=2")
    }
    assert orders["style=1"] == orders["style=3,colour=0"] != orders["colour=2"]
    (plain,) = run_json(capsys, *question)
    assert plain["nothing_close"] is False
    assert {match["closeness"] for match in plain["matches"]} <= {
        *("same piece", "very similar", "similar"),
        None,
    }


@pytest.mark.parametrize(
    "weights",
    [
        "style",
        "style=",
        "style=-1",
        "style=nan",
        "style=inf",
        "style=0",
        "style=1,style=2",
        "=1",
        "",
    ],
)
def test_weights_that_make_no_sense_are_wrong_usage(
    capsys: pytest.CaptureFixture[str], common: list[str], weights: str
) -> None:
    """Exit code 2, with what is wrong."""
    with pytest.raises(SystemExit, match="2"):
        cli.main(["search", "any.jpg", f"--weights={weights}", *common])
    assert "--weights" in capsys.readouterr().err


def test_a_part_that_the_model_lacks_is_named(
    capsys: pytest.CaptureFixture[str], common: list[str], photos: list[Path]
) -> None:
    """With those it has."""
    run_json(capsys, "index", photos[0].parent, "--json", *common)
    told = fails(capsys, "search", photos[0], "--weights", "print=1", *common)
    assert "print" in told and "style, colour" in told
