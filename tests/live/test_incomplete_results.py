"""What a role may not see, what is late and what was not looked at is never shown as if there were none of it."""

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, GraphQLResponse, OpenGateway
from tests.sagemaker_builder import building

OFF = {"search": "off"}
# A training job of the estate that made a model, and the model.
MADE = "fraud-detection-v12"
PACKAGED = "aml-transaction-monitor-v2"
OLDEST = """{ jobs(first: 1, filter: {type: TRAINING, status: COMPLETED}, orderBy: {direction: ASC}) {
  nodes { modelNames } } }"""
RUNTIMES = f"""{{ model(name: "{MADE}") {{ runtimes {{ totalCount unreadableCount }} }}
  runtimes(filter: {{modelName: "{MADE}"}}) {{ totalCount unreadableCount }} }}"""
JOBS = "{ jobs(first: 50) { nodes { name type modelNames models { name } } } }"


def by_type(answer: GraphQLResponse, job_type: str) -> dict[str, object]:
    jobs = answer.body["data"]["jobs"]["nodes"]
    return {job["name"]: job["modelNames"] for job in jobs if job["type"] == job_type}


async def test_models_of_training_jobs_while_models_may_not_be_read(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    async with open_gateway(sagemaker=OFF) as gateway:
        seen = by_type(await gateway.ask(JOBS), "TRAINING")
    sandbox.faults.refuse("DescribeModel", name=MADE)
    async with open_gateway(sagemaker=OFF) as gateway:
        answer = await gateway.ask(JOBS)
    hidden = by_type(answer, "TRAINING")
    makers = {job for job, models in seen.items() if models == [MADE]}
    assert makers
    assert all(hidden[job] is None for job in makers)
    assert {hidden[job] == seen[job] for job in seen if seen[job] and job not in makers} == {True}
    assert set(answer.codes) == {"FORBIDDEN"}
    assert {error["extensions"]["awsOperation"] for error in answer.errors} == {"DescribeModel"}


async def test_a_refused_list_of_models_says_nothing_of_transform_jobs(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    sandbox.faults.refuse("ListModels")
    async with open_gateway(sagemaker=OFF) as gateway:
        answer = await gateway.ask(JOBS)
    transforms, trainings = by_type(answer, "TRANSFORM"), by_type(answer, "TRAINING")
    assert all(transforms.values())
    assert trainings
    assert None in trainings.values()
    assert set(answer.codes) == {"FORBIDDEN"}


async def test_models_of_training_jobs_beyond_the_bound(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    async with open_gateway(sagemaker=OFF, limits={"scan": 2}) as gateway:
        answer = await gateway.ask(OLDEST)
    assert answer.body["data"] == {"jobs": {"nodes": [{"modelNames": None}]}}
    assert answer.codes == ["LIMIT_EXCEEDED"]


async def test_a_package_that_may_not_be_read_leaves_jobs_in_doubt(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    query = f'{{ jobs(filter: {{modelName: "{PACKAGED}", type: TRAINING}}) {{ totalCount unreadableCount }} }}'
    async with open_gateway(sagemaker=OFF) as gateway:
        assert (await gateway.ask(query)).data == {"jobs": {"totalCount": 1, "unreadableCount": 0}}
    sandbox.faults.refuse("DescribeModelPackage")
    async with open_gateway(sagemaker=OFF) as gateway:
        result = (await gateway.ask(query)).data["jobs"]
    assert result["totalCount"] == 0
    assert result["unreadableCount"] == len(
        sandbox.call("ListTrainingJobs", RISK.account, RISK.region, MaxResults=100)["TrainingJobSummaries"]
    )


@pytest.mark.parametrize("trouble", ["drop", "fail"])
async def test_jobs_that_could_not_be_asked_about_are_an_error(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, trouble: str
) -> None:
    getattr(sandbox.faults, trouble)("DescribeTransformJob")
    async with open_gateway(sagemaker=OFF) as gateway:
        answer = await gateway.ask(f'{{ jobs(filter: {{modelName: "{MADE}"}}) {{ totalCount unreadableCount }} }}')
    assert answer.body["data"] == {"jobs": None}
    assert answer.codes == ["UPSTREAM_UNAVAILABLE"]


async def test_one_late_description_leaves_the_rest(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    hold = sandbox.faults.block("DescribeModel", name=MADE)
    async with open_gateway(sagemaker=OFF, limits={"seconds": 3}) as gateway:
        answer = await gateway.ask("{ models(first: 3) { nodes { name containers { image } } } }")
        hold.release()
    nodes = answer.body["data"]["models"]["nodes"]
    assert {node["name"]: node["containers"] is None for node in nodes}[MADE] is True
    assert [node["containers"] is None for node in nodes].count(True) == 1
    assert answer.codes == ["TIMEOUT"]
    assert answer.errors[0]["path"] == ["models", "nodes", [node["name"] for node in nodes].index(MADE), "containers"]


async def test_a_runtime_whose_snapshot_is_gone_may_serve_any_model(
    gateway: GatewayClient, sandbox: Sandbox, estate: Estate
) -> None:
    before = (await gateway.ask(RUNTIMES)).data
    assert before["model"]["runtimes"] == before["runtimes"] == {"totalCount": 1, "unreadableCount": 0}
    (running,) = (
        await gateway.ask(f'{{ runtimes(filter: {{modelName: "{MADE}"}}) {{ nodes {{ snapshotName }} }} }}')
    ).data["runtimes"]["nodes"]
    sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName=running["snapshotName"])
    after = (await gateway.ask(RUNTIMES, headers={"Cache-Control": "no-cache"})).data
    assert after["model"]["runtimes"] == after["runtimes"] == {"totalCount": 0, "unreadableCount": 1}


async def test_components_tell_the_models_of_a_runtime_whose_snapshot_is_gone(
    gateway: GatewayClient, sandbox: Sandbox
) -> None:
    with building(sandbox) as made:
        made.model(MADE)
        made.model("other")
        made.component_host("host")
        made.component("component", "host", MADE)
    sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="host-config")
    result = (await gateway.ask(RUNTIMES)).data
    assert result["model"]["runtimes"] == result["runtimes"] == {"totalCount": 1, "unreadableCount": 0}
    query = """{ model(name: "other") { runtimes { totalCount unreadableCount } }
      runtime(name: "host") { snapshot { name } models { name } } }"""
    assert (await gateway.ask(query)).data == {
        "model": {"runtimes": {"totalCount": 0, "unreadableCount": 0}},
        "runtime": {"snapshot": None, "models": [{"name": MADE}]},
    }


async def test_a_page_that_stopped_at_the_bound_is_not_complete(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    async with open_gateway(limits={"scan": 4}) as gateway:
        asked = "nodes { name } totalCount completeAsOf pageInfo { hasNextPage }"
        query = f'{{ models(filter: {{tags: [{{key: "no-such-tag"}}]}}) {{ {asked} }} }}'
        result = (await gateway.ask(query)).data["models"]
    assert result == {"nodes": [], "totalCount": None, "completeAsOf": None, "pageInfo": {"hasNextPage": True}}


@pytest.mark.parametrize(
    "value",
    [
        '{createdBefore: "9999-12-31T23:59:59Z"}',
        '{createdAfter: "0001-01-01T00:00:00+14:00"}',
        '{createdAfter: "0001-01-01T00:00:00Z", createdBefore: "9999-12-31T23:59:59-14:00"}',
    ],
)
async def test_the_ends_of_time_bound_nothing(gateway: GatewayClient, estate: Estate, value: str) -> None:
    everything = (await gateway.ask("{ models { totalCount } }")).data
    assert (await gateway.ask(f"{{ models(filter: {value}) {{ totalCount }} }}")).data == everything
