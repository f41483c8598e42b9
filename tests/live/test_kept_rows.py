"""Rows that are kept of descriptions: each answer shows the present state, and each group its own view of it."""

import pytest

from aws.inventory.projections import Projection
from aws.kinds.kind import Kind
from resolvers.node_ids import NodeId
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, OpenGateway, assume_role_entry, credential_settings
from tests.sagemaker_builder import building

JOBS = """{ model(name: "scorer") {
  snapshots { nodes { name variants { name modelName } runtimes { nodes { name status } } } }
  jobs { edges { match node { __typename name status inputs { s3Uri } } } } } }"""
ALIKE = """{ one: model(name: "scorer", group: "risk") { jobs { nodes { name status } } }
  other: model(name: "scorer", group: "other") { jobs { nodes { name status id } } } }"""
PAGES = """query Pages($first: Int!, $more: Boolean!) { model(name: "scorer") { jobs(first: $first) {
  edges { cursor @include(if: $more) match node { __typename name @skip(if: $more) } } nodes { name } } } }"""
ANEW = {"Cache-Control": "no-cache"}


@pytest.fixture
def hits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the levels, or of the groups of pages, whose rows were all kept."""
    sizes: list[int] = []
    of = Projection.of

    def counted(self: Projection, values: list[object]) -> list[object] | None:
        known = of(self, values)
        sizes.extend([] if known is None else [len(known)])
        return known

    monkeypatch.setattr(Projection, "of", counted)
    return sizes


async def statuses(gateway: GatewayClient, **more: str) -> dict[str, str]:
    """The status of each job of the model."""
    edges = (await gateway.ask(JOBS, headers=more)).data["model"]["jobs"]["edges"]
    return {edge["node"]["name"]: edge["node"]["status"] for edge in edges}


async def test_the_next_answer_shows_the_change(sandbox: Sandbox, open_gateway: OpenGateway, hits: list[int]) -> None:
    with building(sandbox) as things:
        things.model("scorer")
        things.snapshot("scorer-1", "scorer")
        things.runtime("live", "scorer-1")
        for name in ("one", "two"):
            things.transform(name, "scorer")
    async with open_gateway() as gateway:
        answers = [(await gateway.ask(JOBS)).data for _ in range(2)]
        assert hits == []
        answers += [(await gateway.ask(JOBS)).data]
        # The variants of the snapshot, the page of its runtimes, and the page of the model's jobs.
        assert hits == [1, 1, 1]
        assert answers == answers[:1] * 3
        with building(sandbox) as things:
            things.transform("three", "scorer")
        before = dict(await statuses(gateway))
        after = await statuses(gateway, **ANEW)
        assert after == before | {"three": after["three"]}
        assert after == await statuses(gateway, **ANEW)


async def test_pages_are_kept_by_their_size_and_without_cursors(
    sandbox: Sandbox, open_gateway: OpenGateway, hits: list[int]
) -> None:
    with building(sandbox) as things:
        things.model("scorer")
        for name in ("one", "two"):
            things.transform(name, "scorer")
    async with open_gateway() as gateway:

        async def page(first: int, *, more: bool) -> tuple[list[str], list[dict[str, str]]]:
            hits.clear()
            jobs = (await gateway.ask(PAGES, {"first": first, "more": more})).data["model"]["jobs"]
            return [node["name"] for node in jobs["nodes"]], jobs["edges"]

        read = {(first, more): await page(first, more=more) for more in (False, True) for first in (1, 2)}
        assert [len(names) for names, _ in read.values()] == [1, 2, 1, 2]
        for (first, more), whole in (*read.items(), *read.items()):
            assert await page(first, more=more) == whole
        # Edges with cursors are put together for each request, of the rows of their nodes; the nodes are kept by page.
        assert hits == [2, 1]
        assert await page(1, more=False) == read[1, False]
        assert hits == [1, 1]
        assert len({edge["cursor"] for edge in read[2, True][1]}) == 2


async def test_what_may_no_longer_be_described_is_not_shown_from_what_is_kept(
    sandbox: Sandbox, open_gateway: OpenGateway, hits: list[int]
) -> None:
    with building(sandbox) as things:
        things.model("scorer")
        things.transform("one", "scorer")
    async with open_gateway() as gateway:
        assert [list(await statuses(gateway)) for _ in range(3)] == [["one"]] * 3
        assert hits == [1]
        sandbox.faults.refuse("DescribeTransformJob")
        hits.clear()
        assert await statuses(gateway, **ANEW) == {}
        assert hits == []


async def test_groups_that_share_a_role_share_rows_and_no_ids(
    sandbox: Sandbox, open_gateway: OpenGateway, hits: list[int]
) -> None:
    with building(sandbox) as things:
        things.model("scorer")
        things.transform("one", "scorer")
    roles = [assume_role_entry(RISK, group) for group in ("risk", "other")]
    async with open_gateway(**credential_settings(*roles)) as gateway:
        answers = [(await gateway.ask(ALIKE, groups=("risk", "other"))).data for _ in range(3)]
    shown = {"name": "one", "status": answers[0]["one"]["jobs"]["nodes"][0]["status"]}
    own_id = NodeId(Kind.TRANSFORM_JOB, "other", RISK.account, RISK.region, "one").encode()
    one, other = ({"jobs": {"nodes": [row]}} for row in (shown, shown | {"id": own_id}))
    assert answers == [{"one": one, "other": other}] * 3
    assert hits == [1]
