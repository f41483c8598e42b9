"""Jira, asked in threads: the loop never waits, and no call takes longer than it may."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from types import TracebackType
from typing import Concatenate, Final, ParamSpec, Self, TypeVar

from workflows.jira.answers import Issue, Move, Person, Remark
from workflows.jira.desk import Desk
from workflows.jira.errors import JiraThrottledError, JiraUnavailableError
from workflows.jira.refusals import translated
from workflows.jira.session import LABELS_AT_ONCE, Session, opened
from workflows.jira.texts import Lines, summary_of

T = TypeVar("T")
P = ParamSpec("P")

# What Jira is asked at the same time; Cloud allows ten or so of one account.
_AT_ONCE: Final = 4


class JiraClient:
    """One Jira for one process. Nothing is asked before it must be, so that a gateway starts without its Jira.

    Every call raises JiraUnavailableError, JiraThrottledError, JiraRefusedError, JiraMisconfiguredError, or, for a key
    that leads to nothing, JiraGoneError. A call that is given up on may still be carried out.

    Args:
        desk: Where tickets are filed.
        clock: Seconds that only go forward.
    """

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        self.desk = desk
        self._clock = clock
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="jira")
        self._room = asyncio.Semaphore(_AT_ONCE)
        # A thousand tickets that are filed at once do not keep decisions from being read.
        self._room_for_writes = asyncio.Semaphore(_AT_ONCE // 2)
        self._opening = Lock()
        self._session: Session | None = None
        self._throttled_until = float("-inf")

    def __repr__(self) -> str:
        return f"JiraClient({self.desk.url})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._session is not None:
            self._session.end()

    async def file(self, summary: str, text: Lines, labels: Sequence[str]) -> str:
        """Files an issue and gives its key. After JiraUnavailableError it may be there all the same."""
        async with self._room_for_writes:
            return await self._asked(Session.file, summary_of(summary), text, labels)

    async def labelled(self, labels: Sequence[str]) -> tuple[Issue, ...]:
        """The issues of the gateway's account with any of these labels, oldest first within fifty labels.

        The index is behind what was written by seconds, seldom by minutes: what is not found may be there.
        """
        found: list[Issue] = []
        for begin in range(0, len(labels), LABELS_AT_ONCE):
            some = labels[begin : begin + LABELS_AT_ONCE]
            found += await self._asked(Session.labelled, some)
        return tuple(found)

    async def read(self, key: str) -> tuple[Issue, Move | None]:
        """An issue as it is at this moment, and how it came to its status; None where nobody has moved it."""
        return await self._asked(Session.read, key)

    async def remarks(self, key: str) -> Sequence[Remark]:
        """The newest hundred comments on an issue."""
        return await self._asked(Session.remarks, key)

    async def remark(self, key: str, text: Lines) -> None:
        """Comments on an issue, unless the very same words stand there already: safe to repeat."""
        async with self._room_for_writes:
            await self._asked(Session.remark, key, text)

    async def close(self, key: str) -> bool:
        """Moves an issue to a status that Jira counts as done; False where its workflow leads to none from here."""
        async with self._room_for_writes:
            return await self._asked(Session.close_issue, key)

    async def account(self) -> Person | None:
        """Whose token it is."""
        return await self._asked(Session.account)

    async def statuses_by_type(self) -> dict[str, tuple[str, list[str]]]:
        """The project's types of issue: by name, the id, and the statuses of its workflow."""
        return await self._asked(Session.statuses_by_type)

    async def permitted(self, wanted: Sequence[str]) -> set[str]:
        """Which of these permissions the account has in the project."""
        return await self._asked(Session.permitted, wanted)

    async def fields_to_file(self, type_id: str) -> dict[str, bool]:
        """The fields of a new issue of this type: by id, whether it must be given."""
        return await self._asked(Session.fields_to_file, type_id)

    async def address(self, key: str) -> str:
        """Where people see the issue."""
        if self._session is not None:
            return self._session.address(key)
        return await self._asked(Session.address, key)

    async def _asked(self, ask: Callable[Concatenate[Session, P], T], *what: P.args, **named: P.kwargs) -> T:
        # What waits here has not been asked: its time does not run, and nobody need wonder whether it was done.
        async with self._room:
            return await self._asked_now(ask, *what, **named)

    async def _asked_now(self, ask: Callable[Concatenate[Session, P], T], *what: P.args, **named: P.kwargs) -> T:
        left = self._throttled_until - self._clock()
        if left > 0:
            raise JiraThrottledError(f"Jira has asked to wait another {left:.0f} seconds (429).", left)
        try:
            async with asyncio.timeout(self.desk.patience.whole):
                call = partial(self._in_thread, ask, *what, **named)
                return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except TimeoutError:
            message = f"Jira has given no answer within {self.desk.patience.whole:g} seconds."
            raise JiraUnavailableError(message) from None
        except JiraThrottledError as error:
            self._throttled_until = self._clock() + error.seconds
            raise

    def _in_thread(self, ask: Callable[Concatenate[Session, P], T], *what: P.args, **named: P.kwargs) -> T:
        with translated(self.desk.secrets):
            with self._opening:
                if self._session is None:
                    self._session = opened(self.desk)
            return ask(self._session, *what, **named)
