"""Which licences may be shipped with a program that is not under the GPL itself."""

from __future__ import annotations

import re

# SPDX identifiers. The LGPL ones oblige us to keep their libraries replaceable, and to say so.
ALLOWED = frozenset(
    """
    0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause AFL-2.1 BSL-1.0 CC0-1.0 FTL HPND HPND-sell-variant IJG
    ISC Imlib2 LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later
    LicenseRef-ICC-License LicenseRef-Model-Card LicenseRef-Public-Domain Libpng MIT MIT-CMU
    MIT-Modern-Variant MIT-open-group MPL-2.0 PSF-2.0 Python-2.0 Unicode-3.0 Unicode-DFS-2016 X11
    Zlib blessing bzip2-1.0.6 libpng-2.0 libtiff
    """.split()
)
# What would not be allowed by itself, but is with an exception for programs like this one.
EXCEPTIONS = frozenset({"GCC-exception-3.1", "Bootloader-exception"})

_TOKEN = re.compile(r"[()]|[A-Za-z0-9.+-]+")


class NotAllowed(Exception):
    """A licence that forbids shipping, or that nobody has looked at."""


def require_allowed(expression: str) -> None:
    """Raise NotAllowed unless an SPDX expression leaves us a choice that is allowed."""
    tokens = _TOKEN.findall(expression)
    if not tokens or "".join(tokens) != re.sub(r"\s", "", expression):
        raise NotAllowed(f"{expression!r} is no SPDX expression")
    if not _Reading(tokens).is_allowed():
        raise NotAllowed(f"{expression} is not among the licences that may be shipped")


def named_in(expression: str) -> tuple[str, ...]:
    """The licences and exceptions that an SPDX expression names."""
    words = _TOKEN.findall(expression)
    return tuple(word for word in words if word not in {"(", ")", "AND", "OR", "WITH"})


class _Reading:
    """Walks over the tokens of an expression; AND binds closer than OR."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens

    def is_allowed(self) -> bool:
        allowed = self._any()
        if self._tokens:
            raise NotAllowed(f"unexpected {self._tokens[0]!r} in a licence")
        return allowed

    def _any(self) -> bool:
        allowed = self._all()
        while self._took("OR"):
            allowed = self._all() or allowed
        return allowed

    def _all(self) -> bool:
        allowed = self._one()
        while self._took("AND"):
            allowed = self._one() and allowed
        return allowed

    def _one(self) -> bool:
        if self._took("("):
            allowed = self._any()
            if not self._took(")"):
                raise NotAllowed("a bracket is left open in a licence")
            return allowed
        if not self._tokens:
            raise NotAllowed("a licence ends too early")
        allowed = self._tokens.pop(0) in ALLOWED
        if self._took("WITH"):
            exception = self._tokens.pop(0) if self._tokens else ""
            return allowed or exception in EXCEPTIONS
        return allowed

    def _took(self, token: str) -> bool:
        if self._tokens[:1] == [token]:
            del self._tokens[0]
            return True
        return False
