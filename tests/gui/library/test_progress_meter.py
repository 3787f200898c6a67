"""n of N, how fast, how long still."""

import pytest

from gui.library.events import RunState
from gui.library.progress_meter import WINDOW_SECONDS, ProgressMeter


def test_rate_and_time_left_come_from_what_took_time() -> None:
    meter = ProgressMeter()
    meter.total = 100
    meter.begin(0.0)
    for _ in range(10):
        meter.count(known=True)
    for number in range(20):
        meter.count(failed=number == 0)
    progress = meter.reading(RunState.ANALYSING, 10.0)
    assert (progress.done, progress.total, progress.failed) == (30, 100, 1)
    assert progress.rate == pytest.approx(2.0)
    assert progress.seconds_left == pytest.approx(35.0)


def test_nobody_can_tell_before_something_is_done() -> None:
    meter = ProgressMeter()
    meter.total = 5
    meter.begin(0.0)
    assert meter.reading(RunState.ANALYSING, 0.0).seconds_left is None
    assert meter.reading(RunState.ANALYSING, 3.0).seconds_left is None


def test_a_pause_does_not_slow_the_rate_down() -> None:
    meter = ProgressMeter()
    meter.total = 100
    meter.begin(0.0)
    for _ in range(10):
        meter.count()
    meter.begin(1000.0)
    for _ in range(4):
        meter.count()
    assert meter.reading(RunState.ANALYSING, 1002.0).rate == pytest.approx(2.0)


def test_the_rate_is_that_of_the_last_half_minute() -> None:
    meter = ProgressMeter()
    meter.total = 1000
    meter.begin(0.0)
    for second in range(1, 200):
        meter.count()
        if second > 100:
            meter.count()
        rate = meter.reading(RunState.ANALYSING, float(second)).rate
    assert rate == pytest.approx(2.0, rel=2 / WINDOW_SECONDS)
