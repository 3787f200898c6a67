"""The pause while the machine runs on its battery."""

import threading
from types import SimpleNamespace

import psutil
import pytest

from tagger_core.power import BatteryPause, is_on_battery, paused_on_battery


@pytest.mark.parametrize(("plugged", "expected"), [(True, False), (False, True), (None, False)])
def test_what_the_platform_tells(plugged: bool | None, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: SimpleNamespace(power_plugged=plugged), raising=False)
    assert is_on_battery() is expected


def test_a_machine_without_a_battery_never_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert not is_on_battery()
    monkeypatch.delattr(psutil, "sensors_battery")
    assert not is_on_battery()


def test_a_platform_that_cannot_be_asked_never_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container without /sys."""

    def none() -> None:
        raise FileNotFoundError("/sys/class/power_supply")

    monkeypatch.setattr(psutil, "sensors_battery", none, raising=False)
    assert not is_on_battery()


def test_each_change_is_said_once() -> None:
    may_go_on, said = threading.Event(), list[str]()
    states = iter([False, True, True, False, False])
    pause = BatteryPause(may_go_on, lambda: next(states), said.append)
    allowed = []
    for _ in range(5):
        pause.look()
        allowed.append(may_go_on.is_set())
    assert allowed == [True, False, False, True, True]
    assert [sentence.split(":")[0] for sentence in said] == ["Paused", "Plugged in"]


def test_it_is_looked_again_and_again_until_the_block_ends() -> None:
    on_battery = True
    with paused_on_battery(lambda _: None, lambda: on_battery, look_seconds=0.01) as may_go_on:
        assert not may_go_on.is_set()
        on_battery = False
        assert may_go_on.wait(30)
    assert "battery" not in [thread.name for thread in threading.enumerate()]
