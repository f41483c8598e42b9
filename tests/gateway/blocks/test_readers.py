"""gateway.blocks.readers: what each kind of value takes, and what it refuses."""

from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest

from gateway.blocks import readers
from gateway.blocks.faults import InvalidValueError


def is_refused(reader: Callable[[Any], object], written: object) -> bool:
    """Whether a reader refuses what is written in the one way that it may."""
    try:
        reader(written)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("written", ["a", "data science", "Gruppe-ä", "{b: c}", "no"])
def test_text_is_kept_as_it_is(written: str) -> None:
    assert readers.text(written) == written


@pytest.mark.parametrize("written", [" a", "a ", "a\n", "a\tb", "a\u200bb", "a\u2028b", 5, True, ["a"], {"a": "b"}])
def test_text_refuses_stray_space_controls_and_what_is_no_text(written: object) -> None:
    with pytest.raises(InvalidValueError):
        readers.text(written)


def test_a_separator_may_be_white_space() -> None:
    assert readers.printable("; ") == "; "


def test_a_secret_hides_itself() -> None:
    secret = readers.secret("geheim")
    assert secret.get_secret_value() == "geheim"
    assert "geheim" not in f"{secret} {secret!r}"


@pytest.mark.parametrize(("written", "value"), [("8000", 8000), ("0", 0), (5, 5), ("007", 7), ("10", 10)])
def test_whole_numbers(written: object, value: int) -> None:
    assert readers.whole_number(0, 8000)(written) == value


@pytest.mark.parametrize(
    "written", ["-1", "8001", "1.0", "1e3", "1_0", "0x1", "٣", " 1", "", True, 1.0, None, "9" * 16, 8001]
)
def test_what_is_no_whole_number_within_the_bounds(written: object) -> None:
    assert is_refused(readers.whole_number(0, 8000), written)


@pytest.mark.parametrize(("written", "value"), [("5", 5.0), ("0.5", 0.5), (5, 5.0), (0.25, 0.25)])
def test_seconds(written: object, value: float) -> None:
    assert readers.seconds(written) == value


@pytest.mark.parametrize(
    "written", ["0", "0.0", "-1", "1:30", "5s", "inf", "nan", "1e3", 0, -1, float("inf"), float("nan"), True, None]
)
def test_what_is_no_length_of_time(written: object) -> None:
    assert is_refused(readers.seconds, written)


@pytest.mark.parametrize(
    ("written", "value"),
    [("on", True), ("true", True), ("On", True), (True, True), ("off", False), ("FALSE", False), (False, False)],
)
def test_switches(written: object, value: bool) -> None:
    assert readers.switch(written) is value


@pytest.mark.parametrize("written", ["yes", "no", "1", "0", 1, 0, "", None, ["on"]])
def test_what_is_no_switch(written: object) -> None:
    assert is_refused(readers.switch, written)


@pytest.mark.parametrize(
    "written", ["https://a.example", "http://127.0.0.1:4566", "https://a.example/x?y=z", "http://[::1]:1/"]
)
def test_addresses(written: str) -> None:
    assert readers.url(written) == written


@pytest.mark.parametrize(
    "written",
    [
        "a.example",
        "ftp://a.example",
        "https://",
        "https://a.example:99999",
        "https://a.example:0",
        "https://a example",
        "https://[::1",
    ],
)
def test_what_is_no_address(written: str) -> None:
    assert is_refused(readers.url, written)


@pytest.mark.parametrize("written", ["https://user:geheim@a.example", "https://geheim@a.example"])
def test_credentials_in_an_address_are_refused_unseen(written: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        readers.url(written)
    assert str(caught.value) == "holds a user or password; take them out of the address"


@pytest.mark.parametrize("written", ["10.0.0.0/8", "127.0.0.1", "::1", "fd00::/8", "0.0.0.0/0"])
def test_networks(written: str) -> None:
    assert readers.network(written) == ip_network(written)
    assert readers.network(ip_network(written)) == ip_network(written)


@pytest.mark.parametrize("written", ["10.0.0.1/8", "10.0.0/8", "localhost", "10.0.0.0/33", "", "fd00::1/8", 5])
def test_what_is_no_network(written: object) -> None:
    assert is_refused(readers.network, written)


@pytest.mark.parametrize("written", ["X-Forwarded-User", "authorization", "x.y!#$%&'*+^`|~0"])
def test_header_names(written: str) -> None:
    assert readers.header_name(written) == written


@pytest.mark.parametrize("written", ["X User", "X:User", "X_User", "X-Üser", "", "X/User", "(x)", 5])
def test_what_is_no_header_name(written: object) -> None:
    assert is_refused(readers.header_name, written)


def test_an_absolute_path() -> None:
    assert readers.absolute_path("/var/run/token") == "/var/run/token"


@pytest.mark.parametrize("written", ["token", "./token", "~/token"])
def test_what_is_no_absolute_path(written: str) -> None:
    assert is_refused(readers.absolute_path, written)


@pytest.mark.parametrize("reader", [readers.matching("a+"), readers.one_of("a", "aa")])
def test_words_and_patterns_match_as_a_whole(reader: Callable[[Any], str]) -> None:
    assert reader("aa") == "aa"
    for written in ("ab", "A", "a\n"):
        assert is_refused(reader, written)


def test_given_refuses_only_none() -> None:
    assert readers.not_empty("") == ""
    with pytest.raises(InvalidValueError):
        readers.not_empty(None)
