"""gateway.subscriptions.socket_messages: the form of messages."""

from typing import Any

import pytest

from gateway.subscriptions.socket_messages import error_message, is_well_formed

SUBSCRIBE = {"type": "subscribe", "id": "1", "payload": {"query": "{ a }"}}


@pytest.mark.parametrize(
    "message",
    [
        {"type": "ping"},
        {"type": "anything"},
        {"type": "connection_init", "payload": []},
        {"type": "complete", "id": "1"},
        SUBSCRIBE,
        {**SUBSCRIBE, "payload": {}},
        {**SUBSCRIBE, "payload": {"query": None, "variables": None, "operationName": None, "extensions": None}},
        {**SUBSCRIBE, "payload": {"query": "", "variables": {}, "operationName": "A", "extensions": {}, "more": 1}},
    ],
)
def test_a_message_has_the_types_of_the_protocol(message: Any) -> None:
    assert is_well_formed(message)


@pytest.mark.parametrize(
    "message",
    [
        [],
        None,
        "ping",
        {},
        {"type": None},
        {"type": ["ping"]},
        {"type": "complete"},
        {"type": "complete", "id": 1},
        {"type": "subscribe", "payload": {}},
        {"type": "subscribe", "id": "1"},
        {**SUBSCRIBE, "payload": []},
        {**SUBSCRIBE, "payload": {"query": 1}},
        {**SUBSCRIBE, "payload": {"query": "{ a }", "variables": []}},
        {**SUBSCRIBE, "payload": {"query": "{ a }", "operationName": 1}},
        {**SUBSCRIBE, "payload": {"query": "{ a }", "extensions": "persistedQuery"}},
    ],
)
def test_another_is_none(message: Any) -> None:
    assert not is_well_formed(message)


def test_a_refusal_carries_the_errors_alone() -> None:
    body = {"errors": [{"message": "No."}], "extensions": {"cost": {}}}
    assert error_message("7", body) == {"id": "7", "type": "error", "payload": [{"message": "No."}]}
