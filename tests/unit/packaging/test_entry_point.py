"""Starting the program."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from fashion_finder import __main__, __version__


def test_the_module_is_the_command() -> None:
    """`python -m fashion_finder` is the same program as the installed command."""
    done = subprocess.run(
        [sys.executable, "-m", "fashion_finder", "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert __version__ in done.stdout


def test_a_worker_of_the_executable_becomes_one_at_once() -> None:
    """freeze_support comes first, or each decode worker of the frozen program opens a window."""
    tree = ast.parse(Path(__main__.__file__).read_text(encoding="utf-8"))
    main = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    first = main.body[1]  # after the docstring
    assert ast.unparse(first) == "multiprocessing.freeze_support()"


def test_the_command_line_needs_no_window() -> None:
    """`index` and `search` on a server load no Qt; the window is imported when it is opened."""
    code = "import sys, fashion_finder.cli; sys.exit('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0
