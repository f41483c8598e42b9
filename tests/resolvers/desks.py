"""A desk at which somebody asks for changes: requests on the sandbox's AWS and a registry, with no HTTP before them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest

from auth.caller import Caller
from auth.errors import ForbiddenError
from auth.permissions import Permission
from gateway.context import Door
from gateway.groups import GroupScopes
from gateway.house import _public_settings, _reach, _rules_of_deployments
from registry import tables
from registry.database import Database
from resolvers.acts import Act
from resolvers.making import Asked
from resolvers.request import Limits, Request
from resolvers.services import Services
from resolvers.user_errors import UserError
from sandbox.server import Sandbox
from tests.asking import RISK, credentials, role, settings
from tests.deploying import RULES
from tests.registry.making import counts
from tests.workflows.deployments.lifecycles import Noted
from workflows.deployments.lifecycle import Lifecycle
from workflows.deployments.means import Means
from workflows.deployments.ticketing import OwnTickets
from workflows.deployments.works import Works
from workflows.imports.defaults import Defaults
from workflows.imports.importing import Importing
from workflows.imports.planning import Planning

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
SERVED: Final = credentials(role(RISK), role(RISK, "other"))
"""The groups with a role: the same for both, so that they see the same in AWS."""


@dataclass(frozen=True)
class Desk:
    """Requests, the registry behind them, and the durable work that they would have started.

    Attributes:
        door: What requests are let in through.
        database: The registry.
        noted: What was started.
        sandbox: The AWS.
    """

    door: Door
    database: Database
    noted: Noted
    sandbox: Sandbox

    @property
    def means(self) -> Means:
        """What deployments are worked on with."""
        return self.door.services.lifecycle.means

    @asynccontextmanager
    async def request(self, user: str | None, *groups: str) -> AsyncIterator[Request]:
        """A request of somebody's; without a user, nobody's."""
        caller = None if user is None else Caller(user, groups)
        async with self.door.request(caller, "request-1") as request:
            yield request

    @asynccontextmanager
    async def act(self, permission: Permission, user: str = "ann", *groups: str) -> AsyncIterator[Act]:
        """A change that somebody asks for; of the group risk, unless they are of another."""
        async with self.request(user, *(groups or ("risk",))) as request:
            yield Act(request, "change", permission)

    async def rows(self, *names: str) -> Sequence[int]:
        """How many rows each of these tables has."""
        return await counts(self.database, [tables.metadata.tables[name] for name in names])

    def asked(self) -> dict[str, int]:
        """What AWS has been asked since it was last told of, but for roles."""
        made = {name: count for name, count in self.sandbox.calls.by_operation().items() if name != "AssumeRole"}
        self.sandbox.calls.clear()
        return made


@asynccontextmanager
async def desk_on(sandbox: Sandbox, url: str, **blocks: Any) -> AsyncIterator[Desk]:
    """A desk; keywords are blocks of its settings."""
    made = settings(
        sandbox.url, **{**SERVED, "permissions": PERMISSIONS, "deployments": RULES, "database": {"url": url}, **blocks}
    )
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(url))
        reach = await _reach(made, stack)
        groups, works, noted = GroupScopes(reach), Works(), Noted()
        works.serve(noted)
        lifecycle = Lifecycle(
            Means(database, reach.policy, groups, _rules_of_deployments(made), works, OwnTickets()),
        )
        defaults = Defaults(database, reach.policy, made.imports.default_instance_type)
        untouched: Any = None
        services = Services(
            public_settings=_public_settings(made),
            start_deployments=made.imports.start_deployments,
            assets_bucket=made.assets.bucket,
            database=database,
            engine=untouched,
            importing=Importing(database, groups, defaults, lifecycle.starting),
            lifecycle=lifecycle,
            planning=Planning(database, reach.policy, defaults),
            open_entered=untouched,
        )
        yield Desk(Door(reach, Limits(), services), database, noted, sandbox)


def told(errors: Sequence[UserError]) -> list[tuple[str, tuple[str, ...] | None, str]]:
    """The code, the field and the words of each fault."""
    return [(error.code.value, error.field, error.message) for error in errors]


async def refuses(desk: Desk, permission: Permission, change: Callable[..., Any], what: Any, target: str) -> None:
    """Sees that whoever may not make a change asks nothing of AWS, also one who names a group that is not theirs; the
    audit knows what it was about.
    """
    for user, group, asked in (("bob", "reader", None), ("ann", "risk", "other")):
        async with desk.act(permission, user, group) as act:
            with pytest.raises(ForbiddenError):
                await change(act, Asked(what, asked))
        assert (act.target, act.role_arn) == (target, None)
    assert desk.asked() == {}
