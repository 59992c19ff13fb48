"""The program without a window: index folders, search with pictures. This is the Python API.

    from pathlib import Path
    from fashion_finder.domain import PictureFile
    from fashion_finder.engine import Engine

    if __name__ == "__main__":  # the processes that read pictures import this script
        with Engine.open(Path("~/finder-data").expanduser()) as engine:
            engine.sync([Path("~/Pictures/lookbook").expanduser()])
            for match in engine.find_similar(PictureFile(Path("dress.jpg"))).matches:
                print(match.closeness.word, match.path)

Every method blocks until it is done and may be called from any thread; one sync runs at a time.
Expected failures are raised as FinderError. `rebuild` replaces a damaged catalogue while no engine
is open.
"""

from fashion_finder.catalogue.rescue import Rebuilt, rebuild
from fashion_finder.engine.facade import Engine
from fashion_finder.indexing.control import SyncControl

__all__ = ["Engine", "Rebuilt", "SyncControl", "rebuild"]
