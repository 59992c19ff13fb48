from __future__ import annotations

import subprocess
import sys

import pytest

from fashion_finder.images.formats import is_picture_name


@pytest.mark.parametrize("name", ["a.jpg", "B.JPEG", "c.HeIc", "d.e.tif", "a\nb.png", "é.webp"])
def test_pictures_are_known_by_their_ending(name: str) -> None:
    """The ending decides, in any case, whatever stands before it."""
    assert is_picture_name(name)


@pytest.mark.parametrize("name", [".hidden.jpg", "._a.jpg", "a.txt", "jpg", "a.jpg.", ".jpg", ""])
def test_hidden_files_and_others_are_left_out(name: str) -> None:
    """Hidden files, macOS companions and other endings are no pictures."""
    assert not is_picture_name(name)


def test_asking_for_a_name_loads_no_decoder() -> None:
    """The scan need not import Pillow."""
    code = (
        "import sys; import fashion_finder.images.formats;"
        "sys.exit(any(name.split('.')[0] in ('PIL', 'numpy') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
