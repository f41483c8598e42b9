"""resolvers.lists.predicates: every filter, and what it costs; what may not be read is counted, not left out."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient
from tests.pipelines import make_executions
from tests.sagemaker_builder import BUCKET, building, tags


@pytest.fixture
def estate_of_all(sandbox: Sandbox) -> None:
    """Two models with a snapshot, a runtime and jobs each, made hour by hour from 2026-01-01T00:00Z."""
    pool = {"InstanceType": "ml.m5.large", "Priority": 1, "ModelNameOverride": "beta"}
    pooled = {"VariantName": "v", "ModelName": "Alpha", "InstancePools": [pool], "InitialInstanceCount": 1}
    with building(sandbox) as things:
        artifact = things.training("train-alpha", Tags=tags(stage="prod", team="risk"))
        things.model("Alpha", artifact, Tags=tags(stage="prod"))
        things.model("beta", Tags=tags(stage="test"))
        things.snapshot("alpha-only", "Alpha")
        things.snapshot("both-pooled", ProductionVariants=[pooled])
        things.runtime("alpha-live", "alpha-only")
        things.runtime("both-dead", "both-pooled", failure="No.")
        things.transform("batch-alpha", "Alpha")
        things.transform("batch-beta", "beta", failure="No.")
        things.training("train-nothing")


MODELS, SNAPSHOTS, RUNTIMES, JOBS = "ModelFilter", "SnapshotFilter", "RuntimeFilter", "JobFilter"
FIELDS = {MODELS: "models", SNAPSHOTS: "snapshots", RUNTIMES: "runtimes", JOBS: "jobs"}


async def found(gateway: GatewayClient, kind: str, value: dict[str, Any]) -> Any:
    query = f"query($f: {kind}) {{ it: {FIELDS[kind]}(filter: $f) {{ nodes {{ name }} totalCount unreadableCount }} }}"
    answer = await gateway.ask(query, {"f": value})
    return answer.data["it"]


@pytest.mark.parametrize(
    ("kind", "value", "names", "calls"),
    [
        (MODELS, {}, ["beta", "Alpha"], {}),
        (MODELS, {"nameContains": "et"}, ["beta"], {}),
        (MODELS, {"nameContains": "zzz"}, [], {}),
        (MODELS, {"createdAfter": "2026-01-01T01:00:00Z"}, ["beta"], {}),
        (MODELS, {"createdAfter": "2026-01-01T00:59:59.999Z"}, ["beta", "Alpha"], {}),
        (MODELS, {"createdBefore": "2026-01-01T02:00:00Z"}, ["Alpha"], {}),
        (MODELS, {"createdBefore": "2026-01-01T04:00:00+02:00"}, ["Alpha"], {}),
        (MODELS, {"createdAfter": "2026-01-01T01:00:00Z", "createdBefore": "2026-01-01T02:00:00Z"}, [], {}),
        (MODELS, {"imported": True}, [], {}),
        (MODELS, {"imported": False}, ["beta", "Alpha"], {}),
        (MODELS, {"tags": []}, ["beta", "Alpha"], {}),
        (MODELS, {"tags": [{"key": "stage"}]}, ["beta", "Alpha"], {"GetResources": 1}),
        (MODELS, {"tags": [{"key": "stage", "values": []}]}, ["beta", "Alpha"], {"GetResources": 1}),
        (MODELS, {"tags": [{"key": "stage", "values": ["prod", "dev"]}]}, ["Alpha"], {"GetResources": 1}),
        (MODELS, {"tags": [{"key": "stage", "values": ["Prod"]}]}, [], {"GetResources": 1}),
        (MODELS, {"tags": [{"key": "nothing"}]}, [], {"GetResources": 1}),
        (MODELS, {"nameContains": "beta", "tags": [{"key": "stage"}]}, ["beta"], {"ListTags": 1}),
        (SNAPSHOTS, {}, ["both-pooled", "alpha-only"], {}),
        (SNAPSHOTS, {"modelName": "Alpha"}, ["both-pooled", "alpha-only"], {"DescribeEndpointConfig": 2}),
        (SNAPSHOTS, {"modelName": "beta"}, ["both-pooled"], {"DescribeEndpointConfig": 2}),
        (SNAPSHOTS, {"modelName": "alpha"}, [], {"DescribeEndpointConfig": 2}),
        (SNAPSHOTS, {"modelName": "beta", "nameContains": "only"}, [], {"DescribeEndpointConfig": 1}),
        (RUNTIMES, {"status": ["IN_SERVICE"]}, ["alpha-live"], {}),
        (RUNTIMES, {"status": ["FAILED", "IN_SERVICE"]}, ["both-dead", "alpha-live"], {}),
        (RUNTIMES, {"status": ["CREATING"]}, [], {}),
        (RUNTIMES, {"status": []}, [], {}),
        (RUNTIMES, {"snapshotName": "alpha-only"}, ["alpha-live"], {"DescribeEndpoint": 2}),
        (
            RUNTIMES,
            {"modelName": "Alpha"},
            ["both-dead", "alpha-live"],
            {"DescribeEndpoint": 2, "DescribeEndpointConfig": 2},
        ),
        (RUNTIMES, {"modelName": "beta"}, ["both-dead"], {"DescribeEndpoint": 2, "DescribeEndpointConfig": 2}),
        (
            RUNTIMES,
            {"modelName": "Alpha", "status": ["IN_SERVICE"]},
            ["alpha-live"],
            {"DescribeEndpoint": 1, "DescribeEndpointConfig": 1},
        ),
        (JOBS, {"type": "TRAINING"}, ["train-nothing", "train-alpha"], {}),
        (JOBS, {"type": "TRANSFORM", "status": ["FAILED"]}, ["batch-beta"], {}),
        (JOBS, {"status": ["COMPLETED"]}, ["train-nothing", "batch-alpha", "train-alpha"], {}),
        (JOBS, {"tags": [{"key": "stage"}, {"key": "team", "values": ["risk"]}]}, ["train-alpha"], {"GetResources": 1}),
        (
            JOBS,
            {"modelName": "Alpha"},
            ["batch-alpha", "train-alpha"],
            {"DescribeTrainingJob": 2, "DescribeTransformJob": 2, "DescribeModel": 1},
        ),
        (
            JOBS,
            {"modelName": "beta", "type": "TRANSFORM"},
            ["batch-beta"],
            {"DescribeTransformJob": 2, "DescribeModel": 1},
        ),
        (JOBS, {"modelName": "gone"}, [], {"DescribeTrainingJob": 2, "DescribeTransformJob": 2, "DescribeModel": 1}),
    ],
)
async def test_every_filter(
    gateway: GatewayClient,
    sandbox: Sandbox,
    estate_of_all: None,
    kind: str,
    value: dict[str, Any],
    names: list[str],
    calls: dict[str, int],
) -> None:
    it = await found(gateway, kind, value)
    assert [node["name"] for node in it["nodes"]] == names
    assert (it["totalCount"], it["unreadableCount"]) == (len(names), 0)
    made = sandbox.calls.by_operation()
    assert {
        name: count for name, count in made.items() if not name.startswith(("List", "Assume")) or name == "ListTags"
    } == calls


@pytest.mark.parametrize(
    ("refused", "names", "unreadable"), [(False, ["both-dead", "host"], 0), (True, ["both-dead"], 1)]
)
async def test_runtimes_of_a_model_that_an_inference_component_serves(
    gateway: GatewayClient, sandbox: Sandbox, estate_of_all: None, names: list[str], unreadable: int, *, refused: bool
) -> None:
    """A component that may not be read makes its runtime one that could not be checked."""
    with building(sandbox) as things:
        things.component_host("host")
        things.component("component", "host", "beta")
    if refused:
        sandbox.faults.refuse("DescribeInferenceComponent")
    it = await found(gateway, RUNTIMES, {"modelName": "beta"})
    assert (sorted(node["name"] for node in it["nodes"]), it["unreadableCount"]) == (names, unreadable)


async def test_the_jobs_of_a_model_that_is_gone(gateway: GatewayClient, sandbox: Sandbox, estate_of_all: None) -> None:
    """Its transform jobs go on naming it."""
    sandbox.call("DeleteModel", "222222222222", "eu-west-1", ModelName="beta")
    it = await found(gateway, JOBS, {"modelName": "beta"})
    assert [node["name"] for node in it["nodes"]] == ["batch-beta"]


@pytest.mark.parametrize(
    ("kind", "value", "refused", "names"),
    [
        (MODELS, {"tags": [{"key": "stage"}]}, ("ListTags", "alpha"), ["beta"]),
        (SNAPSHOTS, {"modelName": "Alpha"}, ("DescribeEndpointConfig", "alpha-only"), ["both-pooled"]),
        (RUNTIMES, {"snapshotName": "alpha-only"}, ("DescribeEndpoint", "both-dead"), ["alpha-live"]),
        (RUNTIMES, {"modelName": "Alpha"}, ("DescribeEndpoint", "both-dead"), ["alpha-live"]),
        (RUNTIMES, {"modelName": "Alpha"}, ("DescribeEndpointConfig", "both-pooled"), ["alpha-live"]),
        (JOBS, {"modelName": "Alpha", "type": "TRANSFORM"}, ("DescribeTransformJob", "batch-beta"), ["batch-alpha"]),
    ],
)
async def test_what_may_not_be_read_is_counted(
    gateway: GatewayClient,
    sandbox: Sandbox,
    estate_of_all: None,
    kind: str,
    value: dict[str, Any],
    refused: tuple[str, str],
    names: list[str],
) -> None:
    operation, name = refused
    sandbox.faults.refuse(operation, name=name)
    # Tags are told of many at once, which is not refused for one of them.
    sandbox.faults.refuse("GetResources")
    it = await found(gateway, kind, value)
    assert [node["name"] for node in it["nodes"]] == names
    assert it["unreadableCount"] == 1


@pytest.mark.parametrize(
    ("kind", "value", "operation"),
    [
        (MODELS, {"tags": [{"key": "stage"}]}, "ListTags"),
        (SNAPSHOTS, {"modelName": "Alpha"}, "DescribeEndpointConfig"),
        (RUNTIMES, {"snapshotName": "alpha-only"}, "DescribeEndpoint"),
        (RUNTIMES, {"modelName": "Alpha"}, "DescribeEndpointConfig"),
        (JOBS, {"modelName": "Alpha"}, "DescribeTransformJob"),
        (JOBS, {"modelName": "Alpha"}, "DescribeModel"),
    ],
)
async def test_what_is_merely_slow_is_never_left_out(
    gateway: GatewayClient, sandbox: Sandbox, estate_of_all: None, kind: str, value: dict[str, Any], operation: str
) -> None:
    """A list with holes would say `there is none` of something that could only not be asked just now."""
    sandbox.faults.fail(operation, status=503)
    sandbox.faults.refuse("GetResources")
    query = f"query($f: {kind}) {{ it: {FIELDS[kind]}(filter: $f) {{ nodes {{ name }} }} }}"
    answer = await gateway.ask(query, {"f": value})
    assert (answer.body["data"], answer.codes) == ({"it": None}, ["UPSTREAM_UNAVAILABLE"])


@pytest.mark.parametrize("refused", [True, False])
async def test_steps_that_are_not_told_leave_out_no_job_of_a_model_with_a_refused_package(
    gateway: GatewayClient, sandbox: Sandbox, *, refused: bool
) -> None:
    """Because of the package every job is looked at; the steps may tell of any processing job."""
    made = make_executions(sandbox)
    with building(sandbox) as things:
        artifact = f"s3://{BUCKET}/pipelines/{made.job('train')}/output/model.tar.gz"
        package = f"{made.group.arn('model-package', 'scorers')}/2"
        things.model("mixed", Containers=[{"Image": "x", "ModelDataUrl": artifact}, {"ModelPackageName": package}])
    sandbox.faults.refuse("DescribeModelPackage")
    if refused:
        sandbox.faults.refuse("ListPipelineExecutionSteps")
        it = await found(gateway, JOBS, {"modelName": "mixed", "types": ["PROCESSING"]})
        assert [node["name"] for node in it["nodes"]] == [made.job("evaluate")]
        # Those of the first execution are no less likely, as long as nobody tells.
        assert it["unreadableCount"] == 3
        return
    sandbox.faults.fail("ListPipelineExecutionSteps", status=503)
    query = 'query { it: jobs(filter: {modelName: "mixed", types: [PROCESSING]}) { nodes { name } } }'
    answer = await gateway.ask(query)
    assert (answer.body["data"], answer.codes) == ({"it": None}, ["UPSTREAM_UNAVAILABLE"])


PART = "`filter.nameContains` takes 1 to 63 letters, digits and hyphens: names hold nothing else."
NAMED = "names have 1 to 63 letters and digits, with hyphens only in between."


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (MODELS, {"nameContains": ""}, PART),
        (MODELS, {"nameContains": "a b"}, PART),
        (JOBS, {"nameContains": "a" * 64}, PART),
        (
            MODELS,
            {"createdAfter": "2026-01-01T00:00:00"},
            "`filter.createdAfter` needs an offset, such as 2026-01-31T12:00:00Z.",
        ),
        (
            MODELS,
            {"createdBefore": "2026-01-01"},
            "`filter.createdBefore` needs an offset, such as 2026-01-31T12:00:00Z.",
        ),
        (SNAPSHOTS, {"modelName": "a b"}, f"`a b` is not a valid name of any model: {NAMED}"),
        (RUNTIMES, {"modelName": ""}, f"`` is not a valid name of any model: {NAMED}"),
        (RUNTIMES, {"snapshotName": "-"}, f"`-` is not a valid name of any endpoint configuration: {NAMED}"),
        (JOBS, {"modelName": "a_b"}, f"`a_b` is not a valid name of any model: {NAMED}"),
    ],
)
async def test_a_filter_that_cannot_be_asked(
    gateway: GatewayClient, sandbox: Sandbox, kind: str, value: dict[str, Any], message: str
) -> None:
    """Nothing of AWS is asked, not even what relations further down would need."""
    below = {MODELS: "snapshots { totalCount }", SNAPSHOTS: "runtimes { totalCount }"}.get(kind, "name")
    query = f"query($f: {kind}) {{ {FIELDS[kind]}(filter: $f) {{ nodes {{ {below} }} }} }}"
    answer = await gateway.ask(query, {"f": value})
    assert (answer.codes, answer.error["message"]) == (["BAD_USER_INPUT"], message)
    assert sandbox.calls.count() == 0
