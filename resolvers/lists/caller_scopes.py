"""The scopes of a caller: each group's account in each of its regions, opened side by side, each with its own fate."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from auth.credential_entries import CredentialEntry, entry_facts
from auth.errors import AuthError, ForbiddenError, UnknownRegionError
from auth.policy import RoleSelection, select_region
from aws.client.errors import AWSError
from registry.errors import RegistryError
from resolvers.errors import DeadlineError, ScanBoundError
from resolvers.lists.connections import ListedScope, ScopeProblem
from resolvers.request import Request
from resolvers.views.resource_view import LiveView

# The share of a request's time that is kept for putting the answers together.
_RESPONSE_SHARE: Final = 0.1
PROBLEMS: Final = (AuthError, AWSError, RegistryError, DeadlineError, ScanBoundError)

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class CallerScope:
    """A role of the caller in one of its regions.

    Attributes:
        selection: The group and the entry that serves it.
        entry: The entry.
        region: The region.
    """

    selection: RoleSelection
    entry: CredentialEntry
    region: str


@dataclass(frozen=True, slots=True)
class ScopeAnswer(Generic[Answer]):
    """The answer of one scope.

    Attributes:
        scope: The scope.
        view: Its view; None if it could not be opened.
        answer: The answer; None if there is a problem.
        problem: The reason why there is no answer; None if there is one.
    """

    scope: CallerScope
    view: LiveView | None
    answer: Answer | None
    problem: ScopeProblem | None

    @property
    def listed(self) -> ListedScope:
        """The scope as a list shows it that could read nothing of it."""
        account_id = entry_facts(self.scope.entry)[1] if self.view is None else self.view.account_id
        return ListedScope(self.scope.selection.group or "*", account_id, self.scope.region, problem=self.problem)


def scope_count(request: Request) -> int:
    """The number of scopes that a list of the request's caller may ask, one at least; for the cost of a query."""
    if request.caller is None:
        return 1
    roles = request.policy.available_roles(request.caller)
    count = sum(len(role.entry.regions) for role in roles if role.entry is not None)
    return max(1, min(count, request.services.settings.sagemaker.scopes_per_query))


def caller_scopes(request: Request, group: str | None = None, region: str | None = None) -> Sequence[CallerScope]:
    """The scopes of the caller, in the order of `me.roles`; those of a group, or in a region, if one is named.

    Raises:
        auth.errors.UnauthenticatedError: Nobody is asking.
        auth.errors.ForbiddenError: The caller is not in the group or in the one to act for, or has no role.
        auth.errors.UnknownRegionError: No role is set up for the region.
        ScanBoundError: There are more than one query may ask.
    """
    scopes = [
        CallerScope(role, role.entry, served)
        for role in _roles(request, group)
        if role.entry is not None
        for served in role.entry.regions
        if region in {None, served}
    ]
    if not scopes:
        raise UnknownRegionError(f"None of your roles is set up for the region `{region}`; `me.roles` names theirs.")
    most = request.services.settings.sagemaker.scopes_per_query
    if len(scopes) > most:
        raise ScanBoundError(
            f"The query would ask {len(scopes)} groups and regions, more than the {most} allowed "
            "(`sagemaker.scopesPerQuery`); name a `group` or a `region`."
        )
    return scopes


def acting_scope(request: Request, group: str | None = None, region: str | None = None) -> CallerScope:
    """The scope that a list is of which names no other: the acting group's, in its first region.

    Raises:
        auth.errors.AuthError: Nobody is asking, the caller is not in the group, or it has no role for the region.
    """
    selection = request.policy.select_role_for(request.caller, group)
    asked = select_region(selection, region)
    if selection.entry is None:
        raise ForbiddenError(selection.reason)
    return CallerScope(selection, selection.entry, asked)


def _roles(request: Request, group: str | None) -> Sequence[RoleSelection]:
    policy = request.policy
    # Any request for an acting group that is not the caller's is refused.
    acting = policy.select_acting_role(request.caller)
    if group is not None:
        selections: Sequence[RoleSelection] = (policy.select_role_for(request.caller, group),)
    else:
        selections = policy.available_roles(request.caller) or (acting,)
    if all(selection.entry is None for selection in selections):
        raise ForbiddenError(selections[0].reason)
    return selections


async def ask_scopes(
    request: Request,
    scopes: Sequence[CallerScope],
    ask: Callable[[LiveView], Awaitable[Answer]],
    until: float | None = None,
) -> Sequence[ScopeAnswer[Answer]]:
    """The answer of each scope, all asked side by side; one that is refused, throttled or away takes no other along.

    Args:
        request: The request of the caller.
        scopes: The scopes.
        ask: Asks one.
        until: The loop's time at which a scope without an answer has a problem; None for nearly all of the request's.

    Raises:
        BadInputError: The question is at fault.
    """
    latest = request.deadline - request.limits.seconds * _RESPONSE_SHARE
    until = latest if until is None else min(until, latest)
    answers = await asyncio.gather(*(_ask(request, scope, ask, until) for scope in scopes), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if not isinstance(answer, BaseException)]


async def _ask(
    request: Request, scope: CallerScope, ask: Callable[[LiveView], Awaitable[Answer]], until: float
) -> ScopeAnswer[Answer]:
    view: LiveView | None = None
    try:
        async with asyncio.timeout_at(until):
            view = await request.view_for_role(scope.selection, scope.region)
            return ScopeAnswer(scope, view, await ask(view), None)
    except TimeoutError:
        late = DeadlineError("The request's time was up before AWS had answered for this group and region.")
        return ScopeAnswer(scope, view, None, ScopeProblem(late.code, str(late)))
    except PROBLEMS as error:
        return ScopeAnswer(scope, view, None, ScopeProblem(error.code, str(error)))
