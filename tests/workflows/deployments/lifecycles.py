"""A lifecycle without a process around it: its means on a gateway's reach, and works that are noted and not done."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from gateway.groups import GroupScopes
from gateway.house import _reach, _rules_of_deployments
from registry.database import Database
from sandbox.server import Sandbox
from tests.asking import settings
from tests.deploying import ALLOWED, RULES
from workflows.deployments.means import Means
from workflows.deployments.ticketing import OwnTickets, Ticketing
from workflows.deployments.works import Works


class Noted:
    """An engine that notes what is started."""

    def __init__(self) -> None:
        self.started: list[tuple[str, Sequence[Any]]] = []

    async def start(self, name: str, work_id: str, *arguments: Any) -> None:
        """Notes it."""
        self.started.append((work_id, arguments))


@asynccontextmanager
async def means_on(
    sandbox: Sandbox, database: Database, ticketing: Ticketing | None = None, **blocks: Any
) -> AsyncIterator[tuple[Means, Noted]]:
    """Means on the sandbox, and what they would have started."""
    made = settings(sandbox.url, **{"permissions": ALLOWED, "deployments": RULES, **blocks})
    async with AsyncExitStack() as stack:
        reach = await _reach(made, stack)
        works, noted = Works(), Noted()
        works.serve(noted)
        rules = _rules_of_deployments(made)
        yield Means(database, reach.policy, GroupScopes(reach), rules, works, ticketing or OwnTickets()), noted
