r"""Make the shipped model from the photos, in one command that a killed run goes on from.

    make model LARGE=ZIP ORDINARY=ZIP SMALL=ZIP WORK=DIR

Each version since 0.4.0 went on from the one before, the first of them from the file of version
0.3.0, which is in this repository's history as are the trainers of former versions. A version that
is finished lies in ``DIR/VERSION/model.safetensors`` and is not made again; the photos' views, some
45 GB, are made once for all of them. The last one becomes ``DIR/resnet50_embed.onnx``: exported,
settled on what it answers, and exported once more. Training takes PyTorch and exporting TensorFlow,
each in an environment of its own, hence two interpreters.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
MODEL = "models/resnet50_embed.onnx"
#: The commit with the file of version 0.3.0: training starts from it, and it makes the views.
START = "9e12b8356f1bc65b71b7b7612ad45a7bd06cc48a"

Run = Callable[[Sequence[str | Path], Path], object]
"""Runs a command with the project as it lies in a folder."""


@dataclass(frozen=True, slots=True)
class Version:
    """One training run, by its options."""

    name: str
    options: str
    trainer: str | None = None  # the commit of its trainer, where that is not this checkout's
    mixed_with: tuple[tuple[str, str], ...] = ()  # former results, and their shares of it


VERSIONS = (
    Version("0.4.0", "--steps 1600", "e4aad560419ce874af665e173e5a4bd36ffe4bac"),
    Version("0.5.0", "--steps 1900 --shares 1 0.5 1.5 4 --learnt-share 0.7"),
    Version(
        "0.6.0",
        "--steps 1500 --shares 1 1 1.5 4 --learnt-share 0.65",
        mixed_with=(("0.4.0/model.safetensors", "0.35"),),
    ),
    Version(  # never shipped: the next one goes on from it
        "0.7.0",
        "--steps 1450 --shares 1 1.5 1.5 4 --order-seed 7 --learnt-share 0.5",
    ),
    Version(
        "0.8.0",
        "--steps 1150 --shares 1 2.5 1.5 4 --order-seed 11 --learnt-share 0.4",
        mixed_with=(
            ("0.7.0/learnt.safetensors", "0.3"),
            ("0.6.0/model.safetensors", "0.15"),
            ("0.4.0/model.safetensors", "0.15"),
        ),
    ),
)


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--large", type=Path, required=True, help="large catalogue photos (zip)")
    parser.add_argument("--ordinary", type=Path, required=True, help="ordinary photos (zip)")
    parser.add_argument("--small", type=Path, required=True, help="small catalogue photos (zip)")
    parser.add_argument("--work-dir", type=Path, required=True, help="50 GB must be free there")
    parser.add_argument("--trainer", type=Path, required=True, help="a Python with PyTorch")
    parser.add_argument("--exporter", type=Path, required=True, help="a Python with TensorFlow")
    return parser.parse_args(given)


def from_history(commit: str, paths: Sequence[str], into: Path) -> None:
    """Unpack files or folders of the project as they were at a commit.

    Raises LookupError where the history does not reach that far, as in a shallow clone.
    """
    command = ["git", "-C", str(PROJECT), "archive", commit, *paths]
    packed = subprocess.run(command, check=False, capture_output=True)
    if packed.returncode:
        raise LookupError(
            f"{' and '.join(paths)} of commit {commit} is not in this checkout's history "
            f"(git fetch --unshallow brings all of it): {packed.stderr.decode().strip()}"
        )
    into.mkdir(parents=True, exist_ok=True)
    subprocess.run(["tar", "-x", "-C", str(into)], input=packed.stdout, check=True)


def share(former: Path, folder: Path) -> None:
    """Let a version use the photos and views that a former one has prepared."""
    folder.mkdir(exist_ok=True)
    for name in ("views", "pictures.npy"):
        link = folder / name
        if not link.is_symlink():
            link.symlink_to(Path("..") / former.name / name)
    shutil.copyfile(former / "progress.json", folder / "progress.json")


def results_of(version: Version, work: Path) -> list[Path]:
    """List the files of a version that are needed later on."""
    mixed = [work / result for later in VERSIONS for result, _ in later.mixed_with]
    folder = work / version.name
    return [folder / "model.safetensors", *(file for file in mixed if file.parent == folder)]


def train(options: argparse.Namespace, run: Run) -> Path:
    """Train every version that is not there yet; return the last one's checkpoint."""
    work: Path = options.work_dir
    start = work / "0.3.0"
    from_history(START, [MODEL], start)
    photos = ["--large", options.large, "--ordinary", options.ordinary, "--small", options.small]
    former: Path | None = None
    for version in VERSIONS:
        folder = work / version.name
        if not all(result.exists() for result in results_of(version, work)):
            project, programs = PROJECT, "training"
            if version.trainer is not None:  # trainers stood beside the scripts then
                project, programs = work / f"trainer-{version.name}", "scripts"
                from_history(version.trainer, ["scripts", "fashion_finder"], project)
            weights: list[str | Path] = []
            if former is not None:
                share(former, folder)
                weights = ["--weights", former / "model.safetensors"]
            program = project / programs / "train_embedder.py"
            trainer = [options.trainer, program, "--start", start / MODEL]
            for mixed, part in version.mixed_with:
                weights += ["--mix-with", work / mixed, part]
            run(
                [*trainer, *photos, "--work-dir", folder, *weights, *version.options.split()],
                project,
            )
        former = folder
    assert former is not None
    return former / "model.safetensors"


def export(options: argparse.Namespace, checkpoint: Path, run: Run) -> Path:
    """Export a checkpoint, settle it on what the file answers, and export it with that."""
    output: Path = options.work_dir / "resnet50_embed.onnx"
    photos = [options.large, options.ordinary]
    exporter = PROJECT / "scripts" / "export_onnx.py"
    writes: list[str | Path] = [options.exporter, exporter, "--source", "fashion"]
    writes += ["--checkpoint", checkpoint, "--calibration", *photos, "--output", output]
    run(writes, PROJECT)
    settles: list[str | Path]
    settler = PROJECT / "training" / "settle_model.py"
    settles = [options.exporter, settler, output, "--checkpoint", checkpoint]
    settles += ["--large", options.large, "--ordinary", options.ordinary, "--small", options.small]
    run(settles, PROJECT)
    run(writes, PROJECT)
    return output


def carry_out(command: Sequence[str | Path], project: Path) -> None:
    """Run one program; raises CalledProcessError when it fails and OSError when it is not there."""
    print("+", *command, flush=True)
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": str(project)})


def main(given: Sequence[str] | None = None, run: Run = carry_out) -> int:
    """Make the model; return the exit status."""
    options = arguments(given)
    options.work_dir = options.work_dir.absolute()
    try:
        options.work_dir.mkdir(parents=True, exist_ok=True)
        output = export(options, train(options, run), run)
    except subprocess.CalledProcessError as error:
        print(f"{error.cmd[0]} ended with status {error.returncode}.", file=sys.stderr)
        print("The same command goes on where this one stopped.", file=sys.stderr)
        return 1
    except (OSError, LookupError) as error:
        print(f"Cannot go on: {error}", file=sys.stderr)
        return 1
    print(output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
