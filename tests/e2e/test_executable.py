"""The built program as a stylist meets it: a screen, a mouse, another program to drag from."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.built_program import (
    CLOTHS,
    SOURCE,
    TARGET,
    Desk,
    built_program,
    close,
    copy_program,
    draw_shirts,
    wait_for_five_thumbnails,
    wait_until_ready,
)
from tests.e2e.conftest import TIMEOUT, Mouse, Program, Start
from tests.timeouts import until

pytestmark = pytest.mark.e2e

FRAME = (110, 90, 1000, 640)  # smaller than the screen, and nobody's first choice


@pytest.fixture(scope="module")
def executable() -> Path:
    """The program as it was built."""
    return built_program()


@pytest.fixture
def installed(executable: Path, tmp_path: Path) -> Path:
    """The program in a folder whose name needs care, where nobody may write."""
    return copy_program(executable, tmp_path / "Schöne Dinge 春" / "Fashion Finder")


@pytest.fixture
def question(tmp_path: Path) -> Path:
    """What is asked."""
    return tmp_path / "question.png"


@pytest.fixture
def photos(tmp_path: Path, question: Path) -> Path:
    """What is indexed."""
    folder = tmp_path / "Fotos für Zoë"
    draw_shirts(folder, question)
    return folder


@pytest.fixture
def desk(environment: dict[str, str]) -> Desk:
    """The keyboard and the windows of the screen."""
    return Desk(environment)


@pytest.fixture
def bare(environment: dict[str, str]) -> dict[str, str]:
    """A user's session without anything of ours."""
    return {name: environment[name] for name in ("HOME", "DISPLAY", "XDG_RUNTIME_DIR")} | {
        "PATH": "/nowhere",
        "QT_QPA_PLATFORM": "xcb",
    }


def run(
    program: Path, environment: dict[str, str], *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    """A command of the program, from a folder that is nobody's."""
    return subprocess.run(
        [str(program), *map(str, arguments)],
        env=environment,
        cwd="/",
        capture_output=True,
        encoding="utf-8",
        timeout=3 * TIMEOUT,
        check=False,
    )


@pytest.fixture
def shown(installed: Path, bare: dict[str, str]) -> Iterator[list[Program]]:
    """Windows of the program, ended with the test."""
    programs: list[Program] = []
    yield programs
    for program in programs:
        program.end()


def open_window(
    installed: Path, bare: dict[str, str], shown: list[Program], *arguments: str | Path
) -> Program:
    """Start the program and wait until the model is ready."""
    program = Program([str(installed), "--timing", *map(str, arguments)], bare)
    shown.append(program)
    wait_until_ready(program)
    return program


def test_the_executable_passes_its_own_smoke_test(installed: Path, bare: dict[str, str]) -> None:
    """Every part once, in a locale that knows no letters but the plainest, without a screen."""
    plain = {name: value for name, value in bare.items() if name != "DISPLAY"}
    done = run(installed, plain | {"LC_ALL": "C", "QT_QPA_PLATFORM": ""}, "--smoke")
    assert done.returncode == 0, done.stderr
    assert "?" not in done.stdout
    assert "hnswlib" in done.stdout


def test_a_drop_on_the_executable_shows_five_thumbnails_also_after_a_restart(
    installed: Path,
    bare: dict[str, str],
    shown: list[Program],
    photos: Path,
    question: Path,
    start: Start,
    mouse: Mouse,
    display: str,
) -> None:
    """Index, drop from another program, see, close, start again with a picture, see."""
    indexed = run(installed, bare, "index", photos, "--json")
    assert indexed.returncode == 0, indexed.stderr
    assert json.loads(indexed.stdout)["added"] == len(CLOTHS)
    first = open_window(installed, bare, shown)
    source = start("drag_source.py", "url", question)
    source.lines.wait(lambda line: line == "ready", "the source's window")
    mouse.drag(source, SOURCE, TARGET)
    source.lines.wait(lambda line: line == "dropped CopyAction", "the end of the drag")
    wait_for_five_thumbnails(display)
    source.end()
    close(first)
    second = open_window(installed, bare, shown, question)
    wait_for_five_thumbnails(display)
    close(second)


def test_a_second_start_asks_in_the_open_window(
    installed: Path,
    bare: dict[str, str],
    shown: list[Program],
    photos: Path,
    question: Path,
    desk: Desk,
    display: str,
) -> None:
    """As the desktop's "Open with" starts it; the second program ends at once."""
    assert run(installed, bare, "index", photos).returncode == 0
    first = open_window(installed, bare, shown)
    (window,) = desk.windows_of(first)
    again = run(installed, bare, question)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    wait_for_five_thumbnails(display)
    assert desk.windows_of(first) == [window]
    close(first)


def test_programs_that_it_opens_get_nothing_of_its_own(
    installed: Path, bare: dict[str, str], shown: list[Program], desk: Desk, tmp_path: Path
) -> None:
    """A file manager that loads our libraries in place of its own may not even start."""
    seen = stand_in_for_the_desktop(tmp_path / "bin")
    session = bare | {"PATH": f"{tmp_path / 'bin'}"}
    first = open_window(installed, session, shown)
    (window,) = desk.windows_of(first)
    desk.press(window, "alt+h", "o")  # Open Log Folder
    until(seen.exists, TIMEOUT, lambda: "nothing was opened")
    told = dict(line.split("=", 1) for line in seen.read_text("utf-8").splitlines())
    assert told["opened"].startswith("file://")
    assert told["opened"].endswith("/logs")
    assert not {"LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH"} & set(told)
    close(first)


def stand_in_for_the_desktop(folder: Path) -> Path:
    """An `xdg-open` that writes what it gets into this file."""
    seen = folder / "seen"
    script = folder / "xdg-open"
    folder.mkdir()
    script.write_text(
        "#!/bin/sh\n"
        f"{{ echo opened=$1; /usr/bin/env; }} >'{seen}.part'; /bin/mv '{seen}.part' '{seen}'\n",
        encoding="utf-8",
    )
    script.chmod(0o755)
    return seen


def test_the_help_menu_opens_its_pages(
    installed: Path, bare: dict[str, str], shown: list[Program], desk: Desk
) -> None:
    """The guide, the licences that were made with the executable, and what this is."""
    program = open_window(installed, bare, shown)
    (window,) = desk.windows_of(program)
    for keys, title in (
        (("F1",), "User Guide"),
        (("alt+h", "Up", "Up", "Return"), "Licences"),
        (("alt+h", "Up", "Return"), "About Fashion Finder"),
    ):
        desk.press(window, *keys)
        desk.wait_for_title(program, title)
        (dialog,) = set(desk.windows_of(program, 2)) - {window}
        desk.press(dialog, "Escape")
        desk.windows_of(program)
    close(program)


def test_a_crash_is_logged_and_told_at_the_next_start(
    installed: Path, bare: dict[str, str], shown: list[Program]
) -> None:
    """With the frames of its threads, and once only."""
    program = open_window(installed, bare, shown)
    program.process.send_signal(signal.SIGSEGV)
    assert program.process.wait(TIMEOUT) == -signal.SIGSEGV
    logs = Path(bare["HOME"]) / ".local/share/fashion-finder/logs"
    trace = (logs / "crash.log").read_text("utf-8")
    assert "Segmentation fault" in trace
    assert 'File "fashion_finder/app.py"' in trace
    close(open_window(installed, bare, shown))
    assert (logs / "crash.1.log").read_text("utf-8") == trace
    assert (logs / "crash.log").read_text("utf-8") == ""


def test_the_executable_comes_back_as_it_was_left(
    installed: Path,
    bare: dict[str, str],
    shown: list[Program],
    photos: Path,
    desk: Desk,
) -> None:
    """The window stands where it stood, and the folder dialog begins where it was."""
    other = photos.parent / "winter"
    shutil.copytree(photos, other)
    first = open_window(installed, bare, shown)
    (window,) = desk.windows_of(first)
    desk.place(window, FRAME)
    desk.press(window, "ctrl+shift+o")
    (dialog,) = set(desk.windows_of(first, 2)) - {window}
    # With a slash at its end nothing is left to complete: a list of proposals would take Return.
    desk.type(dialog, f"{other}/")
    desk.windows_of(first)
    wait_until_indexed(installed, bare, {other})
    desk.press(window, "ctrl+q")
    assert first.process.wait(TIMEOUT) == 0

    second = open_window(installed, bare, shown)
    (window,) = desk.windows_of(second)
    assert desk.frame(window) == FRAME
    desk.press(window, "ctrl+shift+o")
    (dialog,) = set(desk.windows_of(second, 2)) - {window}
    desk.type(dialog, f"{photos.name}/")
    desk.windows_of(second)
    wait_until_indexed(installed, bare, {photos, other})
    close(second)


def wait_until_indexed(installed: Path, bare: dict[str, str], wanted: set[Path]) -> None:
    """Ask until these folders, and no others, have all their photos in the catalogue."""
    found: dict[Path, int] = {}

    def are_there() -> bool:
        folders = json.loads(run(installed, bare, "status", "--json").stdout)["folders"]
        found.clear()
        found.update({Path(folder["path"]): folder["photos"] for folder in folders})
        return found == dict.fromkeys(wanted, len(CLOTHS))

    until(are_there, TIMEOUT, lambda: f"{found} rather than {wanted}")


@pytest.mark.parametrize(
    "user, locale", [("Jörg Müßig", "C"), ("山田 太郎", "C.UTF-8"), ("o'Neil & Söhne", "POSIX")]
)
def test_the_executable_serves_any_user_on_any_volume(
    executable: Path, bare: dict[str, str], photos: Path, question: Path, user: str, locale: str
) -> None:
    """A home whose name the locale cannot print, on another volume than the program and the photos."""
    with other_volume() as volume:
        home = volume / user
        home.mkdir()
        session = bare | {"HOME": str(home), "USER": user, "LC_ALL": locale}
        indexed = run(executable, session, "index", photos, "--json")
        assert indexed.returncode == 0, indexed.stderr
        found = run(executable, session, "search", question, "--json")
        assert found.returncode == 0, found.stderr
        assert len(json.loads(found.stdout)["matches"]) == len(CLOTHS)
        assert (home / ".local/share/fashion-finder/catalogue.sqlite3").is_file()


@contextmanager
def other_volume() -> Iterator[Path]:
    """A folder in memory where there is such a thing, else one like any other."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


@pytest.mark.parametrize("home", ["/proc/nowhere", "/dev/null"])
def test_the_executable_says_that_a_home_cannot_be_written(
    executable: Path, bare: dict[str, str], home: str
) -> None:
    """In words, with the folder and what to do."""
    done = run(executable, bare | {"HOME": home}, "status")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert home in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("screen", [{}, {"DISPLAY": ":98765"}], ids=["none", "gone"])
def test_the_executable_says_that_there_is_no_screen(
    executable: Path, bare: dict[str, str], screen: dict[str, str]
) -> None:
    """Where Qt would abort."""
    blind = {name: bare[name] for name in ("HOME", "PATH")} | screen
    done = run(executable, blind)
    assert done.returncode == 1, done.stderr
    assert "There is no screen to open a window on" in done.stderr


def test_the_executable_carries_its_notices(executable: Path) -> None:
    """And the libraries under the LGPL lie open, to be replaced."""
    folder = executable.parent
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (folder / "NOTICES.txt").read_text("utf-8")
    bill = json.loads((folder / "fashion-finder.cdx.json").read_text("utf-8"))
    assert len(bill["components"]) > 20
    qt = next(component for component in bill["components"] if component["name"] == "Qt")
    works = {component["name"] for component in qt["components"]}
    assert {
        "PCRE2",
        "HarfBuzz",
        "libpng",
        "libjpeg-turbo",
        "XCB-XInput",
        "Public Suffix List",
    } <= works
    names = {path.name for path in folder.rglob("*")}
    assert any(name.startswith("libQt6Core.so") for name in names)
    assert any(name.startswith("libheif") for name in names)
    assert not any(name.startswith(("libreadline", "libssl", "libcrypto")) for name in names)


def test_the_executable_has_what_each_desktop_needs(executable: Path) -> None:
    """X11 and Wayland, their file dialogs and input methods; and no link leads into nothing."""
    plugins = next(executable.parent.rglob("plugins"))
    found = {path.relative_to(plugins).as_posix() for path in plugins.rglob("*.so")}
    assert {
        "platforms/libqxcb.so",
        "platforms/libqwayland.so",
        "wayland-shell-integration/libxdg-shell.so",
        "wayland-decoration-client/libadwaita.so",
        "platformthemes/libqxdgdesktopportal.so",
        "platforminputcontexts/libibusplatforminputcontextplugin.so",
    } <= found
    assert not [path for path in executable.parent.rglob("*") if not path.exists()]
