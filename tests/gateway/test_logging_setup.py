"""gateway.logging_setup: one JSON object a line, whoever logs, and nothing of signed headers."""

import json
import logging
from collections.abc import Iterator

import pytest

from gateway.logging_setup import configure_logging


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """The process's own logging is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in ("botocore", "aiobotocore", "asyncio", "httpx")}
    yield
    root.handlers = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def test_a_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(human_readable=False)
    logging.getLogger("sagegraph.requests").info("request", extra={"request_id": "abc", "status": 200, "caller": None})
    (line,) = capsys.readouterr().err.splitlines()
    text = json.loads(line)
    assert text.pop("timestamp").endswith("Z")
    assert text == {
        "event": "request",
        "level": "info",
        "logger": "sagegraph.requests",
        "request_id": "abc",
        "status": 200,
        "caller": None,
    }


def test_values_that_are_no_json_are_shown_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(human_readable=False)
    logging.getLogger("sagegraph").info("%s of %s", 1, "two", extra={"what": {3}, "cut": "\ud83d"})
    text = json.loads(capsys.readouterr().err)
    assert (text["event"], text["what"], text["cut"]) == ("1 of two", "{3}", "\ud83d")
    logging.getLogger("sagegraph").info("a set", extra={"what": {3}})
    assert json.loads(capsys.readouterr().err)["what"] == "{3}"


def test_addresses_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(human_readable=False)
    logging.getLogger("sagegraph").info("No postgresql://user:secret@host/name is there.")
    assert json.loads(capsys.readouterr().err)["event"] == "No postgresql://…/name is there."


def test_a_traceback_stays_within_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(human_readable=False)
    error = RuntimeError("what nobody foresaw")
    logging.getLogger("sagegraph.errors").error("An unexpected error was masked.", exc_info=error)
    (line,) = capsys.readouterr().err.splitlines()
    text = json.loads(line)
    assert "RuntimeError: what nobody foresaw" in text["exception"]
    assert text["level"] == "error"


def test_for_people_it_is_no_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(human_readable=True)
    logging.getLogger("sagegraph").warning("for you", extra={"key": "value"})
    text = capsys.readouterr().err
    assert "for you" in text
    assert not text.startswith("{")


@pytest.mark.parametrize("name", ["botocore.auth", "aiobotocore", "asyncio", "httpx"])
def test_libraries_that_tell_of_every_request_are_quiet(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(human_readable=False, level=logging.DEBUG)
    logging.getLogger(name).info("Authorization: AWS4-HMAC-SHA256 …")
    assert capsys.readouterr().err == ""
    logging.getLogger(name).warning("something is wrong")
    assert json.loads(capsys.readouterr().err)["event"] == "something is wrong"


def test_the_level(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(human_readable=False, level=logging.WARNING)
    logging.getLogger("sagegraph").info("request")
    assert capsys.readouterr().err == ""


def test_setting_up_twice_does_not_say_it_twice(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(human_readable=False)
    configure_logging(human_readable=False)
    logging.getLogger("sagegraph").info("once")
    assert len(capsys.readouterr().err.splitlines()) == 1
