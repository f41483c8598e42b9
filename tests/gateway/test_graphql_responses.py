"""gateway.graphql_responses: responses of operations, whole and in pieces."""

import asyncio
from typing import Any

import orjson
import pytest
from starlette.types import Message

from gateway import json_encoding
from gateway.graphql_responses import graphql_response
from gateway.json_encoding import encode_in_pieces
from gateway.media_types import GRAPHQL_RESPONSE_JSON, JSON

ROWS = [{"name": f"model-{number}"} for number in range(40)]


def large(**rest: Any) -> dict[str, Any]:
    """A body whose data is in pieces."""
    return {"data": encode_in_pieces({"models": list(ROWS)}), **rest}


async def sent(body: dict[str, Any]) -> tuple[list[Message], int]:
    """The messages of a response, and the number of times that others had a turn of the loop meanwhile."""
    messages, turns, is_done = list[Message](), 0, False

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        messages.append(message)

    async def count_turns() -> None:
        nonlocal turns
        while not is_done:
            turns += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        group.create_task(count_turns())
        await graphql_response(body, JSON)({"type": "http"}, receive, send)
        is_done = True
    return messages, turns


async def test_pieces_are_sent_one_by_one_with_turns_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_encoding, "PIECE_BYTES", 100)
    messages, turns = await sent(large(errors=[{"message": "a"}], extensions={"cost": 1}))
    start, *parts = messages
    text = b"".join(part["body"] for part in parts)
    assert orjson.loads(text) == {"data": {"models": ROWS}, "errors": [{"message": "a"}], "extensions": {"cost": 1}}
    assert dict(start["headers"])[b"content-length"] == str(len(text)).encode()
    assert [part["more_body"] for part in parts] == [True] * (len(parts) - 1) + [False]
    assert len(parts) > 8
    assert turns >= len(parts) - 1


async def test_the_text_is_that_of_a_body_in_one_piece() -> None:
    body = {"data": {"models": ROWS}, "extensions": {"cost": 1}}
    messages, _ = await sent(large(extensions={"cost": 1}))
    assert b"".join(part["body"] for part in messages[1:]) == graphql_response(body, JSON).body
    whole, pieces = (
        graphql_response(body, GRAPHQL_RESPONSE_JSON),
        graphql_response(large(extensions={"cost": 1}), GRAPHQL_RESPONSE_JSON),
    )
    assert dict(whole.headers) == dict(pieces.headers)


def test_an_operation_that_could_not_run_has_a_status_for_clients_of_the_newer_media_type() -> None:
    refused = {"errors": [{"message": "a", "extensions": {"code": "BAD_USER_INPUT"}}]}
    assert graphql_response(refused, GRAPHQL_RESPONSE_JSON).status_code == 400
    assert graphql_response(refused, JSON).status_code == 200
    late = {"errors": [{"message": "a", "extensions": {"code": "LIMIT_EXCEEDED", "retryAfterSeconds": 3}}]}
    limited = graphql_response(late, JSON)
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "3")
