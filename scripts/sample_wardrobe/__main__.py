"""Draws the pictures of the sample wardrobe anew: make sample.

python -m sample_wardrobe fashion_finder/sample
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sample_wardrobe.wardrobe import PIECES, example


def main() -> int:
    """Write pictures/ with one file per piece and nothing else, and the example question beside it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the package that ships them")
    folder: Path = parser.parse_args().folder
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.jpg"):
        old.unlink()
    for piece in PIECES:
        (pictures / piece.file_name).write_bytes(piece.picture())
    (folder / "example-dress.jpg").write_bytes(example())
    size = sum(path.stat().st_size for path in folder.rglob("*.jpg"))
    print(f"{len(PIECES)} pieces and a question, {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
