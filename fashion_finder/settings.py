"""The numbers that trade speed, memory and safety against each other, in one place."""

from __future__ import annotations

import os

ANSWERS = 5
"""Matches shown for a question at first."""

MOST_ANSWERS = 30
"""Matches the window keeps ready behind *Show More*."""

BATCH = 32
"""Pictures per transaction: the most work that a kill can undo."""

MICRO_BATCH = 2
"""Pictures per inference while indexing: the longest a question waits for the model. One at a time
costs a third more each; four cost the same as two."""

SCAN_SECONDS = 60.0
"""A drive or share that lists nothing for this long is given up until the next sync. A disk that
sleeps takes up to half a minute to spin up."""

READ_SECONDS = 60.0
"""A file that gives no byte for this long is given up until the next sync."""

DECODE_SECONDS = 20.0
"""A decode worker that takes longer, once it has all bytes, is stopped."""

DECODE_MEMORY = 3 << 30
"""Address space of a decode worker, bytes: 178 megapixels in RGB, twice, and the libraries."""

NICENESS = 10
"""Added to the sync's processes and threads on POSIX, so that questions come first. A question then
gets nine tenths of a core that both want; on an idle machine the sync loses nothing."""

PREVIEW_SIDE = 960
"""Longer side of the question as shown and cropped, pixels.

A 12-megapixel JPEG is decoded at a quarter of its size for 640 and 960 alike, and a region loses
nothing until it is smaller than the model's input: 23% of the longer side.
"""

QUESTIONS_KEPT = 64
"""Embeddings of questions and regions that are kept, about 1.5 KB each: asking again with another
weight or colour, or going back, needs no inference."""

THUMBNAIL_STORE_BYTES = 4 << 30
"""Thumbnails beyond this are dropped, the oldest first, and made again when they are shown."""


def usable_cores() -> int:
    """Cores this process may run on; containers and taskset count."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def inference_threads() -> int:
    """Threads for a question's inference, and inferences at once while indexing.

    Beyond 8 one ResNet50 gains nothing.
    """
    return min(8, usable_cores())


def decode_workers() -> int:
    """Decode processes while indexing: decoding a phone photo costs twice its inference."""
    return min(8, usable_cores())
