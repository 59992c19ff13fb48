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
    inside = {
        host.purl: [part for part in parts if part.within == host.name]
        for host in parts
        if not host.within
    }
    listed = [_component(part, inside[part.purl]) for part in parts if not part.within]
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
        "dependencies": [
            {"ref": _PROGRAM, "dependsOn": list(inside)},
            *(
                {"ref": host, "dependsOn": [_reference(part, host) for part in held]}
                for host, held in inside.items()
                if held
            ),
        ],
    }


def _component(part: Part, inside: Sequence[Part] = (), host: str = "") -> dict[str, Any]:
    kind = "machine-learning-model" if "model" in part.purl else "library"
    places = [{"location": file} for file in part.files] if host else []
    return {
        "type": kind,
        "bom-ref": _reference(part, host),
        "name": part.name,
        **({"version": part.version} if part.version else {}),
        "licenses": [_licence(part.licence)],
        **({"copyright": part.copyright} if part.copyright else {}),
        "purl": part.purl,
        **({} if part.version else {"properties": [{"name": "version", "value": part.unstated}]}),
        **({"components": [_component(one, (), part.purl) for one in inside]} if inside else {}),
        **({"evidence": {"occurrences": places}} if places else {}),
    }


def _reference(part: Part, host: str = "") -> str:
    """A work may be compiled into a library, and be shipped beside it in the same release."""
    return f"{host}#{part.purl}" if host else part.purl


def _licence(expression: str) -> dict[str, Any]:
    """CycloneDX tells an SPDX identifier from an expression of several."""
    if _SINGLE.match(expression) and not expression.startswith("LicenseRef-"):
        return {"license": {"id": expression}}
    return {"expression": expression}
