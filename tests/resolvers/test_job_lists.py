"""Lists of jobs: training and transform jobs are two lists of SageMaker's, and one of the gateway's."""

from datetime import timedelta

import pytest

from sandbox.server import Sandbox
from tests.asking import GatewayClient
from tests.making import START, SageMakerBuilder, building

JOBS = (
    "query($first: Int, $after: String, $to: OrderDirection, $f: JobFilter) { jobs(first: $first, after: $after, "
    "orderBy: {direction: $to}, filter: $f) { nodes { name type } pageInfo { hasNextPage endCursor } totalCount } }"
)


def jobs_of_two_kinds(things: SageMakerBuilder) -> None:
    """Training and transform jobs in turns; two of one name and moment."""
    things.model("m", at=START)
    for hour in range(1, 5):
        things.training(f"t-{hour}", at=START + timedelta(hours=2 * hour))
        things.transform(f"x-{hour}", "m", at=START + timedelta(hours=2 * hour + 1))
    for make in (lambda at: things.training("twin", at=at), lambda at: things.transform("twin", "m", at=at)):
        make(START + timedelta(hours=20))


@pytest.mark.parametrize("to", ["ASC", "DESC"])
@pytest.mark.parametrize("first", [1, 3])
async def test_jobs_of_two_kinds_are_merged(gateway: GatewayClient, sandbox: Sandbox, to: str, first: int) -> None:
    with building(sandbox) as things:
        jobs_of_two_kinds(things)
    order = [f"{kind}-{hour}" for hour in range(1, 5) for kind in "tx"] + ["twin", "twin"]
    seen, after = [], None
    while True:
        answer = await gateway.ask(JOBS, {"first": first, "after": after, "to": to})
        found = answer.data["jobs"]
        seen += [(node["name"], node["type"]) for node in found["nodes"]]
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]
    assert [name for name, _ in seen] == (order if to == "ASC" else order[::-1])
    assert len(set(seen)) == 10


async def test_the_total_of_two_kinds(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        jobs_of_two_kinds(things)
    for given, count in (
        ({}, 10),
        ({"type": "TRAINING"}, 5),
        ({"status": ["COMPLETED"]}, 10),
        ({"nameContains": "x-"}, 4),
    ):
        answer = await gateway.ask(JOBS, {"first": 2, "f": given})
        assert answer.data["jobs"]["totalCount"] == count, given
