"""A harness for changes: requests on the sandbox's AWS and a registry, with no HTTP before them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest

from auth.caller import Caller
from auth.errors import ForbiddenError
from auth.permissions import Permission
from gateway.bootstrap import _scope_deps
from gateway.context import RequestFactory
from gateway.group_scopes import GroupScopes
from gateway.settings.server import LimitSettings
from registry import tables
from registry.database import Database
from resolvers.caller_limits import CallerLimiter
from resolvers.errors import UserError
from resolvers.job_link_cache import JobLinkCache
from resolvers.mutations.aws_changes import Targeted
from resolvers.mutations.context import MutationContext
from resolvers.request import Request
from resolvers.services import Services
from sandbox.server import Sandbox
from tests.deployments import DEPLOYMENT_SETTINGS
from tests.gateway_client import RISK, assume_role_entry, credential_settings, load_test_settings
from tests.idle_engine import IdleEngine
from tests.registry.factories import row_counts
from tests.workflows.deployments.deployment_deps import NotedWork
from workflows.approvals.builtin import BuiltinApprovals
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.lifecycle import Lifecycle
from workflows.deployments.scheduler import WorkScheduler
from workflows.imports.default_snapshot import DefaultSnapshots
from workflows.imports.plan import ImportPlanner
from workflows.imports.runner import ImportRunner

EVERYTHING: Final = [
    *("READ", "IMPORT", "CREATE_JOBS", "DEPLOY", "DEPLOY_WITHOUT_APPROVAL", "APPROVE", "AUDIT", "SEE_SECRETS"),
]
PERMISSIONS: Final = [
    {"group": "risk", "allow": EVERYTHING},
    {"group": "other", "allow": EVERYTHING},
    {"group": "reader", "allow": ["READ"], "over": ["risk"]},
    {"group": "mlops", "allow": EVERYTHING, "over": ["risk"]},
]
"""The groups risk and other may do everything; reader sees what is risk's, and mlops may change it, too."""
SERVED: Final = credential_settings(assume_role_entry(RISK), assume_role_entry(RISK, "other"))
"""The groups with a role: the same for both, so that they see the same in AWS."""


@dataclass(frozen=True)
class MutationHarness:
    """Requests, the registry behind them, and the durable work that they would have started.

    Attributes:
        request_factory: What requests are let in through.
        database: The registry.
        started_work: What was started.
        sandbox: The AWS.
    """

    request_factory: RequestFactory
    database: Database
    started_work: NotedWork
    sandbox: Sandbox

    @property
    def means(self) -> DeploymentDeps:
        """What deployments are worked on with."""
        return self.request_factory.services.lifecycle.deps

    @asynccontextmanager
    async def request(self, user: str | None, *groups: str) -> AsyncIterator[Request]:
        """A request of somebody's; without a user, nobody's."""
        caller = None if user is None else Caller(user, groups)
        async with self.request_factory.request(caller, "request-1") as request:
            yield request

    @asynccontextmanager
    async def mutation(self, permission: Permission, user: str = "ann", *groups: str) -> AsyncIterator[MutationContext]:
        """A change that somebody asks for; of the group risk, unless they are of another."""
        async with self.request(user, *(groups or ("risk",))) as request:
            yield MutationContext(request, "change", permission)

    async def rows(self, *names: str) -> Sequence[int]:
        """How many rows each of these tables has."""
        return await row_counts(self.database, [tables.metadata.tables[name] for name in names])

    def take_aws_calls(self) -> dict[str, int]:
        """What AWS has been asked since it was last told of, but for roles."""
        made = {name: count for name, count in self.sandbox.calls.by_operation().items() if name != "AssumeRole"}
        self.sandbox.calls.clear()
        return made


@asynccontextmanager
async def open_harness(sandbox: Sandbox, url: str, **blocks: Any) -> AsyncIterator[MutationHarness]:
    """A harness; keywords are blocks of its settings."""
    made = load_test_settings(
        sandbox.url,
        **{
            **SERVED,
            "permissions": PERMISSIONS,
            "deployments": DEPLOYMENT_SETTINGS,
            "database": {"url": url},
            **blocks,
        },
    )
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(url))
        scope_deps = await _scope_deps(made, stack)
        groups, scheduler, noted = GroupScopes(scope_deps), WorkScheduler(), NotedWork()
        scheduler.serve(noted)
        lifecycle = Lifecycle(
            DeploymentDeps(database, scope_deps.policy, groups, made.deployments, scheduler, BuiltinApprovals()),
        )
        defaults = DefaultSnapshots(database, scope_deps.policy, made.imports.default_instance_type)
        untouched: Any = None
        idle: Any = IdleEngine(url, database, {})
        services = Services(
            settings=made,
            database=database,
            engine=idle,
            importing=ImportRunner(database, groups, defaults, lifecycle.starter),
            lifecycle=lifecycle,
            planning=ImportPlanner(database, scope_deps.policy, defaults),
            open_entered=untouched,
            job_links=JobLinkCache(database),
        )
        limits = LimitSettings()
        limiter = CallerLimiter(limits.callers)
        yield MutationHarness(RequestFactory(scope_deps, limits, services, limiter), database, noted, sandbox)


def error_triples(errors: Sequence[UserError]) -> list[tuple[str, tuple[str, ...] | None, str]]:
    """The code, the field and the words of each fault."""
    return [(error.code.value, error.field, error.message) for error in errors]


async def assert_refused(
    harness: MutationHarness, permission: Permission, change: Callable[..., Any], item: Any, target: str
) -> None:
    """Sees that whoever may not make a change asks nothing of AWS, also one who names a group that is not theirs; the
    audit knows what it was about.
    """
    for user, group, asked in (("bob", "reader", None), ("ann", "risk", "other")):
        async with harness.mutation(permission, user, group) as context:
            with pytest.raises(ForbiddenError):
                await change(context, Targeted(item, asked))
        assert (context.target, context.role_arn) == (target, None)
    assert harness.take_aws_calls() == {}
