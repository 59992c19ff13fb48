"""Makes a file of real vectors for bench_search.py and bench_graphs.py, from labelled photos.

    python benchmarks/real_vectors.py photos.zip vectors.npz [--data-dir DIR]

`photos.zip` holds photos called by their id and a table `labels.csv` with the columns `id` and
`articleType`. The photos are indexed with the program itself, into `--data-dir` when it is given:
photos that it knows already are not read again. The file holds `vectors`, float32 [N, D], and
`types`, int64 [N]: a number for each type of piece.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from photo_source import gather

from fashion_finder.domain import ContentId
from fashion_finder.engine import Engine
from fashion_finder.paths import model_path

LABELS = "labels.csv"


def main() -> int:
    """Index, join and write."""
    options = _arguments()
    types = read_types(options.photos)
    with tempfile.TemporaryDirectory(prefix="fashion-finder-bench-") as folder:
        data = options.data_dir or Path(folder) / "data"
        with Engine.open(data, options.model or model_path()) as engine:
            if not engine.status().photos:
                photos = gather(options.photos, options.within, None, Path(folder))
                engine.sync([photos.folder])
            catalogue = engine._catalogue
            labels = catalogue.vectors.live_contents(engine.info.stamp)
            type_of = {}
            for number, files in catalogue.files.located(
                [ContentId(label) for label in labels]
            ).items():
                known = [types[file.path.stem] for file in files if file.path.stem in types]
                if known:
                    type_of[int(number)] = known[0]
            kept = sorted(type_of)
            found, vectors = catalogue.vectors.vectors_of(kept, engine.info.stamp)
    words, numbers = np.unique([type_of[label] for label in found], return_inverse=True)
    np.savez(options.output, vectors=vectors, types=numbers.astype(np.int64))
    print(f"{len(vectors)} vectors of {len(words)} types")
    return 0


def read_types(photos: Path) -> dict[str, str]:
    """The type of each photo by its id. Raises SystemExit when there is no table."""
    with zipfile.ZipFile(photos) as archive:
        if LABELS not in archive.namelist():
            raise SystemExit(f"{photos} holds no {LABELS}")
        with archive.open(LABELS) as table:
            rows = csv.DictReader(io.TextIOWrapper(table, encoding="utf-8"))
            return {row["id"]: row["articleType"] for row in rows}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Real vectors from labelled photos.")
    parser.add_argument("photos", type=Path, help="a zip with labels.csv")
    parser.add_argument("output", type=Path)
    parser.add_argument("--within", default="", help="only photos below a folder of this name")
    parser.add_argument("--data-dir", type=Path, help="a data folder that is kept")
    parser.add_argument("--model", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
