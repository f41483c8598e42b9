"""Drain: after SIGTERM a process says that it is not ready, serves for a while, and only then closes."""

import asyncio
import logging
import signal
import threading
from functools import partial
from types import FrameType
from typing import Any, Final

_log = logging.getLogger("sagegraph.server")

STATE_KEY: Final = "drain"
"""The key of the lifespan's state under which protocols and probes find the drain of their process."""


class Drain:
    """State of the request that this process ends.

    Attributes:
        begun: True once the process has been told: probes answer 503, and each connection closes with its next answer.
    """

    def __init__(self) -> None:
        self.begun = False

    def begin(self) -> None:
        """Say that this process ends."""
        self.begun = True


def drain_on_sigterm(drain: Drain, seconds: float, *, repeat_skips: bool = True) -> None:
    """Serve for `seconds` between SIGTERM and its present handler; a second SIGTERM skips the wait if `repeat_skips`.

    SIGINT is left alone: a person at a terminal does not wait. Call it on the running loop; outside of the main thread,
    to which no signal comes, it does nothing.

    Args:
        drain: Begins with the signal.
        seconds: The time of service; with 0 the present handler is called at once.
        repeat_skips: False ignores a second SIGTERM: of a process group's end, a process that is supervised hears from
            the sender and from its supervisor.
    """
    previous = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(previous):
        return
    loop = asyncio.get_running_loop()

    def handle(number: int, frame: FrameType | None) -> Any:
        if drain.begun and not repeat_skips:
            return None
        if drain.begun or not seconds:
            drain.begin()
            return previous(number, frame)
        drain.begin()
        _log.info("The process serves for another %g seconds and then ends; `/readyz` answers 503.", seconds)
        return loop.call_soon_threadsafe(loop.call_later, seconds, partial(previous, number, None))

    signal.signal(signal.SIGTERM, handle)
