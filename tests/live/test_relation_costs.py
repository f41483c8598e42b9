"""Each relation's calls to AWS, cold and warm, are those of its row; kinds that are not asked for cost nothing."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from benchmarks.estates import ACCOUNT, ROLE, Size, fill
from benchmarks.lineages import HOST, LineageSize, fill_lineages, name_of_lineage
from benchmarks.queries import ALL_JOBS, FIRST_READ, ONE_MODEL
from benchmarks.relation_calls import ONE_MODELS_EXECUTIONS, RELATIONS
from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient
from tests.live.conftest import OpenStill
from tests.query_cases import aws_calls
from tests.sagemaker_builder import processing_request, processing_step, variant

REGION: Final = "us-east-2"
SIZE: Final = LineageSize(Size(models=2, snapshots=2, runtimes=1, training_jobs=2, transform_jobs=3), lineages=3)
KEYS: Final = {
    "group": "risk",
    "authenticationType": "BASIC",
    "accessKeyId": "AKIAEXAMPLE000000001",
    "secretAccessKey": "x" * 40,
    "region": REGION,
    # A scope for each caller: a new one knows nothing.
    "perCaller": True,
}
CREDENTIALS: Final = {"sagemaker-credentials": {"storedCredentials": [KEYS]}}


@pytest.fixture
def callers() -> Iterator[str]:
    """Names of callers, each asking for the first time."""
    return (f"caller-{number}" for number in range(1_000))


async def calls_of(sandbox: Sandbox, gateway: GatewayClient, user: str, query: str, **asking: Any) -> dict[str, int]:
    """The calls of a question that is answered without errors; who somebody is costs the same whatever he asks."""
    sandbox.calls.clear()
    assert (await gateway.ask(query, user=user, **asking)).data
    return {name: count for name, count in aws_calls(sandbox).items() if name != "GetCallerIdentity"}


async def test_each_relation_costs_what_its_row_says(
    sandbox: Sandbox, open_still: OpenStill, callers: Iterator[str]
) -> None:
    fill_lineages(sandbox, REGION, SIZE)
    sandbox.clock.freeze()
    async with open_still(**CREDENTIALS) as gateway:
        for (name, row), user in zip(RELATIONS.items(), callers, strict=False):
            seen: list[Mapping[str, int]] = []
            for seconds in (0, 0, 6):
                sandbox.advance(seconds)
                seen.append(await calls_of(sandbox, gateway, user, row.query))
            assert seen == [row.cold(SIZE), row.inside, row.later(SIZE)], name


async def test_the_executions_of_one_model_cost_the_same_in_a_larger_account(
    sandbox: Sandbox, open_still: OpenStill, callers: Iterator[str]
) -> None:
    row, size = ONE_MODELS_EXECUTIONS, replace(SIZE, strangers=250)
    fill_lineages(sandbox, REGION, size)
    sandbox.clock.freeze()
    user = next(callers)
    async with open_still(**CREDENTIALS) as gateway:
        seen: list[Mapping[str, int]] = []
        for seconds in (0, 0, 6):
            sandbox.advance(seconds)
            seen.append(await calls_of(sandbox, gateway, user, row.query))
    assert seen == [row.cold(size), row.inside, row.later(size)]


QUESTIONS: Final = {"first read": FIRST_READ, "one model": ONE_MODEL, "all jobs": ALL_JOBS}


async def costs(sandbox: Sandbox, gateway: GatewayClient, callers: Iterator[str]) -> dict[str, list[dict[str, int]]]:
    """The calls of each question of the benchmarks' other rows: cold, inside the fresh age, and outside it."""
    result: dict[str, list[dict[str, int]]] = {}
    for (name, query), user in zip(QUESTIONS.items(), callers, strict=False):
        asking = {"variables": {"name": "model-00001"}} if query is ONE_MODEL else {}
        result[name] = []
        for seconds in (0, 0, 6):
            sandbox.advance(seconds)
            result[name].append(await calls_of(sandbox, gateway, user, query, **asking))
    return result


def add_kinds(sandbox: Sandbox) -> None:
    """Add a version, a processing job, and an execution of a pipeline that has another one for its step."""
    definition = json.dumps({"Steps": [processing_step("prepare")]})
    token = {"ClientRequestToken": "0" * 32}
    for operation, ask in (
        ("CreateModelPackageGroup", {"ModelPackageGroupName": "apart"}),
        ("CreateModelPackage", {"ModelPackageGroupName": "apart"}),
        ("CreateProcessingJob", processing_request("apart", ROLE)),
        ("CreatePipeline", {"PipelineName": "apart", "PipelineDefinition": definition, "RoleArn": ROLE, **token}),
        ("StartPipelineExecution", {"PipelineName": "apart", **token}),
    ):
        sandbox.call(operation, ACCOUNT, REGION, **ask)


def add_component(sandbox: Sandbox) -> None:
    """Add a host, and a component of a model on it."""
    hosting = {key: value for key, value in variant("").items() if key != "ModelName"}
    host = {"EndpointConfigName": "host", "ProductionVariants": [hosting], "ExecutionRoleArn": ROLE}
    needs = {"MinMemoryRequiredInMb": 1024}
    component = {
        "InferenceComponentName": "component",
        "EndpointName": "host",
        "VariantName": "v1",
        "Specification": {"ModelName": "model-00000", "ComputeResourceRequirements": needs},
        "RuntimeConfig": {"CopyCount": 1},
    }
    sandbox.call("CreateEndpointConfig", ACCOUNT, REGION, **host)
    sandbox.call("CreateEndpoint", ACCOUNT, REGION, EndpointName="host", EndpointConfigName="host")
    sandbox.advance(600)
    sandbox.call("CreateInferenceComponent", ACCOUNT, REGION, **component)
    sandbox.advance(600)


async def test_kinds_that_are_not_asked_for_cost_nothing(
    sandbox: Sandbox, open_still: OpenStill, callers: Iterator[str]
) -> None:
    """A component serves a model as a snapshot does: whoever asks for a model's runtimes pays for its list."""
    fill(sandbox, REGION, SIZE.base)
    sandbox.clock.freeze()
    async with open_still(**CREDENTIALS) as gateway:
        before = await costs(sandbox, gateway, callers)
        add_kinds(sandbox)
        assert await costs(sandbox, gateway, callers) == before
        add_component(sandbox)
        with_host = await costs(sandbox, gateway, callers)
    for name, (cold, inside, later) in before.items():
        more = {"ListInferenceComponents": 1} if name == "one model" else {}
        described = {"DescribeInferenceComponent": 1} if more else {}
        hosts = {kind: cold[kind] + 1 for kind in ("DescribeEndpointConfig", "DescribeEndpoint") if kind in cold}
        expected: list[dict[str, int]] = [cold | hosts | more | described, inside, later | more]
        assert with_host[name] == expected, name


async def test_only_the_runtimes_of_a_model_are_described_again(
    sandbox: Sandbox, open_still: OpenStill, callers: Iterator[str]
) -> None:
    """Runtimes change by themselves within a minute; others than the model's are not looked at, hosts or not."""
    fill_lineages(sandbox, REGION, SIZE)
    sandbox.clock.freeze()
    query = f'{{ model(name: "{name_of_lineage(1)}") {{ runtimes {{ nodes {{ name }} totalCount completeAsOf }} }} }}'
    lists = dict.fromkeys(("ListEndpointConfigs", "ListEndpoints", "ListInferenceComponents"), 1)
    shown = {"DescribeEndpoint": 2}
    again = {"DescribeModel": 1, "DescribeEndpointConfig": 2, "DescribeInferenceComponent": 1}
    user = next(callers)
    async with open_still(**CREDENTIALS) as gateway:
        await calls_of(sandbox, gateway, user, query)
        for seconds, calls in ((61, {**lists, **shown}), (900, {**lists, **shown, **again})):
            sandbox.advance(seconds)
            assert await calls_of(sandbox, gateway, user, query) == calls
        found = (await gateway.ask(query, user=user)).data["model"]["runtimes"]
    assert [node["name"] for node in found["nodes"]] == [name_of_lineage(1), HOST]
    assert (found["totalCount"], found["completeAsOf"] is not None) == (2, True)
