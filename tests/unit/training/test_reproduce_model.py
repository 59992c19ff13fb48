"""The shipped model in one command: which runs it takes, and that none of them is done twice."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import reproduce_model
from reproduce_model import MODEL, PROJECT, START, VERSIONS, main

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed here")


#: What a version may take from the history.
FILES = (MODEL, "scripts/train_embedder.py", "fashion_finder/__init__.py")
PRESENT_TRAINER = "training/train_embedder.py"


def git(folder: Path, *words: str) -> str:
    """Run git in a folder; return what it prints."""
    settings = ("user.name=Test", "user.email=test@example.org", "commit.gpgsign=false")
    given = [word for setting in settings for word in ("-c", setting)]
    command = ["git", "-C", str(folder), *given, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose former commit holds a model and a trainer that the present one replaced."""
    folder = tmp_path / "project"
    for name in FILES:
        file = folder / name
        file.parent.mkdir(parents=True)
        file.write_text("former")
    git(folder.parent, "init", "--quiet", "project")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "Ship a model")
    former = git(folder, "rev-parse", "HEAD")
    for name in (*FILES, PRESENT_TRAINER):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("present")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--all", "--message", "Ship another")
    monkeypatch.setattr(reproduce_model, "PROJECT", folder)
    monkeypatch.setattr(reproduce_model, "START", former)
    versions = tuple(
        version if version.trainer is None else replace(version, trainer=former)
        for version in VERSIONS
    )
    monkeypatch.setattr(reproduce_model, "VERSIONS", versions)
    return folder


class Machine:
    """Stands for PyTorch and TensorFlow: notes what is run and leaves what that would leave."""

    def __init__(self, ends_at: int | None = None) -> None:
        self.commands: list[list[str]] = []
        self.trainers: list[str] = []
        self._ends_at = ends_at

    def __call__(self, command: Sequence[str | Path], project: Path) -> None:
        words = [str(word) for word in command]
        self.commands.append(words)
        if len(self.commands) == self._ends_at:
            raise subprocess.CalledProcessError(-9, words)
        if Path(words[1]).name == "train_embedder.py":
            self.trainers.append(Path(words[1]).read_text())
            assert (project / "fashion_finder" / "__init__.py").read_text() == self.trainers[-1]
            assert Path(self.option("--start")).read_text() == "former"
            assert all(Path(result).exists() for result, _ in self.mixed(words))
            self._train(Path(self.option("--work-dir")), self.trainers[-1] == "present")

    @staticmethod
    def mixed(words: Sequence[str]) -> list[tuple[str, str]]:
        """Return the former results that a command mixes in, and their shares."""
        places = [place for place, word in enumerate(words) if word == "--mix-with"]
        return [(words[place + 1], words[place + 2]) for place in places]

    def _train(self, folder: Path, keeps_learnt: bool) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "views").mkdir(exist_ok=True)
        (folder / "views" / "entering.npy").touch()
        for name in ("pictures.npy", "progress.json", "model.safetensors"):
            (folder / name).touch()
        if keeps_learnt:
            (folder / "learnt.safetensors").touch()

    def option(self, name: str) -> str:
        """Return what the latest command gives for an option."""
        words = self.commands[-1]
        return words[words.index(name) + 1]

    @property
    def programs(self) -> list[str]:
        """The programs that were run."""
        return [Path(words[1]).name for words in self.commands]


def words(work: Path) -> list[str]:
    """Return the command line."""
    photos = ["--large", "large.zip", "--ordinary", "ordinary.zip", "--small", "small.zip"]
    return [*photos, "--work-dir", str(work), "--trainer", "torch", "--exporter", "tensorflow"]


FROM_NOTHING = ["train_embedder.py"] * len(VERSIONS) + [
    "export_onnx.py",
    "settle_model.py",
    "export_onnx.py",
]


def test_each_version_goes_on_from_the_one_before(project: Path, tmp_path: Path) -> None:
    """The trainer is that of its time; the last checkpoint is exported, settled and exported."""
    work, machine = tmp_path / "work", Machine()
    assert main(words(work), machine) == 0
    assert machine.programs == FROM_NOTHING
    former = [version.trainer is not None for version in VERSIONS]
    assert machine.trainers == ["former" if old else "present" for old in former]
    assert "--weights" not in machine.commands[0]
    for version, command in zip(VERSIONS, machine.commands, strict=False):
        assert " ".join(command).endswith(f" {version.options}")
    for before, command in zip(VERSIONS, machine.commands[1 : len(VERSIONS)], strict=False):
        given = command[command.index("--weights") + 1]
        assert Path(given) == work / before.name / "model.safetensors"
    mixed = [pair for command in machine.commands for pair in machine.mixed(command)]
    assert mixed == [
        (str(work / partner), part) for version in VERSIONS for partner, part in version.mixed_with
    ]
    assert mixed
    last = work / VERSIONS[-1].name / "model.safetensors"
    assert all(str(last) in command for command in machine.commands[len(VERSIONS) :])


def test_views_are_made_once_for_all_versions(project: Path, tmp_path: Path) -> None:
    """A later version finds what the first one prepared in its own working directory."""
    work = tmp_path / "work"
    main(words(work), Machine())
    for version in VERSIONS[1:]:
        assert (work / version.name / "views" / "entering.npy").samefile(
            work / VERSIONS[0].name / "views" / "entering.npy"
        )
        assert not (work / version.name / "progress.json").is_symlink()  # each notes its own


def test_a_killed_run_goes_on_with_what_is_missing(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Versions that are finished are not trained again."""
    work = tmp_path / "work"
    assert main(words(work), Machine(ends_at=2)) == 1
    assert "goes on where this one stopped" in capsys.readouterr().err
    machine = Machine()
    assert main(words(work), machine) == 0
    assert machine.programs == FROM_NOTHING[1:]


def test_a_version_is_made_again_when_a_file_of_it_is_missing(
    project: Path, tmp_path: Path
) -> None:
    """What a later version is mixed with is needed as much as what it goes on from."""
    work = tmp_path / "work"
    assert main(words(work), Machine()) == 0
    later = VERSIONS[-1]
    needed = next(result for result, _ in later.mixed_with if "learnt" in result)
    (work / needed).unlink()
    (work / later.name / "model.safetensors").unlink()
    machine = Machine()
    assert main(words(work), machine) == 0
    trained = [Path(c[c.index("--work-dir") + 1]).name for c in machine.commands[:2]]
    assert trained == [Path(needed).parent.name, later.name]


def test_a_clone_without_the_history_is_told_so(
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing is run then."""
    monkeypatch.setattr(reproduce_model, "START", "0" * 40)
    machine = Machine()
    assert main(words(tmp_path / "work"), machine) == 1
    assert "git fetch --unshallow" in capsys.readouterr().err
    assert machine.commands == []


def test_history_holds_what_the_versions_are_made_from() -> None:
    """The named commits have the file and the trainer."""
    known = ["git", "-C", str(PROJECT), "cat-file", "-e"]
    if subprocess.run([*known, START], check=False, capture_output=True).returncode:
        pytest.skip("this checkout does not reach back to version 0.3.0")
    wanted = [f"{START}:{MODEL}"]
    wanted += [f"{v.trainer}:scripts/train_embedder.py" for v in VERSIONS if v.trainer is not None]
    for name in wanted:
        subprocess.run([*known, name], check=True)
