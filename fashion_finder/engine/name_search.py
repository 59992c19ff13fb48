"""Finds files by name: words as people type them, in the names of files and their folders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from fashion_finder.catalogue.records import decode_relative
from fashion_finder.catalogue.selection import END, PackedTexts

JOINED_AT_ONCE = 1024
"""Names joined in one call into C, during which no other thread can run."""

# Accents of European scripts, Hebrew points and Arabic vowel marks, as NFKD separates them.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
# Letters that people type without their mark, which Unicode does not treat as an accent.
_PLAIN = {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}
_PLAIN_LETTERS = re.compile("|".join(_PLAIN))


def fold(text: str) -> str:
    """A text without case and accents, in any Unicode form."""
    if text.isascii():
        return text.lower()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return _PLAIN_LETTERS.sub(lambda letter: _PLAIN[letter[0]], bare).casefold()


def fold_paths(
    paths: PackedTexts, folder_of: npt.NDArray[np.int64], folder_names: Sequence[str]
) -> PackedTexts:
    """The searched text of every file: its folder's name and its path, folded, as UTF-8.

    Args:
        paths: below their indexed folders, as the system's bytes.
        folder_of: [N], the index of every file's folder in `folder_names`.
        folder_names: the names of the indexed folders.
    """
    before = [f"{fold(name)}/" for name in folder_names]

    def blocks() -> Iterator[bytes]:
        for start in range(0, len(paths), JOINED_AT_ONCE):
            folders = folder_of[start : start + JOINED_AT_ONCE].tolist()
            lines = (
                f"{before[folder]}{fold(decode_relative(paths[start + row]))}\0"
                for row, folder in enumerate(folders)
            )
            # Undecodable bytes are kept; no typed word holds them.
            yield "".join(lines).encode("utf-8", "surrogatepass")

    return PackedTexts.pack(blocks())


def rows_with(names: PackedTexts, words: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Whether all words occur in each folded name, [N]."""
    kept = np.ones(len(names), np.bool_)
    for word in words:
        wanted = fold(word).encode("utf-8", "replace")
        if wanted and END not in wanted:
            kept &= _rows_with(names, wanted)
    return kept


def _rows_with(names: PackedTexts, wanted: bytes) -> npt.NDArray[np.bool_]:
    blob = names.blob
    ends_found = []
    start = blob.find(wanted)
    while start >= 0:
        end = blob.find(END, start)
        ends_found.append(end)
        start = blob.find(wanted, end + 1)
    found = np.zeros(len(names), np.bool_)
    found[np.searchsorted(names.ends, ends_found)] = True
    return found
