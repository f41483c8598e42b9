"""gateway.observability.correlation: ids that a client sends are taken if they have the form of one."""

import pytest

from gateway.observability.correlation import sent_ids

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_nothing_is_sent() -> None:
    assert sent_ids([(b"host", b"gateway")]) == (None, None)


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        (b"1", True),
        (b"Root=1-67891233-abcdef012345678912345678", True),
        (b"a" * 128, True),
        (b"a" * 129, False),
        (b"", False),
        (b"a b", False),
        (b'a"}', False),
        (b"a\x1b[31m", False),
        ("\u00e4".encode(), False),
    ],
)
def test_a_request_id(sent: bytes, taken: bool) -> None:
    assert sent_ids([(b"x-request-id", sent)])[0] == (sent.decode() if taken else None)


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        (f"00-{TRACE}-00f067aa0ba902b7-01", True),
        (f"01-{TRACE}-00f067aa0ba902b7-01-more", True),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", False),
        (f"00-{TRACE.upper()}-00f067aa0ba902b7-01", False),
        (f"00-{TRACE}-01", False),
    ],
)
def test_a_trace(sent: str, taken: bool) -> None:
    assert sent_ids([(b"traceparent", sent.encode())])[1] == (TRACE if taken else None)


def test_what_is_sent_twice_is_not_taken() -> None:
    twice = [(b"x-request-id", b"a"), (b"x-request-id", b"b")]
    parents = [(b"traceparent", f"00-{TRACE}-00f067aa0ba902b7-01".encode())] * 2
    assert sent_ids([*twice, *parents]) == (None, None)
