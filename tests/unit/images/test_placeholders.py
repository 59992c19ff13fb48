"""Files that are only in the cloud are known by what their system says of them."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import cast

import pytest

from fashion_finder.images.placeholders import is_dataless, is_only_in_cloud, stub_for


def status(**fields: int) -> os.stat_result:
    """What the system says, as far as it has such fields."""
    return cast(os.stat_result, SimpleNamespace(**fields))


@pytest.mark.parametrize("attributes", [0x400000, 0x400020, 0x501620, 0x40000, 0x1000, 0x1020])
def test_windows_says_it_by_attributes(attributes: int) -> None:
    """A file to be recalled when it is read or opened, or one that is offline."""
    assert is_only_in_cloud(status(st_file_attributes=attributes))
    assert not is_dataless(status(st_file_attributes=attributes))  # its folders list what they hold


@pytest.mark.parametrize("attributes", [0, 0x20, 0x80020, 0x180026, 0x100020, 0x420])
def test_a_file_that_is_here_is_not(attributes: int) -> None:
    """Pinned or not, and whatever else it is."""
    assert not is_only_in_cloud(status(st_file_attributes=attributes))


def test_macos_says_it_by_a_flag() -> None:
    """Of files and folders alike."""
    assert is_only_in_cloud(status(st_flags=0x40000020))
    assert is_dataless(status(st_flags=0x40000000))
    assert not is_only_in_cloud(status(st_flags=0x20))


def test_linux_has_no_such_mark() -> None:
    """Its files are here."""
    assert not is_only_in_cloud(os.stat(__file__))


@pytest.mark.parametrize(
    "name, stands_for",
    [(".a b.jpg.icloud", "a b.jpg"), ("a.jpg.icloud", None), (".a.jpg", None), (".icloud", None)],
)
def test_stubs_stand_for_a_file(name: str, stands_for: str | None) -> None:
    """Those of older iCloud Drives, which are hidden."""
    assert (stub_for(name) or None) == stands_for
