"""Which photos train, which validate and which test: decided once, from identifiers alone.

The rule is the project's common one: an identifier is in *test* when
``int(sha1(identifier).hexdigest(), 16) % 10 == 0``; exact duplicates follow the lowest identifier of
their group; ordinary photos are split by the person who sent them. One identifier in twenty (those
with ``% 20 == 1``, so never a test one) validates: it chooses weights, thresholds and temperatures.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

Side = Literal["train", "validation", "test"]


def side_of(identifier: str) -> Side:
    """Return the side on which one identifier (decimal text) stands by itself."""
    number = int(hashlib.sha1(identifier.encode(), usedforsecurity=False).hexdigest(), 16)
    if number % 10 == 0:
        return "test"
    return "validation" if number % 20 == 1 else "train"


def lowest_of_group(fingerprints: Mapping[str, str]) -> dict[str, str]:
    """Map every identifier to the lowest (as a number) that has the same fingerprint.

    ``fingerprints`` maps identifier to a hash of the file's bytes.
    """
    lowest: dict[str, str] = {}
    for identifier, fingerprint in fingerprints.items():
        best = lowest.get(fingerprint)
        if best is None or int(identifier) < int(best):
            lowest[fingerprint] = identifier
    return {identifier: lowest[fingerprint] for identifier, fingerprint in fingerprints.items()}


def sides_of_products(fingerprints: Mapping[str, str]) -> dict[str, Side]:
    """Decide the side of every product of one set; exact duplicates stay together."""
    return {
        identifier: side_of(lowest) for identifier, lowest in lowest_of_group(fingerprints).items()
    }


def linked_groups(sets: Iterable[Mapping[str, str]]) -> dict[str, int]:
    """Number the groups of products joined by an equal photo in any of the sets.

    Two products whose large photos differ as files may still share their small photo; they then
    show the same picture and belong to one group.
    """
    parent: dict[str, str] = {}

    def root(identifier: str) -> str:
        while parent[identifier] != identifier:
            parent[identifier] = parent[parent[identifier]]
            identifier = parent[identifier]
        return identifier

    for fingerprints in sets:
        first: dict[str, str] = {}
        for identifier, fingerprint in fingerprints.items():
            parent.setdefault(identifier, identifier)
            other = first.setdefault(fingerprint, identifier)
            parent[root(identifier)] = root(other)
    numbers: dict[str, int] = {}
    return {identifier: numbers.setdefault(root(identifier), len(numbers)) for identifier in parent}


def sides_for_training(sets: Iterable[Mapping[str, str]]) -> dict[str, Side]:
    """Decide who may train when several sets of the same products are used together.

    A group that holds a test product of any set is withheld whole as *test*; failing that, one that
    holds a validation product is withheld as *validation*. So no photo that is a copy of a test
    photo trains, calibrates or selects, whichever set it comes from.
    """
    known = list(sets)
    seen: defaultdict[int, set[Side]] = defaultdict(set)
    groups = linked_groups(known)
    for fingerprints in known:
        for identifier, side in sides_of_products(fingerprints).items():
            seen[groups[identifier]].add(side)
    order: tuple[Side, ...] = ("test", "validation", "train")
    return {
        identifier: next(side for side in order if side in seen[group])
        for identifier, group in groups.items()
    }
