"""Draws what a photo costs, from the JSON that bench_search.py prints, as an SVG.

    python benchmarks/bench_search.py --sizes 1000 10000 42386 200000 1000000 --json > costs.json
    python benchmarks/chart_costs.py costs.json docs/cost_per_photo.svg

Three panels over the number of photos: time per photo to file it and to link it, memory and disk per
photo, and the time of a question. A flat line means that nothing gets dearer as a catalogue grows.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 960, 330
PANEL, GAP, LEFT, TOP, DEPTH = 250, 64, 54, 64, 190
COLOURS = ("#1f5fa8", "#c2571a", "#3a7d44")
INK, FAINT, PAPER = "#222222", "#d9d9d9", "#ffffff"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was measured at several sizes."""

    name: str
    points: tuple[tuple[int, float], ...]  # (photos, value)


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines that share a unit."""

    title: str
    lines: tuple[Line, ...]


def main() -> int:
    """Read, draw, write."""
    parser = argparse.ArgumentParser(description="What a photo costs, as an SVG.")
    parser.add_argument("figures", type=Path, nargs="+", help="JSON of bench_search.py")
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    sizes: dict[int, Any] = {}
    for path in options.figures:
        found = json.loads(path.read_text())["sizes"]
        sizes.update({int(size): one for size, one in found.items()})
    options.output.write_text(draw(panels(sizes)), encoding="utf-8")
    return 0


def panels(sizes: dict[int, Any]) -> list[Panel]:
    """What is shown, from the figures by number of photos."""
    ordered = sorted(sizes.items())

    def line(name: str, value: str, factor: float, *keys: str, per_photo: bool = True) -> Line:
        points = []
        for size, one in ordered:
            for key in keys:
                one = one[key]
            points.append((size, factor * one[value] / (size if per_photo else 1)))
        return Line(name, tuple(points))

    return [
        Panel(
            "Time per photo beside reading it, milliseconds",
            (
                line("linking into the graphs", "seconds", 1e3, "build"),
                line("writing into the catalogue", "fill_seconds", 1e3),
            ),
        ),
        Panel(
            "Space per photo, kilobytes",
            (
                line("memory of the whole program", "steady_mb", 1e3),
                line("catalogue on disk", "catalogue_mb", 1e3),
                line("graphs on disk", "index_mb", 1e3),
            ),
        ),
        Panel(
            "A question's search, milliseconds",
            (
                line("p95", "p95_ms", 1.0, "search", "the model's weights", per_photo=False),
                line("p50", "p50_ms", 1.0, "search", "the model's weights", per_photo=False),
            ),
        ),
    ]


def draw(shown: Sequence[Panel]) -> str:
    """The whole picture."""
    area = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {area} font-family="sans-serif" fill="{INK}">',
        "<title>What a photo costs, from a thousand to a million photos</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        _text(
            LEFT,
            24,
            "What a photo costs as a catalogue grows from a thousand to a million",
            size=15,
            weight="bold",
        ),
    ]
    for number, panel in enumerate(shown):
        parts += _panel(panel, LEFT + number * (PANEL + GAP))
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, left: float) -> list[str]:
    values = [value for line in panel.lines for _, value in line.points]
    sizes = [size for line in panel.lines for size, _ in line.points]
    first, last = math.log10(min(sizes)), math.log10(max(sizes))
    low = 10 ** math.floor(math.log10(min(values)))
    high = 10 ** math.ceil(math.log10(max(values) * 1.0001))

    def across(size: float) -> float:
        return left + PANEL * (math.log10(size) - first) / max(1e-9, last - first)

    def down(value: float) -> float:
        return TOP + DEPTH * math.log10(high / value) / math.log10(high / low)

    parts = [_text(left, TOP - 14, panel.title, size=11)]
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        y = down(10.0**power)
        parts.append(f'<path d="M{left:.1f} {y:.1f}h{PANEL}" stroke="{FAINT}"/>')
        parts.append(_text(left - 6, y + 4, f"{10.0**power:g}", anchor="end"))
    for power in range(math.ceil(first), math.floor(last) + 1):
        x = across(10.0**power)
        parts.append(f'<path d="M{x:.1f} {TOP}v{DEPTH}" stroke="{FAINT}"/>')
        parts.append(_text(x, TOP + DEPTH + 16, _short(10**power), anchor="middle"))
    for number, line in enumerate(panel.lines):
        colour = COLOURS[number]
        path = "L".join(f"{across(size):.1f} {down(value):.1f}" for size, value in line.points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for size, value in line.points:
            parts.append(
                f'<circle cx="{across(size):.1f}" cy="{down(value):.1f}" r="3" fill="{colour}"/>'
            )
        y = TOP + DEPTH + 36 + 16 * number
        parts.append(f'<path d="M{left:.1f} {y - 4:.1f}h16" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(left + 22, y, line.name))
    return parts


def _short(count: int) -> str:
    return f"{count // 1_000_000} M" if count >= 1_000_000 else f"{count // 1000} k"


def _text(
    x: float, y: float, text: str, *, size: int = 12, anchor: str = "start", weight: str = "normal"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
        f' font-weight="{weight}">{escape(text)}</text>'
    )


if __name__ == "__main__":
    sys.exit(main())
