"""What a sync says it did, in short."""

from __future__ import annotations

from fashion_finder.domain import SyncSummary


def counts(summary: SyncSummary) -> dict[str, int]:
    """The counts that are not zero."""
    names = ("found", "added", "updated", "unchanged", "moved", "forgotten", "skipped")
    return {name: getattr(summary, name) for name in names if getattr(summary, name)}
