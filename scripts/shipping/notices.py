"""Writes who made what is in a built folder, and under which licences: for people and for programs.

NOTICES.txt lies beside the program, notices.json is shown by Help > Licences, and the bill of
materials is CycloneDX. Nothing is written, and the build stops, when a licence may not be shipped or
a text is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from fashion_finder import __version__
from fashion_finder.embedding.model_info import read_model_file
from fashion_finder.paths import MODEL_NAME
from shipping import sbom
from shipping.collected import Part, parts_of
from shipping.policy import FULL_TEXTS, NotAllowed, require_allowed

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "packaging" / "licences"
CONTENTS = "_internal"  # PyInstaller's folder beside the program
SHOWN = "fashion_finder/notices.json"  # below it
SBOM = "fashion-finder.cdx.json"

HEAD = """\
Fashion Finder {version} is under the Apache License 2.0. It is built from the parts below, with thanks
to their makers.

Qt, Qt for Python, libheif, libde265 and other parts are under the GNU Lesser General Public License.
They are separate, dynamically linked libraries in the folder {contents}: you may replace each of them
by a build of your own with the same interface, and the program will use it. You may change these
libraries, and take the program apart to find faults in your changes. Their unchanged source code is
published by their projects under the versions named here; whoever hands this program on must offer it
as well. The full texts of the licences are at the end.

What stands as "Qt: ..." was written by others and is compiled into Qt's libraries and plug-ins.

"""


def require_shippable(parts: Sequence[Part]) -> None:
    """Raise NotAllowed, naming every part that may not be shipped or lacks its licence's text."""
    faults = []
    for part in parts:
        try:
            require_allowed(part.licence)
        except NotAllowed as fault:
            faults.append(f"{part.name}: {fault}")
        missing = [name for name in part.texts if not text_file(name).is_file()]
        if missing or (not part.text.strip() and not full_texts([part])):
            faults.append(
                f"{part.name}: the text of its licence is missing {missing or ''}".strip()
            )
    if faults:
        raise NotAllowed("\n".join(faults))


def text_file(name: str) -> Path:
    """Where the text of a licence is kept; its versions "or later" and "only" share one."""
    return TEXTS / f"{re.sub(r'-(only|or-later)$', '', name)}.txt"


def full_texts(parts: Sequence[Part]) -> dict[str, str]:
    """The texts that several parts share, by name."""
    names = {
        name
        for part in parts
        for start, texts in FULL_TEXTS.items()
        for name in texts
        if any(word.startswith(start) for word in part.licence.replace("(", " ").split())
    }
    names |= {text_file(name).stem for part in parts for name in part.texts}
    return {name: text_file(name).read_text(encoding="utf-8") for name in sorted(names)}


def as_text(parts: Sequence[Part]) -> str:
    """The notices, to be read."""
    line = "=" * 100
    pieces = [HEAD.format(version=__version__, contents=CONTENTS)]
    pieces += [f"{part.title} {part.told_version}: {part.licence}\n" for part in parts]
    for part in parts:
        pieces.append(f"\n{line}\n{part.title} {part.told_version}\n{part.licence}\n{line}\n\n")
        pieces.append(part.text.strip() + "\n")
    for name, text in full_texts(parts).items():
        pieces.append(f"\n{line}\n{name}: the full text\n{line}\n\n{text.strip()}\n")
    return "".join(pieces)


def as_objects(parts: Sequence[Part]) -> list[dict[str, str]]:
    """For the window: the fields of its Component."""
    return [
        {
            "name": part.title,
            "version": part.told_version,
            "purpose": part.purpose,
            "licence": part.licence,
            "text": "\n\n".join(filter(None, (part.text, *full_texts([part]).values()))),
        }
        for part in parts
    ]


def model_part() -> Part:
    """The model, whose card says what it was made of; its version is its own."""
    card = ROOT / "models" / "MODEL_CARD.md"
    _, model = read_model_file(ROOT / "models" / MODEL_NAME)
    return Part(
        name="Model of Fashion Finder",
        version=model.version,
        licence="Apache-2.0 AND LicenseRef-Model-Card",
        text=card.read_text(encoding="utf-8"),
        purpose="tells what pictures have in common",
        purl=f"pkg:generic/fashion-finder-model@{model.version}",
    )


def write(folder: Path, module_names: Sequence[str]) -> list[Part]:
    """Write all three into a built folder. Raises NotAllowed, UnknownFiles."""
    contents = folder / CONTENTS
    parts = [*parts_of(contents, module_names), model_part()]
    require_shippable(parts)
    (folder / "NOTICES.txt").write_text(as_text(parts), encoding="utf-8")
    (folder / SBOM).write_text(json.dumps(sbom.document(parts), indent=1) + "\n", encoding="utf-8")
    (contents / SHOWN).write_text(
        json.dumps(as_objects(parts), ensure_ascii=False), encoding="utf-8"
    )
    return parts
