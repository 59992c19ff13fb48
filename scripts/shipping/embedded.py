"""A work of other people that its user compiled into a library of its own: no file shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Embedded:
    """One such work, as the maker of the library states it."""

    name: str
    version: str  # as the library itself shows it or as it never changes; "" when it does not tell
    licence: str  # SPDX; of several at choice, the one that we take
    modules: str  # blank-separated names of the libraries and plug-ins that hold it
    copyright: str
    mark: str = (
        ""  # a text in each of these files that only this work has, in this version if it says
    )
    earlier: str = (
        ""  # the version in an earlier release of the library, where this one does not tell
    )
    host: str = "Qt"
    note: str = ""  # what the licence wants to be said
