"""A model file that obeys the contract: what it takes, what it gives, what it says of itself."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime looks at it while it is imported

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from fashion_finder.embedding.first_format import as_second_format
from fashion_training.metadata import METADATA_KEY

Arrays = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """An open model file: its session, the hash of its bytes and what it says of itself."""

    session: onnxruntime.InferenceSession
    digest: str
    document: Mapping[str, Any]
    outputs: frozenset[str]

    @classmethod
    def open(cls, path: Path, threads: int) -> ModelFile:
        """Open a model file.

        Raises FileNotFoundError, and ValueError when it says nothing of itself or has no
        ``embedding``.
        """
        data = path.read_bytes()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        properties = session.get_modelmeta().custom_metadata_map
        if METADATA_KEY not in properties:
            raise ValueError(f"{path} holds no {METADATA_KEY} metadata")
        outputs = frozenset(output.name for output in session.get_outputs())
        if "embedding" not in outputs:
            raise ValueError(f"{path} has no output 'embedding'")
        digest = hashlib.sha256(data).hexdigest()
        document = json.loads(properties[METADATA_KEY])
        if document.get("format") == 1:
            document = as_second_format(document)
        return cls(session, digest, document, outputs)

    @property
    def vocabularies(self) -> dict[str, list[str]]:
        """The vocabularies that it has an output for, with their words."""
        return {
            name: list(words)
            for name, words in self.document.get("vocabularies", {}).items()
            if name in self.outputs
        }

    @property
    def parts(self) -> dict[str, tuple[int, int]]:
        """Where each part of the embedding starts and stops."""
        return {part["name"]: (part["start"], part["stop"]) for part in self.document["parts"]}

    @property
    def weights(self) -> dict[str, float]:
        """The default weight of each part."""
        return {part["name"]: part["weight"] for part in self.document["parts"]}

    def run(self, pictures: NDArray[np.uint8], local: bool) -> Arrays:
        """Run uint8 [N, 224, 224, 3]: ``embedding``, tag scores, and ``local`` when asked for."""
        names = ["embedding", *self.vocabularies]
        if local and "local" in self.outputs:
            names.append("local")
        return dict(zip(names, self.session.run(names, {"image": pictures}), strict=True))
