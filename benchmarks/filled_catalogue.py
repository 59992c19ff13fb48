"""Fills a catalogue with as many pictures as a benchmark needs."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from fashion_finder.catalogue.records import Filed, NewContent
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import ContentId, FileStamp
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.search.index import SearchIndex
from fashion_finder.settings import THUMBNAIL_STORE_BYTES, inference_threads

BATCH = 2048
DAY_NS = 86_400 * 10**9


def fill(data: Path, model: Path, count: int) -> None:
    """Add pictures to what is indexed until there are `count`, by the program's own stores."""
    info = OnnxEmbedder(model, 1).info
    chance = np.random.default_rng(0)
    catalogue = Catalogue(data)
    store = ThumbnailStore(data, catalogue.uuid, THUMBNAIL_STORE_BYTES)
    there = [ContentId(one) for one in catalogue.vectors.live_contents(info.stamp)]
    jpegs = [one for one in (store.get(content) for content in there) if one is not None]
    (root,) = catalogue.roots.all()
    now = time.time_ns()
    for start in range(len(there), count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        vectors = chance.normal(size=(len(numbers), info.dimension)).astype(np.float32)
        for part in info.parts:
            stretch = vectors[:, part.start : part.stop]
            stretch *= np.sqrt(part.weight) / np.linalg.norm(stretch, axis=1, keepdims=True)
        digests = [number.to_bytes(8, "big") for number in numbers]
        contents = [
            NewContent(digest, 1, 225, 300, vector, ())
            for digest, vector in zip(digests, vectors, strict=True)
        ]
        files = [
            Filed(
                FileStamp(
                    f"generated {number // 100}/IMG_{number:05}.jpg", 1, now - number * DAY_NS
                ),
                "",
                digest,
            )
            for number, digest in zip(numbers, digests, strict=True)
        ]
        ids = catalogue.files.record(root.id, info.stamp, contents, files)
        store.put(
            {
                ids[digest]: jpegs[number % len(jpegs)]
                for number, digest in zip(numbers, digests, strict=True)
            }
        )
    index = SearchIndex(DataFolder(data).index, catalogue.vectors, info.stamp, info.dimension)
    index.load()
    index.rebuild(inference_threads())  # or the window would do it behind what is measured
    store.close()
    catalogue.close()
