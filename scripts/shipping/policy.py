"""Which licences may be shipped with a program that is not under the GPL itself."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_FACTS = tomllib.loads(Path(__file__).with_name("licences.toml").read_text(encoding="utf-8"))
ALLOWED = frozenset(_FACTS["allowed"])
EXCEPTIONS = frozenset(_FACTS["exceptions"])
FULL_TEXTS: dict[str, list[str]] = _FACTS["full_texts"]

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
