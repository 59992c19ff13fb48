"""The embedding model under onnxruntime: uint8 pictures in, unit vectors and tags out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnxruntime as ort

from fashion_finder.domain import INPUT_SIDE, Pixels, Recognised, Vectors
from fashion_finder.embedding.likely_words import pack
from fashion_finder.embedding.model_info import ModelFile, describe, read_file
from fashion_finder.errors import ModelRefused
from fashion_finder.ports import Embedded

log = logging.getLogger(__name__)

INPUT_NAME = "image"
EMBEDDING_NAME = "embedding"
CELLS_NAME = "local"


class OnnxEmbedder:
    """The model, for questions and for the sync; questions go first.

    A question's inference runs on all threads. The sync's inferences run side by side, each on its
    caller's thread, in a separate session made for the first of them.
    """

    def __init__(self, path: Path, threads: int, file: ModelFile | None = None) -> None:
        """Load the model and run it once, in this process: one from elsewhere is opened by `open_model`.

        `file` is it as it was read, if it was. Raises ModelMissing, ModelRefused.
        """
        ort.disable_telemetry_events()  # what the variable in __init__.py does not reach, on Windows
        model, self.info = describe(file or read_file(path))
        self._path = path
        self._session = _session(path, model, threads)
        self._single_threaded: ort.InferenceSession | None = None
        self._making = threading.Lock()
        self._lock = PriorityLock()
        self._outputs = [EMBEDDING_NAME, *self._check_contract(path)]
        self._check_run()

    def embed(self, squares: Pixels, *, urgent: bool = False) -> Embedded:
        """Embed uint8 [N, 224, 224, 3]; an urgent call goes before all that wait, and alone."""
        session = self._session if urgent else self._sync_session()
        with self._lock.exclusive() if urgent else self._lock.shared():
            vectors, *logits = self._run(session, self._outputs, squares)
        return self._embedded(vectors, logits)

    def get_ready(self) -> None:
        """Load what the sync needs. Raises ModelMissing, ModelRefused."""
        self._sync_session()

    def _sync_session(self) -> ort.InferenceSession:
        with self._making:
            if self._single_threaded is None:
                file = read_file(self._path)
                if file.stamp != self.info.stamp:
                    raise ModelRefused(self._path, "it was replaced while the program was running")
                model, _ = describe(file)
                self._single_threaded = _session(self._path, model, threads=1)
            return self._single_threaded

    def embed_with_cells(self, squares: Pixels) -> tuple[Embedded, Vectors | None]:
        """Embed urgently; also the embeddings of every cell [N, h, w, D] before pooling.

        The cells are None when the model has no such output.
        """
        if not self._has_cells:
            return self.embed(squares, urgent=True), None
        outputs = [*self._outputs, CELLS_NAME]
        with self._lock.exclusive():
            vectors, *logits, cells = self._run(self._session, outputs, squares)
        return self._embedded(vectors, logits), cells

    def score(self, squares: Pixels, vocabulary: str) -> tuple[Vectors, Vectors] | None:
        """Embeddings [N, D] and raw scores of a vocabulary's words [N, words], not urgently.

        None when the model does not score this vocabulary.
        """
        if vocabulary not in self._outputs:
            return None
        with self._lock.shared():
            vectors, scores = self._run(self._session, [EMBEDDING_NAME, vocabulary], squares)
        return vectors, scores

    def _run(
        self, session: ort.InferenceSession, outputs: list[str], squares: Pixels
    ) -> list[Vectors]:
        """The outputs, as the contract promises them for any picture. Raises ModelRefused."""
        try:
            results: list[Vectors] = session.run(outputs, {INPUT_NAME: squares})
        except Exception as error:  # onnxruntime's errors share no base class
            raise ModelRefused(self._path, "it does not take 224 x 224 RGB pictures") from error
        for name, result in zip(outputs, results, strict=True):
            self._check_result(name, result, len(squares))
        return results

    def _check_result(self, name: str, result: object, count: int) -> None:
        if not isinstance(result, np.ndarray) or result.dtype != np.float32:
            raise ModelRefused(self._path, f"output {name!r} is not of 32-bit floats")
        if name == EMBEDDING_NAME:
            width, ranks = self.info.dimension, 2
        elif name == CELLS_NAME:
            width, ranks = self.info.dimension, 4
        else:
            width, ranks = len(self.info.vocabularies[name]), 2
        if result.ndim != ranks or result.shape[0] != count or result.shape[-1] != width:
            raise ModelRefused(
                self._path, f"{name} of {result.shape} for {count} pictures, not {width}"
            )
        if result.size == 0 or not np.isfinite(result).all():
            raise ModelRefused(self._path, f"output {name!r} has values that are no numbers")
        if name == EMBEDDING_NAME:
            self._check_lengths(result)

    def _check_lengths(self, vectors: Vectors) -> None:
        for part in self.info.parts:
            lengths = np.linalg.norm(vectors[:, part.start : part.stop], axis=1)
            if not np.allclose(lengths, np.sqrt(part.weight), atol=0.02):
                raise ModelRefused(self._path, f"part {part.name!r} is not scaled by its weight")

    def _embedded(self, vectors: Vectors, logits: list[np.ndarray]) -> Embedded:
        tags: list[list[Recognised]] = [[] for _ in range(len(vectors))]
        chances: dict[str, Vectors] = {}
        for name, scores in zip(self._outputs[1:], logits, strict=True):
            scaled = scores / self.info.temperatures[name]
            powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
            probabilities = powers / powers.sum(axis=1, keepdims=True)
            chances[name] = probabilities
            best = probabilities.argmax(axis=1)
            words = self.info.vocabularies[name]
            for row, column in enumerate(best.tolist()):
                tags[row].append(Recognised(name, words[column], float(probabilities[row, column])))
        ranked = [chances[words.vocabulary] for words in self.info.ranked_words]
        packed = pack(ranked) if ranked else (b"",) * len(vectors)
        return Embedded(vectors, tuple(tuple(row) for row in tags), packed)

    def _check_contract(self, path: Path) -> list[str]:
        """Compare inputs and outputs with the contract. Returns the vocabularies it scores."""
        inputs = {node.name: node for node in self._session.get_inputs()}
        if set(inputs) != {INPUT_NAME} or inputs[INPUT_NAME].type != "tensor(uint8)":
            raise ModelRefused(path, "its input is not uint8 pictures named 'image'")
        outputs = {node.name: node for node in self._session.get_outputs()}
        if EMBEDDING_NAME not in outputs:
            raise ModelRefused(path, "it has no output named 'embedding'")
        vocabularies = []
        for name, words in self.info.vocabularies.items():
            if name in {EMBEDDING_NAME, CELLS_NAME}:
                raise ModelRefused(path, f"a vocabulary is called {name!r}")
            if name not in outputs:
                continue
            if outputs[name].shape[-1:] not in ([len(words)], [None]):
                raise ModelRefused(path, f"output {name!r} does not fit its vocabulary")
            vocabularies.append(name)
        for ranked in self.info.ranked_words:
            if ranked.vocabulary not in vocabularies:
                raise ModelRefused(
                    path, f"it does not score {ranked.vocabulary!r}, but ranks by it"
                )
        self._has_cells = CELLS_NAME in outputs
        if self._has_cells:
            shape = outputs[CELLS_NAME].shape
            if len(shape) != 4 or shape[-1] != self.info.dimension:
                raise ModelRefused(path, f"output {CELLS_NAME!r} does not fit its embedding")
        return vocabularies

    def _check_run(self) -> None:
        """One inference on a grey picture, which checks what it gives."""
        grey = np.full((1, INPUT_SIDE, INPUT_SIDE, 3), 128, np.uint8)
        self.embed(grey, urgent=True)


class PriorityLock:
    """A lock that some callers share and others hold alone; those that want it alone go first.

    A readers-writer lock that prefers writers: a waiting one keeps new shared holders out.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._holders = 0
        self._is_exclusive = False
        self._waiting = 0  # for exclusive use

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold the lock together with other shared holders."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._waiting or self._is_exclusive))
            self._holders += 1
        try:
            yield
        finally:
            self._release()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock alone, before all who wait to share it."""
        with self._changed:
            self._waiting += 1
            try:
                self._changed.wait_for(lambda: self._holders == 0)
            finally:
                self._waiting -= 1
            self._holders += 1
            self._is_exclusive = True
        try:
            yield
        finally:
            self._release()

    def _release(self) -> None:
        with self._changed:
            self._holders -= 1
            self._is_exclusive = False  # an exclusive holder was the only one
            self._changed.notify_all()


def _session(path: Path, data: bytes, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # its errors name what the file holds
    # Not by its looks: it would take a file with "ORTM" in the right place for another format.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    # Threads spinning between inferences would take cores from the decoders.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base class
        raise ModelRefused(path, "onnxruntime cannot load it") from error
