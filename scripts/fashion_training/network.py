"""The network in PyTorch: ResNet50 v2 with two linear heads, and its parts in plain arrays.

Layout of the first three stages and their parameter names: the weights file that the trainer is
given (ResNet50 v2, pre-activation; He et al., "Identity Mappings in Deep Residual Networks", 2016).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

#: Units per stage, and the stride of each stage's first unit.
STAGE_UNITS = (3, 4, 6, 3)
STAGE_STRIDES = (1, 2, 2, 2)
#: Channels of the four stages' outputs; the bottleneck inside is a quarter of it.
STAGE_CHANNELS = (256, 512, 1024, 2048)
#: Channels after the stem, then of the activations that enter stages 2 and 3: what the colour head
#: sees of the early layers.
EARLY_CHANNELS = 64 + 256 + 512
COLOUR_FEATURES = EARLY_CHANNELS + 1024 + 2048
#: Mean and deviation of ImageNet's RGB / 255, which the weights were trained with.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
BATCH_NORM_EPSILON = 1e-5


def mean_of_map(x: Tensor) -> Tensor:
    """Global average pooling in float32: [N, C, h, w] to [N, C]."""
    return x.mean(dim=(2, 3), dtype=torch.float32)


class Unit(nn.Module):
    """One pre-activation bottleneck: three convolutions, each after batch norm and ReLU."""

    def __init__(self, channels_in: int, channels_out: int, stride: int, *, first: bool) -> None:
        super().__init__()
        inner = channels_out // 4
        self.bn1 = nn.BatchNorm2d(channels_in, BATCH_NORM_EPSILON)
        self.conv1 = nn.Conv2d(channels_in, inner, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner, BATCH_NORM_EPSILON)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(inner, BATCH_NORM_EPSILON)
        self.conv3 = nn.Conv2d(inner, channels_out, 1, bias=False)
        self.shortcut = (
            nn.Conv2d(channels_in, channels_out, 1, stride, bias=False) if first else None
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the unit's output and the activation that entered its convolutions."""
        active = functional.relu(self.bn1(x), inplace=True)
        kept = x if self.shortcut is None else self.shortcut(active)
        inner = functional.relu(self.bn2(self.conv1(active)), inplace=True)
        inner = functional.relu(self.bn3(self.conv2(inner)), inplace=True)
        return kept + self.conv3(inner), active


class Stage(nn.Module):
    """A run of units of one width; its first unit carries the stride."""

    def __init__(self, number: int) -> None:
        super().__init__()
        out = STAGE_CHANNELS[number - 1]
        before = 64 if number == 1 else STAGE_CHANNELS[number - 2]
        for index in range(1, STAGE_UNITS[number - 1] + 1):
            first = index == 1
            stride = STAGE_STRIDES[number - 1] if first else 1
            self.add_module(
                f"unit{index}", Unit(before if first else out, out, stride, first=first)
            )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the stage's output and the activation that entered its first unit."""
        entered: Tensor | None = None
        for unit in self.children():
            x, active = unit(x)
            entered = active if entered is None else entered
        assert entered is not None
        return x, entered


class Stem(nn.Module):
    """The 7x7 convolution before the stages, with its batch norm."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn = nn.BatchNorm2d(64, BATCH_NORM_EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        """[N, 3, 224, 224] to [N, 64, 56, 56]."""
        return functional.max_pool2d(functional.relu(self.bn(self.conv(x)), inplace=True), 3, 2, 1)


class Backbone(nn.Module):
    """The stem and stages 1 to 3: pictures in, a 14 x 14 map and early averages out."""

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1), persistent=False)
        self.input_bn = nn.BatchNorm2d(3, BATCH_NORM_EPSILON)
        self.stem = Stem()
        self.stage1 = Stage(1)
        self.stage2 = Stage(2)
        self.stage3 = Stage(3)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """[N, 3, 224, 224] RGB in 0..255 to ([N, 1024, 14, 14], early averages [N, 832])."""
        x = (pictures.float() / 255 - self.mean) / self.std
        x = self.stem(self.input_bn(x.contiguous(memory_format=torch.channels_last)))
        early = [mean_of_map(x)]
        x, _ = self.stage1(x)
        x, entered = self.stage2(x)
        early.append(mean_of_map(entered))
        x, entered = self.stage3(x)
        early.append(mean_of_map(entered))
        return x, torch.cat(early, dim=1)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the network says of N pictures: unit parts and scaled-cosine logits."""

    style: Tensor
    colour: Tensor
    type: Tensor
    gender: Tensor
    colour_name: Tensor


class Top(nn.Module):
    """Stage 4, the final batch norm and the heads: everything that starts from nothing."""

    def __init__(self, style: int, colour: int, words: Mapping[str, int], scale: float) -> None:
        super().__init__()
        self.scale = scale
        self.stage4 = Stage(4)
        self.final_bn = nn.BatchNorm2d(2048, BATCH_NORM_EPSILON)
        self.colour_norm = nn.BatchNorm1d(COLOUR_FEATURES, BATCH_NORM_EPSILON)
        self.style = nn.Linear(2048, style)
        self.colour = nn.Linear(COLOUR_FEATURES, colour)
        self.type_words = nn.Parameter(torch.randn(words["type"], style) / style**0.5)
        self.gender_words = nn.Parameter(torch.randn(words["gender"], style) / style**0.5)
        self.colour_words = nn.Parameter(torch.randn(words["colour_name"], colour) / colour**0.5)
        for module in self.stage4.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor, early: Tensor) -> Answers:
        """Stage 3's output [N, 1024, 14, 14] and early averages [N, 832] to the answers."""
        x, entered = self.stage4(x)
        last = mean_of_map(functional.relu(self.final_bn(x), inplace=True))
        seen = torch.cat([early.float(), mean_of_map(entered), last], dim=1)
        with torch.autocast(x.device.type, enabled=False):
            style = functional.normalize(self.style(last), dim=1)
            colour = functional.normalize(self.colour(self.colour_norm(seen)), dim=1)
            return Answers(
                style=style,
                colour=colour,
                type=self._logits(style, self.type_words),
                gender=self._logits(style, self.gender_words),
                colour_name=self._logits(colour, self.colour_words),
            )

    def _logits(self, part: Tensor, words: Tensor) -> Tensor:
        return self.scale * part @ functional.normalize(words, dim=1).T


class Embedder(nn.Module):
    """Backbone and top together, as trained in the second phase and as exported."""

    def __init__(
        self,
        words: Mapping[str, int],
        style: int = 256,
        colour: int = 96,
        scale: float = 16.0,
    ) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.top = Top(style, colour, words, scale)

    def forward(self, pictures: Tensor) -> Answers:
        """[N, 3, 224, 224] RGB in 0..255 to the answers."""
        answers: Answers = self.top(*self.backbone(pictures))
        return answers


def load_imagenet_stages(backbone: Backbone, weights: Mapping[str, Any]) -> None:
    """Fill the backbone from the arrays of the weights file.

    Raises ValueError when an array is missing, left over, or of another shape.
    """
    state = backbone.state_dict()
    wanted = {key for key in state if not key.endswith("num_batches_tracked")}
    if wanted != set(weights):
        missing, extra = sorted(wanted - set(weights)), sorted(set(weights) - wanted)
        raise ValueError(f"weights file: missing {missing[:3]}, unexpected {extra[:3]}")
    for key in wanted:
        array = torch.from_numpy(np.asarray(weights[key], dtype=np.float32))
        if array.shape != state[key].shape:
            raise ValueError(f"weights file: {key} is {tuple(array.shape)}")
        state[key] = array
    backbone.load_state_dict(state)
