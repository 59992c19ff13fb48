"""A thousand changes are one, reported when they have settled."""

from __future__ import annotations

from pathlib import Path

from fashion_finder.indexing.watch import ChangeQueue, Pace

PACE = Pace(quiet=2.0, most=30.0, rescan=900.0, look=5.0)
ONE, OTHER = Path("/one"), Path("/other")


def test_a_change_is_due_when_it_has_settled() -> None:
    """Once, and not before."""
    changes = ChangeQueue()
    for second in (0.0, 1.0, 2.5):
        changes.add(ONE, second)
    assert changes.next_due(PACE) == 4.5
    assert changes.pop_due(4.4, PACE) == ()
    assert changes.pop_due(4.5, PACE) == (ONE,)
    assert changes.pop_due(100.0, PACE) == ()
    assert changes.next_due(PACE) == float("inf")


def test_a_folder_that_never_settles_is_due_in_the_end() -> None:
    """A camera that uploads all day does not hide its pictures."""
    changes = ChangeQueue()
    for second in range(40):
        changes.add(ONE, float(second))
    assert changes.next_due(PACE) == 30.0
    assert changes.pop_due(30.0, PACE) == (ONE,)


def test_folders_settle_separately() -> None:
    """A discarded one is forgotten."""
    changes = ChangeQueue()
    changes.add(ONE, 0.0)
    changes.add(OTHER, 1.0)
    assert changes.pop_due(2.0, PACE) == (ONE,)
    changes.discard(OTHER)
    assert changes.pop_due(100.0, PACE) == ()
