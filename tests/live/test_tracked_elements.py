"""What is created through the gateway is in `Registration.elements` without a sync, and the next sync finds it."""

from typing import Any

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import OpenGateway
from tests.live.mutation_bench import TRANSFORM, MutationBench, mutation_bench_on
from tests.registrations import IMPORT, wait_for_import
from tests.sagemaker_builder import building

ELEMENTS = """query($id: ID!) { node(id: $id) { ... on Registration {
  elements(first: 50, kinds: [TRANSFORM_JOB]) { nodes { name match vanishedAt } } } } }"""


async def test_a_created_job(open_working: OpenGateway, sandbox: Sandbox, estate: Estate) -> None:
    async with mutation_bench_on(open_working, sandbox) as bench:
        model = TRANSFORM.wanted["modelName"]
        wanted = {"input": {"modelName": model, "startDeployments": False}}
        run = (await bench.gateway.ask(IMPORT, wanted)).data["importModel"]["importRun"]
        registration = await wait_for_import(bench.gateway, run["id"])

        async def jobs() -> list[dict[str, Any]]:
            answer = await bench.gateway.ask(ELEMENTS, {"id": registration})
            nodes: list[dict[str, Any]] = answer.data["node"]["elements"]["nodes"]
            return nodes

        before = [job["name"] for job in await jobs()]
        payload = await bench.do("createTransformJob", TRANSFORM.wanted, "transformJob { name }")
        name = payload["transformJob"]["name"]
        assert name not in before
        assert [item for item in await jobs() if item["name"] == name] == [
            {"name": name, "match": "MODEL_NAME", "vanishedAt": None}
        ]


async def test_a_runtime_that_moves_or_goes(open_working: OpenGateway, sandbox: Sandbox, estate: Estate) -> None:
    """On its way it belongs to the models of both snapshots; one that is being deleted counts as gone."""
    with building(sandbox) as made:
        for name in ("old", "new"):
            made.model(name)
            made.snapshot(f"{name}-1", name)
        made.runtime("moving", "old-1")
    async with mutation_bench_on(open_working, sandbox) as bench:
        registrations = {name: await _imported(bench, name) for name in ("old", "new")}
        assert await _runtimes(bench, registrations["new"]) == {}
        moved = await bench.do("updateRuntime", {"name": "moving", "snapshotName": "new-1"}, "runtime { status }")
        assert moved == {"runtime": {"status": "UPDATING"}, "userErrors": []}
        for registration in registrations.values():
            assert await _runtimes(bench, registration) == {"moving": None}
        sandbox.advance(900)
        deleted = await bench.do("deleteRuntime", {"name": "moving"}, "runtime { status }")
        assert deleted == {"runtime": {"status": "DELETING"}, "userErrors": []}
        for registration in registrations.values():
            assert (await _runtimes(bench, registration))["moving"] is not None


async def _imported(bench: MutationBench, model: str) -> str:
    wanted = {"input": {"modelName": model, "startDeployments": False}}
    run = (await bench.gateway.ask(IMPORT, wanted)).data["importModel"]["importRun"]
    return await wait_for_import(bench.gateway, run["id"])


async def _runtimes(bench: MutationBench, registration: str) -> dict[str, str | None]:
    """When each runtime of a registration was first missed."""
    answer = await bench.gateway.ask(ELEMENTS.replace("TRANSFORM_JOB", "RUNTIME"), {"id": registration})
    return {item["name"]: item["vanishedAt"] for item in answer.data["node"]["elements"]["nodes"]}
