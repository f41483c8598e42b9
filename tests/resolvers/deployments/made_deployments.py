"""Deployments and test results, and how a page of them reads."""

from types import SimpleNamespace
from typing import Any

from registry.enums import DeploymentState
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from tests.registry.factories import (
    key_in_id,
    minutes_after_noon,
    start_deployment,
    transitioned,
)
from tests.resolvers.harness import MutationHarness

FIRST = PageArguments(2, None)
VIEW: Any = SimpleNamespace(group="risk")


async def several(harness: MutationHarness, count: int = 3, snapshot: str = "churn-1", **changed: Any) -> list[str]:
    """The keys of deployments of a snapshot, each started a minute after the one before; all have ended."""
    result = []
    for number in range(count):
        deployment = await start_deployment(
            harness.database, snapshot, **{"started_at": minutes_after_noon(number), **changed}
        )
        await transitioned(harness.database, deployment, DeploymentState.FAILED)
        result.append(deployment.key)
    return result


def read(connection: Connection[Any] | BadInputError) -> tuple[list[str], bool, int | None]:
    """The keys of a page's nodes, or the jobs of outcomes; whether there is more; and how many there are in all."""
    assert isinstance(connection, Connection)
    nodes = [getattr(node, "job_name", None) or key_in_id(node.id, "Deployment") for node in connection.nodes]
    return nodes, connection.page_info.has_next_page, connection.total_count
