"""The figures as a person reads them: what was asked and reached, every table, what int8 costs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluation.measures import Section, Table

Sections = Mapping[str, Section]


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure that the product asks for."""

    name: str
    section: str
    row: str
    column: str
    bar: float
    aim: float


GOALS = (
    Goal("catalogue photos: type", "catalogue", "whole", "type", 0.87, 0.93),
    Goal("catalogue photos: colour", "catalogue", "whole", "colour", 0.65, 0.70),
    Goal("catalogue photos: both", "catalogue", "whole", "both", 0.57, 0.65),
    Goal("ordinary photos: type", "ordinary", "whole", "type", 0.70, 0.75),
    Goal("same piece seen again: top 5", "same piece", "whole", "top 5", 0.80, 0.95),
    Goal("small against large: top 1", "small copy", "whole", "top 1", 0.90, 0.97),
    Goal("recognised type", "recognised", "type", "top 1", 0.85, 0.90),
    Goal("recognised colour", "recognised", "colour_name", "top 1", 0.65, 0.72),
)
#: What int8 may lose against float in any of the figures.
LOSS_BAR, LOSS_AIM = 0.01, 0.003
#: The columns in which more is better and int8 is compared with float.
COMPARED = frozenset({"type", "colour", "both", "gender", "top 1", "top 5"})


def lines(section: Section) -> Iterator[str]:
    """Lay one table out; a figure that a row lacks stays blank."""
    yield ""
    yield section.title
    yield from _grid(section.rows)
    yield from (f"  ({note})" for note in section.notes)


def _grid(rows: Table) -> Iterator[str]:
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    first = max((len(name) for name in rows), default=0) + 2
    widths = [max(9, len(name) + 2) for name in columns]
    yield " " * first + "".join(f"{n:>{w}s}" for n, w in zip(columns, widths, strict=True))
    for name, row in rows.items():
        cells = (
            f"{_figure(row.get(column)):>{width}s}"
            for column, width in zip(columns, widths, strict=True)
        )
        yield f"{name:<{first}s}" + "".join(cells)


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    return "none" if math.isnan(value) else f"{value:.3f}"


def goal_lines(sections: Sections) -> Iterator[str]:
    """Set every goal beside what was reached; what was not measured says so."""
    yield f"{'measure':<32s}{'reached':>9s}{'bar':>7s}{'aim':>7s}"
    for goal in GOALS:
        section = sections.get(goal.section)
        value = section.rows.get(goal.row, {}).get(goal.column) if section else None
        if value is None or math.isnan(value):
            yield f"{goal.name:<32s}{'-':>9s}{goal.bar:7.2f}{goal.aim:7.2f}  not measured"
            continue
        verdict = (
            "aim reached"
            if value >= goal.aim
            else "bar reached"
            if value >= goal.bar
            else f"{goal.bar - value:.3f} short"
        )
        yield f"{goal.name:<32s}{value:9.3f}{goal.bar:7.2f}{goal.aim:7.2f}  {verdict}"


def losses(sections: Sections, reference: Sections) -> dict[str, Table]:
    """Return float's figure less int8's, for each figure that both have."""
    lost: dict[str, Table] = {}
    for name, section in sections.items():
        if name not in reference or name == "closeness":
            continue
        table: Table = {}
        for row, values in section.rows.items():
            other = reference[name].rows.get(row, {})
            shared = {c: other[c] - values[c] for c in values if c in other and c in COMPARED}
            if shared and not row.startswith("Lab"):
                table[row] = shared
        if table:
            lost[name] = table
    return lost


def loss_lines(lost: Mapping[str, Table]) -> Iterator[str]:
    """Lay the losses out, the largest of the goals' figures last."""
    for name, table in lost.items():
        yield ""
        yield f"loss of int8 against float: {name}"
        yield from _grid(table)
    goals = [
        (lost[goal.section][goal.row][goal.column], goal.name)
        for goal in GOALS
        if goal.column in lost.get(goal.section, {}).get(goal.row, {})
    ]
    if goals:
        worst, where = max(goals)
        yield ""
        yield (
            f"largest loss in a goal's figure: {worst:.3f} ({where}); "
            f"bar {LOSS_BAR}, aim {LOSS_AIM}"
        )


def confusion_lines(pairs: Sequence[tuple[str, str, int]], what: str) -> Iterator[str]:
    """List the pairs that are mixed up most."""
    yield ""
    yield f"worst confusions of {what}: asked -> answered, times among the five answers"
    for asked, answered, times in pairs:
        yield f"{times:5d}  {asked} -> {answered}"
