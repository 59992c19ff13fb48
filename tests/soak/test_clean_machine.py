"""The built program on a machine that has nothing: no Python, no fonts, no network, a plain user.

The machine is a minimal Debian in a folder. The screen, the mouse and the program that is dragged
from are outside of it. Pictures of what was seen are left in out/clean-machine/.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipping.debian import make_package
from tests.e2e.built_program import (
    CLOTHS,
    SOURCE,
    TARGET,
    built_program,
    close,
    copy_program,
    draw_shirts,
    wait_for_five_thumbnails,
    wait_until_ready,
)
from tests.e2e.conftest import ROOT, TIMEOUT, Mouse, Program, Start

SEEN = ROOT / "out" / "clean-machine"
USER = 1000  # nobody in particular
SCREENS = Path("/tmp/.X11-unix")
# Mounts are made in a name space of the command's own: they are gone when it ends.
INSIDE = """
root=$1
shift
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root$SCREENS"
mount --bind "$SCREENS" "$root$SCREENS"
exec "$@"
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("debootstrap") is None,
    reason="needs root and debootstrap: scripts/setup/system.sh soak",
)


class Machine:
    """A system of its own below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _inside(self, *options: str) -> list[str]:
        name_space = ["unshare", "--mount", "--propagation", "private", *options]
        return [*name_space, "sh", "-euc", f"SCREENS={SCREENS}\n{INSIDE}", "sh", str(self.root)]

    def administer(self, *command: str) -> None:
        """As root, with the network."""
        subprocess.run(
            [*self._inside(), "chroot", str(self.root), *command],
            env={"PATH": os.environ["PATH"], "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"},
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def command(self, *command: str | Path) -> list[str]:
        """As a plain user, without any network."""
        entered = ["chroot", f"--userspec={USER}:{USER}", str(self.root)]
        return [*self._inside("--net"), *entered, *map(str, command)]

    def add_home(self, user: str) -> Path:
        """A home as the machine itself calls it."""
        home = self.inside(Path("/home") / user)
        home.mkdir(parents=True)
        self.give(home)
        return Path("/home") / user

    def inside(self, path: Path) -> Path:
        """Where that lies, seen from outside."""
        return self.root / path.relative_to("/")

    def give(self, path: Path) -> None:
        """Let the user write into these folders; the files may be links to somebody else's."""
        for folder in (path, *(inner for inner in path.rglob("*") if inner.is_dir())):
            os.chown(folder, USER, USER)


@pytest.fixture(scope="module")
def bare_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """The least that Debian can be, of the release that this is."""
    release = dict(
        line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if line
    )
    root = tmp_path_factory.mktemp("machine") / "root"
    command = ["debootstrap", "--variant=minbase", release["VERSION_CODENAME"], str(root)]
    subprocess.run(
        ["unshare", "--mount", "--propagation", "private", *command],
        stdout=subprocess.DEVNULL,
        check=True,
    )
    yield Machine(root)
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def machine(bare_machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """With our package, and what it says it needs."""
    package = make_package(built_program().parent, tmp_path_factory.mktemp("package"), "none")
    place = bare_machine.root / "fashion-finder.deb"
    shutil.copy(package, place)
    bare_machine.administer("apt-get", "update", "--quiet", "--quiet")
    bare_machine.administer(
        *("apt-get", "install", "--quiet", "--quiet", "--yes", "--no-install-recommends"),
        f"/{place.name}",
    )
    place.unlink()
    return bare_machine


def user_of(home: Path, **more: str) -> dict[str, str]:
    """All that a user's session says."""
    return {"HOME": str(home), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **more}


def run(
    machine: Machine, environment: dict[str, str], *command: str | Path
) -> subprocess.CompletedProcess[str]:
    """A command of the program there."""
    return subprocess.run(
        machine.command(*command),
        env=environment,
        cwd="/",
        capture_output=True,
        encoding="utf-8",
        timeout=3 * TIMEOUT,
        check=False,
    )


def test_a_machine_without_a_desktop_is_told_what_is_missing(bare_machine: Machine) -> None:
    """The commands need nothing; the window names the library."""
    program = Path("/opt/fashion-finder/fashion-finder")
    copy_program(built_program(), bare_machine.inside(program.parent))
    session = user_of(bare_machine.add_home("server"))
    assert run(bare_machine, session, program, "status").returncode == 0
    done = run(bare_machine, session, program, "--smoke")
    assert done.returncode == 1
    assert "A library that the window needs is missing" in done.stderr
    assert ".so" in done.stderr


def test_the_machine_has_nothing(machine: Machine) -> None:
    """No Python; and what is forbidden to the user stays so."""
    assert not list(machine.root.glob("usr/bin/python*"))
    assert not list(machine.root.glob("usr/lib/python3*"))
    done = run(machine, user_of(Path("/")), "touch", "/usr/lib/fashion-finder/written")
    assert done.returncode != 0


def test_the_package_brings_all_that_the_program_needs(machine: Machine) -> None:
    """Each part once, in silence: also no complaint about fonts or libraries."""
    done = run(machine, user_of(machine.add_home("plain")), "fashion-finder", "--smoke")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "model resnet50" in done.stdout


@pytest.mark.parametrize(
    "user, locale", [("Jörg Müßig", "C"), ("山田 太郎", "C.UTF-8")], ids=["Jörg", "Tarō"]
)
def test_index_drop_see_quit_start_again_see(
    machine: Machine, start: Start, mouse: Mouse, display: str, user: str, locale: str
) -> None:
    """A stylist's first five minutes, from a picture in another program's window."""
    home = machine.add_home(user)
    photos, question = home / "Fotos 春", home / "gefunden & schön.png"
    draw_shirts(machine.inside(photos), machine.inside(question))
    machine.give(machine.inside(home))
    session = user_of(home, LC_ALL=locale, DISPLAY=display)
    indexed = run(machine, session, "fashion-finder", "index", photos, "--json")
    assert indexed.returncode == 0, indexed.stderr
    assert json.loads(indexed.stdout)["added"] == len(CLOTHS)

    first = Program(machine.command("fashion-finder", "--timing"), session)
    try:
        wait_until_ready(first)
        source = start("drag_source.py", "url", question)
        source.lines.wait(lambda line: line == "ready", "the source's window")
        mouse.drag(source, SOURCE, TARGET)
        source.lines.wait(lambda line: line == "dropped CopyAction", "the end of the drag")
        wait_for_five_thumbnails(display, SEEN / f"{locale}-dropped.png")
        source.end()
        close(first)
    finally:
        first.end()

    second = Program(machine.command("fashion-finder", "--timing", question), session)
    try:
        wait_until_ready(second)
        wait_for_five_thumbnails(display, SEEN / f"{locale}-again.png")
        close(second)
    finally:
        second.end()


def test_the_folder_alone_will_do_on_a_stick(machine: Machine) -> None:
    """Copied, not installed; all it knows stays beside it."""
    home = machine.add_home("visitor")
    stick = Path("/media") / "Stick für Zoë"
    machine.inside(stick).mkdir(parents=True)
    program = stick / "Fashion Finder" / "fashion-finder"
    copy_program(built_program(), machine.inside(program.parent))
    draw_shirts(machine.inside(stick) / "photos", machine.inside(stick) / "question.png")
    machine.give(machine.inside(stick))
    done = run(machine, user_of(home), program, "--portable", "index", stick / "photos", "--json")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr  # nobody may write into that folder yet
    machine.inside(program.parent).chmod(0o755)
    done = run(machine, user_of(home), program, "--portable", "index", stick / "photos", "--json")
    assert done.returncode == 0, done.stderr
    found = run(machine, user_of(home), program, "search", stick / "question.png", "--json")
    assert found.returncode == 0, found.stderr
    assert len(json.loads(found.stdout)["matches"]) == len(CLOTHS)
    assert not list(machine.inside(home).iterdir())
