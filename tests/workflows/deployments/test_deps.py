"""workflows.deployments.deps: which failures end a phase with words for people, and which are tried again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

import pytest

from auth.errors import CredentialsUnavailableError, ForbiddenError
from aws.client.errors import (
    AccessDeniedError,
    CredentialsRejectedError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)
from aws.scopes import OpenScope
from aws.write.errors import InputFault, QuotaExceededError
from registry.database import Database
from registry.enums import DeploymentState
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import DEPLOYMENT_ROW, new_deployment_row
from workflows.deployments.deps import DeploymentDeps, aws_request_ids
from workflows.durable.errors import StepFailedError
from workflows.group_access import GroupScopeOpener


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


class Opening:
    """Scopes that open, or do not."""

    def __init__(self, failure: Exception | None = None) -> None:
        self._failure = failure

    @asynccontextmanager
    async def open(self, *_place: Any) -> AsyncIterator[OpenScope]:
        if self._failure is not None:
            raise self._failure
        yield cast(OpenScope, "the scope")


def means(failure: Exception | None = None) -> DeploymentDeps:
    """Means with nothing but scopes."""
    nothing: Any = None
    return DeploymentDeps(nothing, nothing, cast(GroupScopeOpener, Opening(failure)), nothing, nothing, nothing)


HEALING = [
    ThrottledError("Slowly.", operation="DescribeModel"),
    UnavailableError("Away.", operation="DescribeModel"),
    CredentialsRejectedError("Expired.", operation="DescribeModel"),
    CredentialsUnavailableError("STS is away."),
]
FINAL = [
    (AccessDeniedError("You may not.", operation="DescribeModel"), "REFUSED", "You may not."),
    (NotFoundError("Gone.", operation="DescribeModel"), "REFUSED", "Gone."),
    (ForbiddenError("No role."), "REFUSED", "No role."),
    (QuotaExceededError([InputFault("Too many."), InputFault("Too large.")]), "NOT_DONE", "Too many. Too large."),
]


@pytest.mark.parametrize("error", HEALING, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("inside", [True, False])
async def test_what_may_heal_is_raised_as_it_is(error: Exception, *, inside: bool) -> None:
    with pytest.raises(type(error)) as raised:
        async with means(None if inside else error).scope(DEPLOYMENT_ROW):
            raise error
    assert raised.value is error


@pytest.mark.parametrize(("error", "kind", "message"), FINAL, ids=lambda value: getattr(value, "kind", None))
@pytest.mark.parametrize("inside", [True, False])
async def test_what_does_not_heal_ends_the_phase(error: Exception, kind: str, message: str, *, inside: bool) -> None:
    with pytest.raises(StepFailedError) as raised:
        async with means(None if inside else error).scope(DEPLOYMENT_ROW):
            raise error
    assert (raised.value.kind, raised.value.message) == (kind, message)


async def test_a_defect_is_no_answer() -> None:
    """It is logged whole by whoever runs the step."""
    with pytest.raises(ZeroDivisionError):
        async with means().scope(DEPLOYMENT_ROW):
            raise ZeroDivisionError


async def test_a_deployment_is_seen_only_as_its_work_expects_it(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await new_deployment_row(database)
        state = DeploymentState.VERIFYING
        assert await deps.load_in_state(deployment.key, 1, state) == deployment
        assert await deps.load_in_state(deployment.key, 2, state) is None
        assert await deps.load_in_state(deployment.key, 1, DeploymentState.LAUNCHING) is None
        assert await deps.load_in_state("0" * 32, 1, state) is None


async def test_what_is_made_is_marked_with_the_deployment(sandbox: Sandbox, database: Database) -> None:
    """On behalf of whoever is given, within the limits of the group that owns it."""
    allowed = [{"group": RISK.name, "allow": ["DEPLOY"], "maxInstances": 3}]
    async with deps_on(sandbox, database, permissions=allowed) as (deps, _):
        author = deps.author(replace(DEPLOYMENT_ROW, group=RISK.name), "eve")
    assert (author.subject, author.group, author.deployment) == ("eve", RISK.name, DEPLOYMENT_ROW.key)
    assert author.limits.max_instances == 3


async def test_outside_of_a_scope_nothing_is_written() -> None:
    assert aws_request_ids() == ()
