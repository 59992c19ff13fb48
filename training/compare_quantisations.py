r"""Compare ways of rounding a float model to int8: what each costs in answers and in time.

    python training/compare_quantisations.py FLOAT.onnx --calibration LARGE_ZIP ORDINARY_ZIP

``FLOAT.onnx`` is what ``export_onnx.py --float-output`` keeps. For every way the table shows, part by
part, the mean and the worst of 1 - cosine to the float answers on photos that set no range, and
pictures/s. Histograms keep every activation of every calibration photo in memory:
``--calibration-photos`` bounds that.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime looks at it while it is imported

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationMethod

from fashion_training.example_photos import example_photos
from fashion_training.metadata import METADATA_KEY
from fashion_training.quantise import correct_biases, first_nodes, quantise

Pictures = Sequence[NDArray[np.uint8]]
#: Convolutions of the input's scaling, the stem and stage 1.
THROUGH_STAGE_1 = 12
#: Convolutions of the input's scaling and the stem.
THROUGH_STEM = 2


@dataclass(frozen=True, slots=True)
class Way:
    """One way of setting ranges, and how many of the first convolutions stay float."""

    name: str
    method: CalibrationMethod = CalibrationMethod.MinMax
    mean_of_extremes: bool = True
    float_convolutions: int = 0
    corrected: bool = True


WAYS = (
    Way("mean of the photos' extremes (shipped)"),
    Way("the same, biases not corrected", corrected=False),
    Way("extremes of all photos", mean_of_extremes=False),
    Way("percentile 99.999", CalibrationMethod.Percentile),
    Way("entropy", CalibrationMethod.Entropy),
    Way("shipped, stem float", float_convolutions=THROUGH_STEM),
    Way("shipped, stem and stage 1 float", float_convolutions=THROUGH_STAGE_1),
)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", type=Path, help="a float model file")
    parser.add_argument("--calibration", type=Path, nargs="+", required=True)
    parser.add_argument("--calibration-photos", type=int, default=24)
    parser.add_argument("--compared-photos", type=int, default=96)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write the table here")
    return parser.parse_args()


def vectors_of(path: Path, pictures: Pictures) -> tuple[NDArray[np.float32], float]:
    """Embed pictures by fours; returns vectors [N, D] and pictures/s."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    batches = [np.stack(pictures[i : i + 4]) for i in range(0, len(pictures), 4)]
    session.run(["embedding"], {"image": batches[0]})
    start = time.perf_counter()
    rows = [session.run(["embedding"], {"image": batch})[0] for batch in batches]
    return np.concatenate(rows), len(pictures) / (time.perf_counter() - start)


def distances(
    exact: NDArray[np.float32], found: NDArray[np.float32], start: int, stop: int
) -> NDArray[np.float32]:
    """Return 1 - cosine of one part, row by row."""
    a, b = exact[:, start:stop], found[:, start:stop]
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    apart: NDArray[np.float32] = 1 - (a * b).sum(axis=1) / lengths
    return apart


def compare(
    source: Path, parts: Sequence[dict[str, object]], calibrating: Pictures, compared: Pictures
) -> list[dict[str, object]]:
    """Quantise in every way and measure."""
    exact, float_rate = vectors_of(source, compared)
    table: list[dict[str, object]] = [{"way": "float", "rate": float_rate}]
    with tempfile.TemporaryDirectory() as folder:
        even = Path(folder, "corrected.onnx")
        correct_biases(source, even, calibrating)
        for way in WAYS:
            begun = even if way.corrected else source
            small = Path(folder, "small.onnx")
            left = first_nodes(onnx.load(str(begun)), way.float_convolutions)
            quantise(
                begun,
                small,
                calibrating,
                way.method,
                left if way.float_convolutions else (),
                mean_of_extremes=way.mean_of_extremes,
            )
            found, rate = vectors_of(small, compared)
            row: dict[str, object] = {"way": way.name, "rate": rate}
            for part in parts:
                start, stop = part["start"], part["stop"]
                assert isinstance(start, int)
                assert isinstance(stop, int)
                apart = distances(exact, found, start, stop)
                row[str(part["name"])] = (float(apart.mean()), float(apart.max()))
            print(row, flush=True)
            table.append(row)
    return table


def main() -> int:
    """Print the table; return the exit status."""
    options = arguments()
    try:
        document = parts_in(options.model)
        count = options.calibration_photos + options.compared_photos
        photos = example_photos(options.calibration, count, options.seed)
    except (OSError, ValueError, KeyError) as error:
        print(f"Cannot compare: {error}", file=sys.stderr)
        return 1
    calibrating = photos[: options.calibration_photos]
    table = compare(options.model, document, calibrating, photos[options.calibration_photos :])
    if options.json is not None:
        options.json.write_text(json.dumps(table, indent=1))
    return 0


def parts_in(model: Path) -> list[dict[str, object]]:
    """Return the embedding's parts as the file's metadata names them."""
    found = {entry.key: entry.value for entry in onnx.load(str(model)).metadata_props}
    parts: list[dict[str, object]] = json.loads(found[METADATA_KEY])["parts"]
    return parts


if __name__ == "__main__":
    sys.exit(main())
