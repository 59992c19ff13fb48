"""A thousand changes are one, told when they have calmed down."""

from __future__ import annotations

from pathlib import Path

from fashion_finder.indexing.coalescing import Coalescer, Pace

PACE = Pace(quiet=2.0, most=30.0, rescan=900.0, look=5.0)
ONE, OTHER = Path("/one"), Path("/other")


def test_a_change_is_told_when_it_has_calmed_down() -> None:
    """Once, and not before."""
    changes = Coalescer()
    for second in (0.0, 1.0, 2.5):
        changes.saw(ONE, second)
    assert changes.next_due(PACE) == 4.5
    assert changes.take(4.4, PACE) == ()
    assert changes.take(4.5, PACE) == (ONE,)
    assert changes.take(100.0, PACE) == ()
    assert changes.next_due(PACE) == float("inf")


def test_a_folder_that_never_calms_down_is_told_in_the_end() -> None:
    """A camera that uploads all day does not hide its pictures."""
    changes = Coalescer()
    for second in range(40):
        changes.saw(ONE, float(second))
    assert changes.next_due(PACE) == 30.0
    assert changes.take(30.0, PACE) == (ONE,)


def test_folders_calm_down_each_for_itself() -> None:
    """And one that is of no interest any more is forgotten."""
    changes = Coalescer()
    changes.saw(ONE, 0.0)
    changes.saw(OTHER, 1.0)
    assert changes.take(2.0, PACE) == (ONE,)
    changes.drop(OTHER)
    assert changes.take(100.0, PACE) == ()
