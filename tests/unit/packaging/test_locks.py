"""The locks: complete, hash-checked, in agreement, and silent about where packages come from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
REQUIREMENT = re.compile(r"^(?P<name>[a-z0-9-]+)(?:\[[^]]*\])?==(?P<version>[^ ;\\]+)")


def pinned(lock: Path) -> dict[str, set[str]]:
    """The versions a lock allows for each package; more than one where they depend on Python."""
    versions: dict[str, set[str]] = {}
    for line in lock.read_text().splitlines():
        if found := REQUIREMENT.match(line):
            versions.setdefault(found["name"], set()).add(found["version"])
    return versions


def normal(requirement: str) -> str:
    """The normalised name in a requirement such as ``pi_heif>=0.20``."""
    name = re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_place_to_fetch_from(lock: Path) -> None:
    """Whoever installs chooses their own mirror; a lock carries names, versions and hashes."""
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--(extra-)?index-url|--find-links)", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_by_hash(lock: Path) -> None:
    """A changed file under a known name is refused."""
    entries = re.split(r"^(?=[a-zA-Z])", lock.read_text(), flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert REQUIREMENT.match(entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("lock, extra", [("run", None), ("test", "dev"), ("package", "package")])
def test_a_lock_covers_what_the_project_asks_for(lock: str, extra: str | None) -> None:
    """A dependency added to pyproject.toml without `make locks` does not pass."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = set(map(normal, project["dependencies"]))
    if extra:
        wanted |= set(map(normal, project["optional-dependencies"][extra]))
    assert wanted <= pinned(ROOT / "requirements" / f"{lock}.txt").keys()


@pytest.mark.parametrize("lock", ["build", "hnswlib", "run", "package"])
def test_locks_that_share_an_environment_agree(lock: str) -> None:
    """They are installed one over the other."""
    test = pinned(ROOT / "requirements" / "test.txt")
    for name, versions in pinned(ROOT / "requirements" / f"{lock}.txt").items():
        assert versions == test.get(name, versions), name


@pytest.mark.parametrize("extra", ["export", "train"])
def test_a_framework_is_asked_for_in_the_same_words_twice(extra: str) -> None:
    """`pip install .[train]` and the lock mean the same packages."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "requirements" / f"{extra}.in").read_text().splitlines()
    assert project["optional-dependencies"][extra] == [
        line for line in lines if line and not line.startswith("#")
    ]
