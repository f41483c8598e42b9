"""One request: its caller, the scopes that it has opened, and the work that still runs for it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any, Protocol, TypeVar

from auth.caller import Caller
from auth.credential_entries import CredentialEntry
from auth.errors import ForbiddenError
from auth.ownership import granting_group, permitted_owner_groups
from auth.permissions import Permission
from auth.policy import Policy, RoleSelection
from auth.policy import select_region as region_of
from aws.client.call_stats import CallStats
from aws.scopes import OpenScope
from concurrency.deadlines import until
from resolvers.batching import Batcher
from resolvers.caller_limits import CallerBudget
from resolvers.errors import DeadlineError
from resolvers.lists.connections import PageNeeds
from resolvers.services import Services
from resolvers.subscription_events import SubscriptionEvent
from resolvers.views.identity_map import IdentityMap
from resolvers.views.resource_view import LiveView


class RequestLimits(Protocol):
    """The limits of one request: `limits` in the settings."""

    @property
    def page_size(self) -> int:
        """The largest page."""

    @property
    def seconds(self) -> float:
        """The time that a request may take."""

    @property
    def scan(self) -> int:
        """Rows that one relation may look through."""


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """The facts of an incoming request.

    Attributes:
        caller: The caller; None for an anonymous request.
        request_id: The id that its errors carry.
        started: When it came in.
        call_stats: The counter of its calls to AWS.
        budget: The caller's budget; None for an anonymous request.
    """

    caller: Caller | None
    request_id: str
    started: datetime
    call_stats: CallStats
    budget: CallerBudget | None = None


Result = TypeVar("Result")
OpenScopeFunction = Callable[[CredentialEntry, str], Awaitable[OpenScope]]


class Request:
    """One request: the caller, the views that it opens, and the work that runs for it.

    Args:
        info: The caller, the time and the id.
        policy: The permissions of groups.
        limits: The limits of one request.
        opener: Opens the scope of an entry and a region; the only source of AWS.
        services: The services beside AWS, which all requests share.

    Attributes:
        document_id: The id of the trusted document that is run, for the log; None for any other document.
        event: The event of a subscription that is answered; None for a query or mutation.
        has_large_answer: True once there is an answer that takes long to be written as JSON.
        group: The group whose role was asked for first, whether or not it was given; None if none was.
    """

    def __init__(
        self, info: RequestInfo, policy: Policy, limits: RequestLimits, opener: OpenScopeFunction, services: Services
    ) -> None:
        self.caller = info.caller
        self.request_id = info.request_id
        self.started = info.started
        self.call_stats = info.call_stats
        self.budget = info.budget
        self.refusal_audited = False
        self.document_id: str | None = None
        self.event: SubscriptionEvent | None = None
        self.has_large_answer = False
        self.group: str | None = None
        self.policy = policy
        self.limits = limits
        self.services = services
        self.deadline = asyncio.get_running_loop().time() + limits.seconds
        self.batcher = Batcher(self.deadline)
        self.identity_map = IdentityMap()
        self.page_needs: dict[tuple[int, ...], PageNeeds] = {}
        self._opener = opener
        self._views: dict[tuple[str | None, str], LiveView] = {}
        self._open_order = count()
        self._first_opened: dict[str, int] = {}
        self._mutations: set[asyncio.Task[Any]] = set()

    async def view(self, group: str | None = None, region: str | None = None) -> LiveView:
        """The view of a group's SageMaker in a region.

        Args:
            group: One of the caller's groups; None for the acting one.
            region: A region of the group's role; None for its first.

        Raises:
            auth.errors.UnauthenticatedError, ForbiddenError, UnknownRegionError, CredentialsError
        """
        return await self.view_for_role(self.policy.select_role_for(self.caller, group), region)

    async def view_for_role(self, role_selection: RoleSelection, region: str | None) -> LiveView:
        """The view of a selected role. Permission comes first: without READ, no credentials are asked for."""
        self.group = self.group or role_selection.group
        self.policy.require(self.caller, role_selection.group, Permission.READ)
        return await self._open(role_selection, region)

    async def view_for(self, owner: str, region: str) -> LiveView:
        """The view of an owner, a group whose records the caller may see, in a region: as that group's own role.

        Raises:
            auth.errors.UnauthenticatedError, ForbiddenError, UnknownRegionError, CredentialsError
        """
        if not self.may(owner, Permission.READ):
            raise ForbiddenError(f"None of your groups may READ the records of the group `{owner}`.")
        return await self._open(self.policy.select_role(owner), region)

    def may(self, owner: str, permission: Permission) -> bool:
        """True if any of the caller's groups has a permission for an owner's records, with any acting group.

        One id has one reading, so that a normalised cache never mixes two: the acting group plays no part in it.
        """
        return granting_group(self.policy, self._without_acting_group(), owner, permission) is not None

    def permitted_owners(self, permission: Permission) -> frozenset[str] | None:
        """The groups for whose records any of the caller's groups has a permission; None stands for every group."""
        return permitted_owner_groups(self.policy, self._without_acting_group(), permission)

    def _without_acting_group(self) -> Caller | None:
        caller = self.caller
        return caller if caller is None or caller.requested_group is None else replace(caller, requested_group=None)

    async def _open(self, role_selection: RoleSelection, region: str | None) -> LiveView:
        self.group = self.group or role_selection.group
        asked = region_of(role_selection, region)
        if role_selection.entry is None:
            raise ForbiddenError(role_selection.reason)
        turn = next(self._open_order)
        scope = await self._opener(role_selection.entry, asked)
        self._first_opened[scope.key] = min(turn, self._first_opened.get(scope.key, turn))
        group = role_selection.group
        return self._views.setdefault(
            (group, scope.key),
            LiveView(scope, group, self._sees_secrets(group), self.services, self.identity_map),
        )

    def _sees_secrets(self, group: str | None) -> bool:
        if group is None:
            return Permission.SEE_SECRETS in self.policy.permissions(self.caller, None)
        return self.may(group, Permission.SEE_SECRETS)

    @property
    def scopes(self) -> tuple[OpenScope, ...]:
        """The scopes that this request has opened, each once, in the order in which they were first asked for."""
        opened = {view.scope.key: view.scope for view in self._views.values()}
        return tuple(sorted(opened.values(), key=lambda scope: self._first_opened[scope.key]))

    async def in_time(self, answer: Awaitable[Result]) -> Result:
        """Await the answer until the request's time is up.

        Raises:
            DeadlineError: The request's time was up before AWS had answered.
        """
        try:
            return await until(self.deadline, answer)
        except TimeoutError as error:
            raise DeadlineError("The request's time was up before AWS had answered this part.") from error

    async def run_to_completion(self, mutation: Coroutine[Any, Any, Result]) -> Result:
        """Run a mutation to its end, even if its caller disconnects.

        Raises:
            DeadlineError: The request's time is up. A mutation that has begun goes on, and is audited; those behind it
                in the document have not begun, so that nothing overtakes it.
        """
        try:
            self.require_time()
        except DeadlineError:
            mutation.close()
            raise
        task = asyncio.create_task(mutation)
        self._mutations.add(task)
        try:
            async with asyncio.timeout_at(self.deadline):
                return await asyncio.shield(task)
        except TimeoutError as error:
            raise DeadlineError(
                "The request's time was up before this was done, and it goes on. Read its outcome before "
                "you send it again."
            ) from error

    def continue_in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Continue work of a mutation after its answer; the request stays open until the work ends."""
        self._mutations.add(asyncio.create_task(work))

    def require_time(self) -> None:
        """Raise DeadlineError if the request's time is up."""
        if asyncio.get_running_loop().time() >= self.deadline:
            raise DeadlineError("The request's time was up before this had begun; nothing was done.")

    @property
    def has_running_mutations(self) -> bool:
        """True while a mutation is under way."""
        return any(not mutation.done() for mutation in self._mutations)

    async def close(self) -> None:
        """Wait for the mutations that have begun, and cancel all other work."""
        while self.has_running_mutations:
            await asyncio.gather(*self._mutations, return_exceptions=True)
        await self.batcher.close()
