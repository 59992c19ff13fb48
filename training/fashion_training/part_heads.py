"""Three heads on what the trunk gives: cut, colour and pattern, linear so that they read at any cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from fashion_training.parts import FEATURES, NAMED_BY, READS, SIZES

#: Added to every deviation, as a share of the mean deviation: what hardly varies says nothing.
FLOOR = 1e-2


@dataclass(frozen=True, slots=True)
class Scale:
    """What the averages are brought to one scale with, [4000] each."""

    middle: Tensor
    deviation: Tensor

    @classmethod
    def of(cls, averages: NDArray[np.floating]) -> Scale:
        """Take it from a sample of views, [views, 4000]."""
        sample = torch.from_numpy(np.asarray(averages, dtype=np.float32))
        spread = sample.std(dim=0)
        return cls(sample.mean(dim=0), spread + FLOOR * spread.mean())


class PartHeads(nn.Module):
    """The three linear layers and the words' directions."""

    middle: Tensor
    deviation: Tensor

    def __init__(
        self, scale: Scale, words: Mapping[str, int], temperature: float = 16.0, seed: int = 0
    ) -> None:
        """``words`` counts each vocabulary's; cosines are multiplied by ``temperature``."""
        super().__init__()
        torch.manual_seed(seed)
        self.temperature = temperature
        self.register_buffer("middle", scale.middle)
        self.register_buffer("deviation", scale.deviation)
        self.layers = nn.ModuleDict(
            {name: nn.Linear(stop - start, SIZES[name]) for name, (start, stop) in READS.items()}
        )
        self.words = nn.ParameterDict(
            {
                f"{name}_words": nn.Parameter(torch.randn(count, SIZES[NAMED_BY[name]]))
                for name, count in words.items()
            }
        )

    def forward(self, averages: Tensor) -> dict[str, Tensor]:
        """[N, 4000] to unit parts by name."""
        level = (averages - self.middle) / self.deviation
        return {
            name: functional.normalize(layer(level[:, slice(*READS[name])]), dim=1)
            for name, layer in self.layers.items()
        }

    def directions(self, vocabulary: str) -> Tensor:
        """Return one direction for each word, of any length, [words, numbers of the part]."""
        directions: Tensor = self.words[f"{vocabulary}_words"]
        return directions

    def logits(self, parts: Mapping[str, Tensor], vocabulary: str) -> Tensor:
        """Return the scores of one vocabulary's words, [N, words]."""
        directions = functional.normalize(self.directions(vocabulary), dim=1)
        return self.temperature * parts[NAMED_BY[vocabulary]] @ directions.T

    def take(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        """Begin with what plain heads and words know; what they lack stays fresh."""
        with torch.no_grad():
            for name, layer in self.layers.items():
                if f"parts.{name}.weight" not in arrays:
                    continue
                weight = torch.from_numpy(np.array(arrays[f"parts.{name}.weight"]))
                bias = torch.from_numpy(np.array(arrays[f"parts.{name}.bias"]))
                places = slice(*READS[name])
                layer.weight.copy_((weight * self.deviation)[:, places])
                layer.bias.copy_(bias + weight @ self.middle)
            for name, directions in self.words.items():
                known = arrays.get(f"words.{name.removesuffix('_words')}")
                if known is not None:
                    directions.copy_(torch.from_numpy(np.array(known)))

    def fresh_and_known(
        self, arrays: Mapping[str, NDArray[np.float32]]
    ) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
        """Sort the parameters into those that ``take`` leaves as they are and those that it fills."""
        known = [
            parameter
            for name, layer in self.layers.items()
            if f"parts.{name}.weight" in arrays
            for parameter in layer.parameters()
        ]
        known += [
            directions
            for name, directions in self.words.items()
            if f"words.{name.removesuffix('_words')}" in arrays
        ]
        chosen = {id(parameter) for parameter in known}
        return [one for one in self.parameters() if id(one) not in chosen], known

    def plain(self) -> dict[str, NDArray[np.float32]]:
        """Return the heads as they read plain averages: ``parts.*`` and ``words.*`` arrays.

        Every part's weight has all 4,000 columns; what it does not read is zero.
        """
        arrays: dict[str, NDArray[np.float32]] = {}
        for name, layer in self.layers.items():
            places = slice(*READS[name])
            weight = torch.zeros(SIZES[name], FEATURES)
            weight[:, places] = layer.weight.detach() / self.deviation[places]
            bias = layer.bias.detach() - weight @ self.middle
            arrays[f"parts.{name}.weight"] = weight.numpy()
            arrays[f"parts.{name}.bias"] = bias.numpy()
        for name, directions in self.words.items():
            arrays[f"words.{name.removesuffix('_words')}"] = directions.detach().numpy().copy()
        return arrays
