"""The entry point of the installed command, of ``python -m fashion_finder`` and of the executable."""

from __future__ import annotations

import multiprocessing
import os
import sys


def main() -> int:
    """Run the command line; the value is the exit code."""
    # First of all: in the executable, a decode worker is this same program started again, and must
    # become a worker here instead of opening another window.
    multiprocessing.freeze_support()
    from fashion_finder.executable import give_back_environment

    give_back_environment(os.environ)
    from fashion_finder.cli import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
