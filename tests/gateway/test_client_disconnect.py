"""gateway.client_disconnect: work ends with the client who asked for it, and with nobody else's leaving."""

import asyncio

import pytest
from starlette.types import Message

from gateway.client_disconnect import WATCH_AFTER_SECONDS, ClientDisconnectedError, cancel_on_disconnect


class Client:
    """Somebody who waits until told to leave."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[Message] = asyncio.Queue()

    def leave(self) -> None:
        self.messages.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        self.messages.put_nowait({"type": "http.disconnect"})


async def test_the_block_ends_when_the_client_leaves() -> None:
    client, ended = Client(), asyncio.Event()

    async def work() -> None:
        async with cancel_on_disconnect(client.messages.get):
            client.leave()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

    with pytest.raises(ClientDisconnectedError):
        await work()
    assert ended.is_set()
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_a_client_who_waits_changes_nothing() -> None:
    client = Client()
    async with cancel_on_disconnect(client.messages.get):
        await asyncio.sleep(0)
    client.leave()
    await asyncio.sleep(0)
    assert client.messages.qsize() == 2


async def test_nobody_watches_the_client_of_an_answer_that_comes_at_once() -> None:
    watched: list[str] = []

    async def receive() -> Message:
        watched.append("watched")
        return {"type": "http.disconnect"}

    async with cancel_on_disconnect(receive):
        await asyncio.sleep(0)
    await asyncio.sleep(1.2 * WATCH_AFTER_SECONDS)
    assert watched == []


async def test_errors_pass() -> None:
    with pytest.raises(ValueError, match="its own"):
        async with cancel_on_disconnect(Client().messages.get):
            raise ValueError("its own")


@pytest.mark.parametrize("leaves", [False, True])
async def test_another_cancellation_stands(leaves: bool) -> None:
    client, begun = Client(), asyncio.Event()

    async def work() -> None:
        async with cancel_on_disconnect(client.messages.get):
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await begun.wait()
    if leaves:
        client.leave()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
