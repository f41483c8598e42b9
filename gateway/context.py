"""Joins the caller (auth) with all that can be asked (aws): a request gets a way to open scopes, nothing more."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime

from auth.caller import Caller
from auth.credentials.signing import signing_subject
from aws.client.call_stats import CallStats, current_call_stats
from aws.inventory.horizon import horizon_at
from gateway.scope_opener import ScopeDeps, ScopeOpener
from resolvers.caller_limits import CallerLimiter
from resolvers.request import Request, RequestInfo, RequestLimits
from resolvers.services import Services

# The share of a request's time that is kept for writing the answer: single things are not waited for that long.
_RESPONSE_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class RequestFactory:
    """Opens requests.

    Attributes:
        scope_deps: The parts with which scopes are opened.
        limits: The bounds of one request.
        services: The parts that requests may use beside AWS.
        caller_limiter: The limiter of cost and concurrency per caller.
        background_tasks: Work of answered or abandoned requests that goes on.
    """

    scope_deps: ScopeDeps
    limits: RequestLimits
    services: Services
    caller_limiter: CallerLimiter
    background_tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    def request(
        self,
        caller: Caller | None,
        request_id: str,
        max_age: float | None = None,
        *,
        started: datetime | None = None,
        event: bool = False,
    ) -> "RequestBlock":
        """Make a block with one request; its scopes are let go when the block ends.

        Args:
            caller: The caller; None if nobody is named.
            request_id: The id that its errors carry.
            max_age: The greatest age of the answer, in seconds; None leaves that to the settings.
            started: The time that ages are counted from; None for now.
            event: True for the event of a subscription, which nobody has asked for just now: it counts as no request.

        Raises:
            RateLimitedError: The caller has as many requests running as they may.
        """
        budget = None if caller is None or event else self.caller_limiter.running(caller.subject)
        started = started or self.scope_deps.inventory_config.now()
        return RequestBlock(self, RequestInfo(caller, request_id, started, CallStats(), budget), max_age)

    def open(self, info: RequestInfo, max_age: float | None, opened: AsyncExitStack) -> Request:
        """Give a request that opens its scopes on a stack.

        Args:
            info: The caller and the time of the request.
            max_age: The greatest age of its answer, in seconds; None leaves that to the settings.
            opened: The stack; closing it lets the scopes go.
        """
        horizon = horizon_at(self.scope_deps.inventory_config.ages, info.started, max_age)
        until = asyncio.get_running_loop().time() + self.limits.seconds * (1 - _RESPONSE_SHARE)
        opener = ScopeOpener(self.scope_deps, horizon, until, opened)
        return Request(info, self.scope_deps.policy, self.limits, opener.open, self.services)

    async def let_go(self, request: Request, opened: AsyncExitStack) -> None:
        """Close a request and its opened scopes; mutations that still run keep it open, in the background."""
        if not request.has_running_mutations:
            await _close(request, opened)
            return
        task = asyncio.create_task(_close(request, opened))
        self.background_tasks.add(task)
        task.add_done_callback(self.background_tasks.discard)

    async def close(self) -> None:
        """Wait for the work that answered requests have left under way."""
        while self.background_tasks:
            await asyncio.gather(*self.background_tasks, return_exceptions=True)


class RequestBlock:
    """A block with one request: its calls are counted, signed as its caller, and among the caller's running ones.

    A class, because each request enters it: generators for its parts take four times as long.

    Args:
        factory: Opens the request.
        info: The caller and the time of the request.
        max_age: See `RequestFactory.request`.
    """

    __slots__ = ("_factory", "_info", "_max_age", "_opened", "_request", "_tokens")

    def __init__(self, factory: RequestFactory, info: RequestInfo, max_age: float | None) -> None:
        self._factory = factory
        self._info = info
        self._max_age = max_age
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Request:
        info = self._info
        self._request = self._factory.open(info, self._max_age, self._opened)
        signer = None if info.caller is None else signing_subject.set(info.caller.subject)
        self._tokens = current_call_stats.set(info.call_stats), signer
        if info.budget is not None:
            info.budget.__enter__()
        return self._request

    async def __aexit__(self, *_error: object) -> None:
        try:
            await self._factory.let_go(self._request, self._opened)
        finally:
            stats, signer = self._tokens
            if signer is not None:
                signing_subject.reset(signer)
            if self._info.budget is not None:
                self._info.budget.__exit__()
            current_call_stats.reset(stats)


async def _close(request: Request, opened: AsyncExitStack) -> None:
    try:
        await request.close()
    finally:
        await opened.aclose()
