"""Pattern words: those that photos were labelled with by eye, and those found in product names."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: The vocabulary of the model's ``pattern`` output. *print* is a graphic or lettering on the front,
#: *allover* any other repeated pattern.
PATTERNS = (
    "allover", "animal", "checked", "colourblock", "denim", "dotted", "floral", "knit", "print",
    "solid", "striped",
)  # fmt: skip

#: What each word of a product name can mean in the vocabulary.
NAME_WORDS: Mapping[str, tuple[str, ...]] = {
    "printed": ("allover", "animal", "dotted", "floral", "print"),
    "striped": ("striped",),
    "checked": ("checked",),
    "solid": ("solid",),
}
_SPELLINGS: Mapping[str, re.Pattern[str]] = {
    "printed": re.compile(r"\bprint(ed|s)?\b"),
    "striped": re.compile(r"\bstrip(e|es|ed)\b"),
    "checked": re.compile(r"\bcheck(s|ed|ered)?\b"),
    "solid": re.compile(r"\bsolids?\b"),
}
#: Brand words and model names that mention a pattern without showing one.
_NOT_A_PATTERN = re.compile(
    r"\b(3|three)[ -]?s?stripes?\b|\bstripes? (tee|logo)\b|\bfinger ?prints?\b|\bblue ?print\b"
    r"|\bcheck ?point\b|\bsolids? state\b"
)


def pattern_in_name(row: Mapping[str, str]) -> str:
    """Return the one pattern word of a catalogue row's product name.

    Empty when the row is not apparel, names no pattern, or names several.
    """
    if row.get("masterCategory") != "Apparel":
        return ""
    name = _NOT_A_PATTERN.sub(" ", (row.get("productDisplayName") or "").lower())
    found = [word for word, spelling in _SPELLINGS.items() if spelling.search(name)]
    return found[0] if len(found) == 1 else ""


def pattern_by_eye(word: str) -> str:
    """Return a label given by eye where the vocabulary has it; *other* says nothing."""
    return word if word in PATTERNS else ""
