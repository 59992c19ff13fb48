"""The bill of materials of a build, as CycloneDX 1.6 in JSON.

A small writer: the format's own library and what it needs weigh more than the forty lines used of it.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Sequence
from typing import Any

from fashion_finder import __version__
from shipping.collected import Part

_SINGLE = re.compile(r"[A-Za-z0-9.+-]+$")
_PROGRAM = f"pkg:generic/fashion-finder@{__version__}"


def document(parts: Sequence[Part]) -> dict[str, Any]:
    """The document; the same parts give the same one, so builds can be compared."""
    listed = [_component(part) for part in parts]
    content = json.dumps([_PROGRAM, listed], sort_keys=True).encode()
    serial = uuid.UUID(bytes=hashlib.sha256(content).digest()[:16], version=4)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": _PROGRAM,
                "name": "fashion-finder",
                "version": __version__,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
                "purl": _PROGRAM,
            }
        },
        "components": listed,
        "dependencies": [{"ref": _PROGRAM, "dependsOn": [part.purl for part in parts]}],
    }


def _component(part: Part) -> dict[str, Any]:
    kind = "machine-learning-model" if "model" in part.purl else "library"
    return {
        "type": kind,
        "bom-ref": part.purl,
        "name": part.name,
        **({"version": part.version} if part.version else {}),
        "licenses": [_licence(part.licence)],
        "purl": part.purl,
        **({} if part.version else {"properties": [{"name": "version", "value": part.unstated}]}),
    }


def _licence(expression: str) -> dict[str, Any]:
    """CycloneDX tells an SPDX identifier from an expression of several."""
    if _SINGLE.match(expression) and not expression.startswith("LicenseRef-"):
        return {"license": {"id": expression}}
    return {"expression": expression}
