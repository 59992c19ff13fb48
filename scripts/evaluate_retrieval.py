"""Print how often the five answers of a model are of the same type, colour, both, and gender.

    python scripts/evaluate_retrieval.py MODEL --photos LARGE_ZIP [--ordinary ZIP] [--json]

Asked are the test photos of the catalogue archive (see ``fashion_training/split.py``); they took no
part in training, selection or calibration. The gallery is the whole archive, then the test photos
only; the photo asked and its exact copies never count. Ordinary photos are asked by test senders and
answered from all other senders' photos. Works with any file that obeys the model contract; pictures
are prepared as the program prepares them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from fashion_training.metadata import METADATA_KEY
from fashion_training.photos import Photo, PhotoSet, catalogue_photos, ordinary_photos
from fashion_training.precision import nearest, precision_at_k, reweighed
from fashion_training.split import side_of, sides_of_products

Vectors = NDArray[np.float32]
ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Model:
    """An open model file: its session and what it says of itself."""

    session: onnxruntime.InferenceSession
    document: Mapping[str, Any]

    @classmethod
    def open(cls, path: Path, threads: int) -> Model:
        """Open a model file; raises ValueError when it says nothing of itself."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        properties = session.get_modelmeta().custom_metadata_map
        if METADATA_KEY not in properties:
            raise ValueError(f"{path} holds no {METADATA_KEY} metadata")
        return cls(session, json.loads(properties[METADATA_KEY]))

    def embed(self, pictures: NDArray[np.uint8]) -> Vectors:
        """Embed uint8 [N, 224, 224, 3]: float32 [N, D]."""
        found: Vectors = self.session.run(["embedding"], {"image": pictures})[0]
        return found


def embed_all(model: Model, photos: Sequence[Photo], batch: int = 16) -> Vectors:
    """Embed photos in order, reading one batch ahead; progress goes to stderr."""

    def read(start: int) -> NDArray[np.uint8]:
        return np.stack([p.source.picture(p.stem) for p in photos[start : start + batch]])

    pieces: list[Vectors] = []
    began = time.monotonic()
    with ThreadPoolExecutor(1) as reader:
        waiting = reader.submit(read, 0)
        for start in range(0, len(photos), batch):
            pictures = waiting.result()
            if start + batch < len(photos):
                waiting = reader.submit(read, start + batch)
            pieces.append(model.embed(pictures))
            done = start + len(pictures)
            rate = done / (time.monotonic() - began)
            print(f"\r{done} of {len(photos)}, {rate:.0f}/s ", end="", file=sys.stderr)
    print(file=sys.stderr)
    return np.concatenate(pieces)


def label_columns(photos: Sequence[Photo]) -> dict[str, list[str]]:
    """Return what each photo is called under each measure; empty where unknown."""
    types = [photo.labels["articleType"].strip() for photo in photos]
    colours = [photo.labels["baseColour"].strip() for photo in photos]
    colours = ["" if colour == "NA" else colour for colour in colours]
    return {
        "type": types,
        "colour": colours,
        "both": [f"{t}/{c}" if t and c else "" for t, c in zip(types, colours, strict=True)],
        "gender": [photo.labels["gender"].strip() for photo in photos],
    }


def measure(
    vectors: Vectors,
    asked: NDArray[np.int64],
    gallery: NDArray[np.int64],
    groups: Sequence[str],
    columns: Mapping[str, Sequence[str]],
) -> dict[str, float]:
    """Return precision@5 per column. Rows of one group never answer each other."""
    codes = np.unique(np.asarray(groups), return_inverse=True)[1]
    forbidden = codes[asked][:, None] == codes[gallery][None, :]
    found = nearest(vectors[asked], vectors[gallery], forbidden, ANSWERS)
    return {
        name: precision_at_k(found, [words[i] for i in asked], [words[i] for i in gallery])
        for name, words in columns.items()
    }


def views_of(model: Model, vectors: Vectors) -> dict[str, Vectors]:
    """Return the embedding as it is, and each part alone when there are several."""
    parts = model.document["parts"]
    if len(parts) == 1:
        return {"whole": vectors}
    bounds = [(part["start"], part["stop"]) for part in parts]
    alone = {
        f"{part['name']} alone": reweighed(vectors, [bound], [1.0])
        for part, bound in zip(parts, bounds, strict=True)
    }
    return {"whole": vectors, **alone}


def evaluate_catalogue(model: Model, path: Path) -> dict[str, Any]:
    """Fill the first two tables from the catalogue archive."""
    photo_set = PhotoSet(path)
    photos = catalogue_photos(photo_set)
    prints = photo_set.fingerprints()
    sides = sides_of_products(prints)
    columns = label_columns(photos)
    groups = [prints[photo.stem] for photo in photos]
    asked = np.flatnonzero([sides[photo.stem] == "test" for photo in photos])
    vectors = embed_all(model, photos)
    everything = np.arange(len(photos))
    tables: dict[str, Any] = {"queries": len(asked), "gallery": len(photos)}
    for name, gallery in (("catalogue", everything), ("test photos only", asked)):
        tables[name] = {
            view: measure(seen, asked, gallery, groups, columns)
            for view, seen in views_of(model, vectors).items()
        }
    return tables


def evaluate_ordinary(model: Model, path: Path) -> dict[str, Any]:
    """Fill the third table: test senders' photos, answered by all other senders' photos."""
    photos = ordinary_photos(PhotoSet(path))
    senders = [photo.labels["sender_id"] for photo in photos]
    labels = {"type": [photo.labels["label"] for photo in photos]}
    asked = np.flatnonzero([side_of(sender) == "test" for sender in senders])
    vectors = embed_all(model, photos)
    everything = np.arange(len(photos))
    return {
        "ordinary queries": len(asked),
        "ordinary gallery": len(photos),
        "ordinary": {
            view: measure(seen, asked, everything, senders, labels)
            for view, seen in views_of(model, vectors).items()
        },
    }


def print_tables(figures: Mapping[str, Any]) -> None:
    """Print the figures for a person to read."""
    titles = {
        "catalogue": f"{figures['queries']} test photos against {figures['gallery']}",
        "test photos only": f"{figures['queries']} test photos against each other",
    }
    if "ordinary" in figures:
        titles["ordinary"] = (
            f"{figures['ordinary queries']} ordinary photos against other senders' "
            f"(of {figures['ordinary gallery']})"
        )
    for table, title in titles.items():
        print(f"\nprecision@5, {title}")
        rows = figures[table]
        columns = list(next(iter(rows.values())))
        print(f"{'':14s}" + "".join(f"{column:>9s}" for column in columns))
        for view, values in rows.items():
            print(f"{view:14s}" + "".join(f"{values[column]:9.3f}" for column in columns))


def main(given: Sequence[str] | None = None) -> int:
    """Evaluate one model; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument(
        "--photos", type=Path, required=True, help="large catalogue set, zip or folder"
    )
    parser.add_argument("--ordinary", type=Path, help="ordinary photos, zip or folder")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(given)
    try:
        if not options.model.exists():
            raise FileNotFoundError(options.model)
        model = Model.open(options.model, options.threads)
        figures = {"model": model.document["name"], **evaluate_catalogue(model, options.photos)}
        if options.ordinary is not None:
            figures |= evaluate_ordinary(model, options.ordinary)
    except (OSError, KeyError, ValueError) as error:
        print(f"Cannot evaluate: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        print_tables(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
