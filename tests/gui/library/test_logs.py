"""What goes wrong behind the window stands in a file, and is told in the window."""

import logging
import sys
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.library.library import Library
from gui.library.logs import log_path, start_log
from tagger_core.settings import Places
from tests.gui.witness import Witness


@pytest.fixture
def log_started(places: Places) -> Iterator[None]:
    hook, handlers = sys.excepthook, list(logging.getLogger().handlers)
    start_log(places)
    yield
    sys.excepthook = hook
    for handler in set(logging.getLogger().handlers) - set(handlers):
        logging.getLogger().removeHandler(handler)
        handler.close()


@pytest.mark.usefixtures("log_started")
def test_what_nobody_caught_stands_in_the_log_and_in_the_window(library: Library, qtbot: QtBot) -> None:
    witness = Witness(library, qtbot)
    error = KeyError("a slot")
    sys.excepthook(KeyError, error, None)
    witness.wait_for(lambda: bool(witness.messages))
    assert "internal error: 'a slot'" in witness.messages[0].text
    assert str(log_path(library.places)) in witness.messages[0].text
    assert "KeyError" in log_path(library.places).read_text(encoding="utf-8")


def test_what_the_core_warns_of_is_told_once(library: Library, qtbot: QtBot) -> None:
    witness = Witness(library, qtbot)
    core = logging.getLogger("tagger_core.classifier")
    for _ in range(3):
        core.warning("%s failed; going on with the CPU", "cuda")
    core.error("this is told as the reason of a file")
    core.info("nobody needs to know this")
    witness.wait_for(lambda: bool(witness.messages))
    assert [message.text for message in witness.messages] == ["cuda failed; going on with the CPU"]


@pytest.mark.usefixtures("log_started")
def test_a_log_that_cannot_be_written_goes_to_standard_error(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    log_path(places).unlink()
    log_path(places).mkdir()
    start_log(places)
    logging.getLogger("gui").warning("something")
    assert "something" in capsys.readouterr().err
