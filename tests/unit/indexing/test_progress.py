"""Progress is reported seldom enough to be cheap and often enough to be true."""

from __future__ import annotations

from pathlib import Path

import pytest

from fashion_finder.domain import SyncPhase, SyncProgress
from fashion_finder.indexing.progress import INTERVAL, ProgressMeter


class Clock:
    """Time that tests move."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


def make(clock: Clock) -> tuple[ProgressMeter, list[SyncProgress]]:
    """A meter, and its reports."""
    reports: list[SyncProgress] = []
    return ProgressMeter(Path("/photos"), reports.append, clock), reports


def test_rate_and_time_left_follow_the_last_seconds(clock: Clock) -> None:
    """Ten pictures a second, a hundred to go: ten seconds."""
    meter, reports = make(clock)
    meter.begin(SyncPhase.READING, total=200)
    for _ in range(100):
        clock.now += 0.1
        meter.advance()
    assert reports[-1].rate == pytest.approx(10)
    assert reports[-1].seconds_left == pytest.approx((200 - reports[-1].done) / 10)
    for _ in range(200):  # the disk gets slow: the fast past is forgotten
        clock.now += 0.5
        meter.advance(skipped=True)
    assert reports[-1].rate == pytest.approx(2, rel=0.1)
    assert reports[-1].skipped == 200


def test_reports_are_limited(clock: Clock) -> None:
    """A thousand pictures in an instant are one report."""
    meter, reports = make(clock)
    meter.begin(SyncPhase.READING, total=1000)
    count = len(reports)
    for _ in range(1000):
        meter.advance()
    assert len(reports) == count
    clock.now += INTERVAL
    meter.advance()
    assert len(reports) == count + 1
    assert reports[-1].done == 1001


@pytest.mark.parametrize("seconds", [5, 3600])
def test_a_pause_does_not_slow_the_rate(clock: Clock, seconds: float) -> None:
    """Neither a moment nor the lunch hour counts."""
    meter, reports = make(clock)
    meter.begin(SyncPhase.READING, total=100)
    for _ in range(20):
        clock.now += 0.1
        meter.advance()
    meter.pause(paused=True)
    assert [report.paused for report in reports[-1:]] == [True]
    clock.now += seconds
    meter.pause(paused=False)
    assert [report.paused for report in reports[-1:]] == [False]
    for _ in range(20):
        clock.now += 0.1
        meter.advance()
    assert reports[-1].rate == pytest.approx(10)
