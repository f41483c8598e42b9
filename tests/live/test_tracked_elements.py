"""What is created through the gateway is in `Registration.elements` without a sync, and the next sync finds it."""

from typing import Any

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import OpenGateway
from tests.live.mutation_bench import TRANSFORM, mutation_bench_on
from tests.registrations import IMPORT, wait_for_import

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

        before = [each["name"] for each in await jobs()]
        payload = await bench.do("createTransformJob", TRANSFORM.wanted, "transformJob { name }")
        name = payload["transformJob"]["name"]
        assert name not in before
        assert [each for each in await jobs() if each["name"] == name] == [
            {"name": name, "match": "MODEL_NAME", "vanishedAt": None}
        ]
