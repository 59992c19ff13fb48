"""What the heads read of every view, kept on disk while the trunk stays as it is.

The last stage's inputs are kept beside it for as many of the first rows as are asked for: what is
planned later may train that stage too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from fashion_training.early_layers import CELLS, EARLY_CHANNELS, ENTERING_CHANNELS
from fashion_training.kept_views import averaged
from fashion_training.parts import FEATURES
from fashion_training.patterns import PATTERNS
from fashion_training.piece_views import KINDS, PieceView, PieceViewMaker
from fashion_training.prepared import open_rows
from fashion_training.trunk import Trunk
from fashion_training.views import View

AT_ONCE = 16
BETWEEN_NOTES = 512


class KeptAverages:
    """One row per view: averages under each gate, whether it was recoloured, and maps of some."""

    def __init__(
        self, folder: Path, plan: Sequence[PieceView], gates: Sequence[str], maps: int, key: str
    ) -> None:
        """Open what an earlier attempt with the same ``key`` and plan kept, or begin."""
        folder.mkdir(parents=True, exist_ok=True)
        self.plan = tuple(plan)
        self._notes = folder / "averages.json"
        planned = "\n".join(f"{view.piece} {view.kind}" for view in plan)
        self._key = hashlib.sha256(f"{key}\n{planned}".encode()).hexdigest()
        known = json.loads(self._notes.read_text()) if self._notes.exists() else {}
        self.done = int(known["done"]) if known.get("key") == self._key else 0
        rows, cells = len(plan), (CELLS, CELLS)
        self.averages = {
            name: open_rows(folder / f"averages-{name}.npy", (rows, FEATURES), "float16")
            for name in gates
        }
        self.recoloured = open_rows(folder / "recoloured.npy", (rows,), "bool")
        self.laid = open_rows(folder / "laid.npy", (rows,), "int8")  # place in PATTERNS, or -1
        self.maps = min(maps, rows)
        self.entering = open_rows(
            folder / "entering.npy", (self.maps, ENTERING_CHANNELS, *cells), "uint8"
        )
        self.early = open_rows(folder / "early.npy", (self.maps, EARLY_CHANNELS, *cells), "uint8")
        self.pixels = open_rows(folder / "pixels.npy", (self.maps, 56, 56, 3), "uint8")

    def fill(self, trunk: Trunk, maker: PieceViewMaker) -> None:
        """Run every missing view through the trunk."""
        total = len(self.plan)
        starts = range(self.done, total, AT_ONCE)

        def make(start: int) -> list[View]:
            rows = range(start, min(start + AT_ONCE, total))
            return [maker.view(self.plan[row], row) for row in rows]

        bar = tqdm(total=total, initial=self.done, desc="views", mininterval=20)
        with bar, ThreadPoolExecutor(1) as makers:
            waiting = makers.submit(make, starts[0]) if starts else None
            for start in starts:
                assert waiting is not None
                views = waiting.result()
                if start + AT_ONCE < total:
                    waiting = makers.submit(make, start + AT_ONCE)
                self._keep(start, views, trunk)
                stop = start + len(views)
                bar.update(len(views))
                if stop == total or stop % BETWEEN_NOTES < AT_ONCE:
                    self._note(stop)

    def _keep(self, start: int, views: Sequence[View], trunk: Trunk) -> None:
        pictures = np.stack([view.picture for view in views])
        stop = start + len(views)
        mapped = max(0, min(stop, self.maps) - start)
        seen = trunk.look(pictures, maps=mapped > 0)
        for name, kept in self.averages.items():
            kept[start:stop] = seen.averages[name]
        self.recoloured[start:stop] = [view.recoloured for view in views]
        self.laid[start:stop] = [
            PATTERNS.index(view.pattern) if view.pattern else -1 for view in views
        ]
        if seen.entering is not None and seen.early is not None:
            self.entering[start : start + mapped] = seen.entering[:mapped]
            self.early[start : start + mapped] = seen.early[:mapped]
            self.pixels[start : start + mapped] = averaged(pictures[:mapped])

    def rows_of(self, kinds: Sequence[str], pieces: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows on disk that are of some kinds and show one of the given pieces."""
        wanted = set(pieces.tolist())
        return np.array(
            [
                row
                for row, view in enumerate(self.plan[: self.done])
                if view.kind in kinds and view.piece in wanted
            ],
            dtype=np.int64,
        )

    def _note(self, done: int) -> None:
        for rows in (*self.averages.values(), self.recoloured, self.laid, self.entering):
            rows.flush()
        for rows in (self.early, self.pixels):
            rows.flush()
        self.done = done
        self._notes.write_text(json.dumps({"key": self._key, "done": done}))


def kind_codes(plan: Sequence[PieceView]) -> NDArray[np.int64]:
    """Return each row's place in KINDS."""
    return np.array([KINDS.index(view.kind) for view in plan], dtype=np.int64)
