"""Asynchronous Jira client on a thread pool, with concurrency limits, timeouts and throttling."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from types import TracebackType
from typing import Concatenate, Final, ParamSpec, Self, TypeVar

from workflows.approvals.jira.config import DEFAULT_TIMEOUTS, JiraConfig, JiraTimeouts, secrets_of
from workflows.approvals.jira.errors import (
    JiraRefusedError,
    JiraThrottledError,
    JiraUnavailableError,
    translated_errors,
)
from workflows.approvals.jira.issues import JiraAccount, JiraComment, JiraIssue, StatusChange
from workflows.approvals.jira.markup import TextLines, summary_line
from workflows.approvals.jira.session import MAX_LABELS_PER_SEARCH, JiraSession, open_session
from workflows.durable.access import AccessLog, approvals_subject

T = TypeVar("T")
P = ParamSpec("P")

JIRA_SUBJECT: Final = approvals_subject("jira")
"""The subject that this process has no access to if the token is refused, or Jira cannot be reached from here."""

# Calls at the same time; Cloud allows ten or so of one account.
_MAX_CONCURRENT_CALLS: Final = 4


class JiraClient:
    """One Jira for one process. Nothing is asked before it must be, so that a gateway starts without its Jira.

    Every call raises JiraUnavailableError, JiraThrottledError, JiraRefusedError, JiraMisconfiguredError, or, for a key
    that leads to nothing, JiraGoneError. A call that is given up on may still be carried out.

    Args:
        config: The project and the account.
        timeouts: The patience with each answer.
        clock: A monotonic clock, in seconds.
        access: The record of whether this process has access to the Jira; None for one of its own.
    """

    def __init__(
        self,
        config: JiraConfig,
        timeouts: JiraTimeouts = DEFAULT_TIMEOUTS,
        clock: Callable[[], float] = time.monotonic,
        access: AccessLog | None = None,
    ) -> None:
        self.config = config
        self._access = access or AccessLog()
        self.timeouts = timeouts
        self._clock = clock
        self._threads = ThreadPoolExecutor(_MAX_CONCURRENT_CALLS, thread_name_prefix="jira")
        self._call_slots = asyncio.Semaphore(_MAX_CONCURRENT_CALLS)
        # A thousand tickets that are filed at once do not keep decisions from being read.
        self._write_slots = asyncio.Semaphore(_MAX_CONCURRENT_CALLS // 2)
        self._opening = Lock()
        self._session: JiraSession | None = None
        self._throttled_until = float("-inf")

    def __repr__(self) -> str:
        return f"JiraClient({self.config.url})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._session is not None:
            self._session.close_connections()

    async def create_issue(self, summary: str, text: TextLines, labels: Sequence[str]) -> str:
        """File an issue and return its key. After JiraUnavailableError the issue may exist all the same.

        Args:
            summary: Its title; it is cut to one line of 255 characters.
            text: Its description.
            labels: Its labels, which hold no spaces.
        """
        async with self._write_slots:
            return await self._call(JiraSession.file_issue, summary_line(summary), text, labels)

    async def find_by_labels(self, labels: Sequence[str]) -> tuple[JiraIssue, ...]:
        """The issues of the gateway's account with any of these labels, oldest first within fifty labels.

        The index is seconds behind, seldom minutes: an issue that it does not show may be there.
        """
        issues: list[JiraIssue] = []
        for begin in range(0, len(labels), MAX_LABELS_PER_SEARCH):
            some = labels[begin : begin + MAX_LABELS_PER_SEARCH]
            issues += await self._call(JiraSession.find_by_labels, some)
        return tuple(issues)

    async def read_issue(self, key: str) -> tuple[JiraIssue, StatusChange | None]:
        """The issue with this key as it is, and the change that set its status; None if its status never changed."""
        return await self._call(JiraSession.read_issue, key)

    async def comments(self, key: str) -> Sequence[JiraComment]:
        """The newest hundred comments on the issue with this key."""
        return await self._call(JiraSession.read_comments, key)

    async def add_comment_once(self, key: str, text: TextLines) -> None:
        """Comment on the issue with this key, unless a comment with equal text is there: safe to repeat."""
        async with self._write_slots:
            await self._call(JiraSession.add_comment_once, key, text)

    async def close_issue(self, key: str) -> bool:
        """Move the issue with this key to a status that Jira counts as done; False if its workflow leads to none."""
        async with self._write_slots:
            return await self._call(JiraSession.close_issue, key)

    async def account(self) -> JiraAccount | None:
        """The account of the token; None if Jira does not tell it."""
        return await self._call(JiraSession.own_account)

    async def statuses_by_type(self) -> dict[str, tuple[str, list[str]]]:
        """The project's types of issue: by name, the id, and the statuses of its workflow."""
        return await self._call(JiraSession.statuses_by_type)

    async def granted_permissions(self, permissions: Sequence[str]) -> set[str]:
        """The permissions, among these, that the account has in the project."""
        return await self._call(JiraSession.granted_permissions, permissions)

    async def required_by_field(self, type_id: str) -> dict[str, bool]:
        """The fields of a new issue of this type: by id, whether it must be given."""
        return await self._call(JiraSession.required_by_field, type_id)

    async def browse_url(self, key: str) -> str:
        """The address at which people see the issue with this key."""
        if self._session is not None:
            return self._session.browse_url(key)
        return await self._call(JiraSession.browse_url, key)

    async def _call(self, method: Callable[Concatenate[JiraSession, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        # A call that waits here was not sent: its time does not run, and nobody need wonder whether it was done.
        async with self._call_slots:
            try:
                result = await self._call_now(method, *args, **kwargs)
            except (JiraRefusedError, JiraUnavailableError) as error:
                self._access.failed(JIRA_SUBJECT, error, self._probe)
                raise
            self._access.worked(JIRA_SUBJECT)
            return result

    async def _probe(self) -> None:
        await self.account()

    async def _call_now(self, method: Callable[Concatenate[JiraSession, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        left = self._throttled_until - self._clock()
        if left > 0:
            raise JiraThrottledError(f"Jira has asked to wait another {left:.0f} seconds (429).", left)
        try:
            async with asyncio.timeout(self.timeouts.call):
                call = partial(self._call_in_thread, method, *args, **kwargs)
                return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except TimeoutError:
            message = f"Jira has given no answer within {self.timeouts.call:g} seconds."
            raise JiraUnavailableError(message) from None
        except JiraThrottledError as error:
            self._throttled_until = self._clock() + error.seconds
            raise

    def _call_in_thread(self, method: Callable[Concatenate[JiraSession, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with translated_errors(secrets_of(self.config)):
            with self._opening:
                if self._session is None:
                    self._session = open_session(self.config, self.timeouts)
            return method(self._session, *args, **kwargs)
