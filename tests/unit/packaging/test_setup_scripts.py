"""Setting up a system: what is missing is found, installed as root, and otherwise named exactly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SETUP = Path(__file__).parents[3] / "scripts" / "setup"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="sets up Linux")


class Machine:
    """A make-believe system: this one, but for the programs planted before it on the PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.installed = folder / "installed"
        self.plant("apt-get", f'echo "$@" >>"{self.installed}"')

    def plant(self, name: str, script: str) -> None:
        """Put a program first on the PATH."""
        program = self.folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def path_without(self, name: str) -> str:
        """A PATH with every program of this system but one, and what is planted."""
        others = self.folder / "others"
        others.mkdir()
        for folder in map(Path, os.environ["PATH"].split(":")):
            for program in folder.iterdir() if folder.is_dir() else ():
                if program.name != name and not (others / program.name).is_symlink():
                    (others / program.name).symlink_to(program)
        return f"{self.folder}:{others}"

    def run(
        self, script: str, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one of the setup scripts there."""
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHON"}
        path = f"{self.folder}:{inherited['PATH']}"
        return subprocess.run(
            [SETUP / script, *arguments],
            env=inherited | {"PATH": path} | variables,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A make-believe system on which nothing has been changed yet."""
    return Machine(tmp_path)


def test_nothing_is_done_on_a_complete_system(machine: Machine) -> None:
    """The second run is quick and silent, and standard output stays free for the program's own."""
    done = machine.run("system.sh", "test")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not machine.installed.exists()


def test_a_missing_library_is_installed_or_named(machine: Machine) -> None:
    """As root it is installed; otherwise the exact command stands there, and nothing is tried."""
    machine.plant("ldconfig", "/sbin/ldconfig -p | grep -v libxcb-cursor")
    done = machine.run("system.sh", "run")
    # also as root: the planted installer installs nothing, and that is noticed
    assert done.returncode == 1
    assert done.stdout == ""
    if os.geteuid() == 0:
        assert "libxcb-cursor0" in machine.installed.read_text()
        assert "still not usable: libxcb-cursor0" in done.stderr
    else:
        assert "sudo apt-get update && sudo apt-get install" in done.stderr
        assert "libxcb-cursor0" in done.stderr
        assert not machine.installed.exists()


def test_a_shim_that_does_not_run_is_passed_over(machine: Machine) -> None:
    """A version manager's stand-in for a Python that is not there is not taken for one."""
    machine.plant("python3.11", 'echo "python3.11: command not found" >&2; exit 127')
    done = machine.run("python.sh")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() != str(machine.folder / "python3.11")


def test_a_python_asked_for_by_name_is_never_replaced(machine: Machine) -> None:
    """Whoever says PYTHON=... gets that one or a reason."""
    machine.plant("old", "exit 1")
    done = machine.run("python.sh", PYTHON=str(machine.folder / "old"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "3.11" in done.stderr


def test_the_emulator_is_asked_for_by_the_soak_only(machine: Machine) -> None:
    """Older processors are nobody's business who only runs the tests."""
    for other in ("debootstrap", "lowntfs-3g", "mkfs.ext4", "weston"):
        machine.plant(other, "exit 0")
    path = machine.path_without("qemu-x86_64")
    assert machine.run("system.sh", "test", PATH=path).returncode == 0
    done = machine.run("system.sh", "soak", PATH=path)
    assert done.returncode == 1
    assert "qemu-user" in done.stderr
    machine.plant("qemu-x86_64", "exit 0")
    assert machine.run("system.sh", "soak", PATH=path).returncode == 0


def test_an_environment_of_another_copy_is_left_alone(tmp_path: Path) -> None:
    """A linked one would be made anew, under whoever works with it."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "made-in").write_text("/elsewhere\n")
    link = tmp_path / "link"
    link.symlink_to(other)
    done = subprocess.run(
        [SETUP / "venv.sh", link, "requirements/test.txt"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "is a link" in done.stderr
    assert [one.name for one in other.iterdir()] == ["made-in"]
