"""What hands are refused: by permissions, by limits, by the rules that SageMaker's model has; and nothing is done."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from registry.enums import AuditOutcome
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway
from tests.live.mutation_bench import (
    CREATIONS,
    NEW_RUNTIME,
    NEW_SNAPSHOT,
    OTHER_SNAPSHOT,
    PERMISSIONS,
    RUNTIME,
    SNAPSHOT,
    TRAINING,
    TRANSFORM,
    MutationBench,
    mutation_bench_on,
)

NEEDS = {
    "createTrainingJob": "CREATE_JOBS",
    "createTransformJob": "CREATE_JOBS",
    "stopJob": "CREATE_JOBS",
    "createSnapshot": "DEPLOY",
    "deleteSnapshot": "DEPLOY",
    "createRuntime": "DEPLOY_WITHOUT_APPROVAL",
    "updateRuntime": "DEPLOY_WITHOUT_APPROVAL",
    "updateRuntimeVariants": "DEPLOY_WITHOUT_APPROVAL",
    "deleteRuntime": "DEPLOY_WITHOUT_APPROVAL",
    "updateModelPackage": "APPROVE",
}
INPUTS: Mapping[str, Any] = {
    **{item.mutation: item.wanted for item in CREATIONS},
    "stopJob": {"type": "TRAINING", "name": "some-job"},
    "deleteSnapshot": {"name": SNAPSHOT},
    "updateRuntime": {"name": RUNTIME, "snapshotName": SNAPSHOT},
    "updateRuntimeVariants": {"name": RUNTIME, "variants": [{"name": "AllTraffic", "weight": 0.5}]},
    "deleteRuntime": {"name": RUNTIME},
    "updateModelPackage": {"arn": RISK.arn("model-package", "scorers/1"), "decision": "APPROVED"},
}
OTHERS = {"READ", "IMPORT", "CREATE_JOBS", "DEPLOY", "DEPLOY_WITHOUT_APPROVAL", "APPROVE", "SEE_SECRETS", "AUDIT"}
TOLD = "__typename"


@pytest.fixture
async def bench(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> AsyncIterator[MutationBench]:
    async with mutation_bench_on(open_gateway, sandbox) as opened:
        yield opened


async def test_nobody_is_nobody(bench: MutationBench) -> None:
    for mutation, value in INPUTS.items():
        answer = await bench.ask(mutation, value, TOLD, user=None)
        assert (answer.body["data"], answer.codes) == ({mutation: None}, ["UNAUTHENTICATED"])
        assert (bench.asked(), await bench.events()) == ({}, ())


async def test_another_group_s_power_is_not_lent(bench: MutationBench) -> None:
    """Marketing may only read; risk is not a group of its people."""
    refused: list[Any] = []
    for mutation, value in INPUTS.items():
        for naming in ({}, {"group": "risk"}):
            answer = await bench.ask(mutation, {**value, **naming}, TOLD, groups=["marketing"])
            assert answer.codes == ["FORBIDDEN"]
            assert NEEDS[mutation] in answer.error["message"]
        assert bench.sandbox.calls.count() == 0
        refused += [(mutation, AuditOutcome.REFUSED, "marketing")] * 2
        assert [(event.action, event.outcome, event.group) for event in await bench.events()] == refused


async def test_a_group_that_one_is_in_must_have_it_itself(bench: MutationBench) -> None:
    """Who is in both groups acts for one of them at a time."""
    both = ["risk", "marketing"]
    for mutation, value in INPUTS.items():
        answer = await bench.ask(mutation, {**value, "group": "marketing"}, TOLD, groups=both)
        assert answer.codes == ["FORBIDDEN"]
        answer = await bench.ask(mutation, value, TOLD, groups=both, acting="marketing")
        assert answer.codes == ["FORBIDDEN"]
        assert bench.sandbox.calls.count() == 0


@pytest.mark.parametrize("mutation", NEEDS)
async def test_every_other_permission_does_not_do(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, mutation: str
) -> None:
    rest = [{"group": "risk", "allow": sorted(OTHERS - {NEEDS[mutation]})}]
    async with mutation_bench_on(open_gateway, sandbox, permissions=rest) as bench:
        answer = await bench.ask(mutation, INPUTS[mutation], TOLD)
        assert (answer.codes, bench.asked()) == (["FORBIDDEN"], {})
        (event,) = await bench.events()
    assert (event.action, event.outcome, event.role_arn) == (mutation, AuditOutcome.REFUSED, None)


@pytest.mark.parametrize("mutation", NEEDS)
async def test_its_own_permission_does(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, mutation: str
) -> None:
    own = [{"group": "risk", "allow": ["READ", NEEDS[mutation]]}]
    async with mutation_bench_on(open_gateway, sandbox, permissions=own) as bench:
        await bench.do(mutation, INPUTS[mutation], TOLD)
        assert bench.asked() != {}


async def test_a_region_that_the_role_is_not_for(bench: MutationBench) -> None:
    """Of a version the ARN tells the region."""
    elsewhere = RISK.arn("model-package", "scorers/1").replace(RISK.region, "us-west-1")
    for mutation, value in INPUTS.items():
        field, region = ("arn", elsewhere) if "arn" in value else ("region", "us-west-1")
        payload = await bench.do(mutation, {**value, field: region}, TOLD)
        (error,) = payload["userErrors"]
        assert (error["code"], error["field"]) == ("INVALID", [field])
        assert bench.asked() == {}


def test_every_mutation_is_among_them() -> None:
    assert INPUTS.keys() == NEEDS.keys()


def limited(**limits: Any) -> list[dict[str, Any]]:
    return [PERMISSIONS[0], {**PERMISSIONS[1], **limits}]


@pytest.mark.parametrize(
    ("creation", "value", "fields"),
    [
        (TRANSFORM, {"instanceType": "ml.p3.2xlarge", "instanceCount": 3}, [["instanceType"], ["instanceCount"]]),
        (TRAINING, {"instanceType": "ml.p3.2xlarge", "instanceCount": 3}, [["instanceType"], ["instanceCount"]]),
        (
            NEW_SNAPSHOT,
            {"variants": [{"modelName": "m", "instanceType": "ml.p3.2xlarge", "initialInstanceCount": 3}]},
            [["variants", "0", "instanceType"], ["variants", "0", "initialInstanceCount"]],
        ),
        (NEW_RUNTIME, {"snapshotName": SNAPSHOT}, [["snapshotName"], ["snapshotName"]]),
    ],
    ids=lambda item: getattr(item, "mutation", ""),
)
async def test_limits_are_kept_before_aws(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, creation: Any, value: Any, fields: Any
) -> None:
    permissions = limited(instanceTypes=["ml.m5.large"], maxInstances=2)
    async with mutation_bench_on(open_gateway, sandbox, permissions=permissions) as bench:
        payload = await bench.do(creation.mutation, {**creation.wanted, **value, "name": "One"}, "created")
        assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [
            ("QUOTA_EXCEEDED", field) for field in fields
        ]
        assert payload["created"] is False
        assert bench.asked() == creation.looks
        assert "One" not in creation.names(sandbox)


async def test_everybody_s_limit_holds_for_each_group(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    permissions = [{**PERMISSIONS[0], "maxInstances": 1}, {**PERMISSIONS[1], "maxInstances": 5}]
    async with mutation_bench_on(open_gateway, sandbox, permissions=permissions) as bench:
        payload = await bench.do("createTransformJob", {**TRANSFORM.wanted, "instanceCount": 2}, "created")
        words = "This group may start at most 1 instances at once; this request would start 2."
        assert payload["userErrors"] == [{"message": words, "code": "QUOTA_EXCEEDED", "field": ["instanceCount"]}]
        assert (await bench.do("createTransformJob", TRANSFORM.wanted, "created"))["created"] is True


async def test_a_runtime_is_not_moved_beyond_the_limits(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    async with mutation_bench_on(open_gateway, sandbox, permissions=limited(instanceTypes=["ml.c5.2xlarge"])) as bench:
        value = {"name": RUNTIME, "snapshotName": OTHER_SNAPSHOT}
        payload = await bench.do("updateRuntime", value, "runtime { name }")
        assert [(item["code"], item["field"]) for item in payload["userErrors"]] == [
            ("QUOTA_EXCEEDED", ["snapshotName"])
        ]
        assert bench.asked() == {"DescribeEndpoint": 1, "DescribeEndpointConfig": 1}


async def test_every_fault_is_told_at_once(bench: MutationBench) -> None:
    value = {
        **TRAINING.wanted,
        "name": "no_underscores",
        "algorithmName": "also-an-algorithm",
        "instanceCount": -1,
        "maxWaitSeconds": 60,
        "channels": [{"name": "train", "s3Uri": "nowhere", "distribution": "Everywhere"}],
        "network": {"subnets": ["subnet-1"]},
        "tags": [{"key": "aws:mine", "value": "x"}, {"key": "a", "value": "!"}],
    }
    payload = await bench.do("createTrainingJob", value, "created")
    assert {tuple(error["field"]) for error in payload["userErrors"]} == {
        ("name",),
        ("trainingImage",),
        ("instanceCount",),
        ("maxWaitSeconds",),
        ("channels", "0", "s3Uri"),
        ("channels", "0", "distribution"),
        ("network",),
        ("network", "securityGroupIds"),
        ("tags", "0", "key"),
        ("tags", "1", "value"),
    }
    assert {error["code"] for error in payload["userErrors"]} == {"INVALID"}
    assert bench.asked() == {}


async def test_faults_of_variants_have_their_path(bench: MutationBench) -> None:
    variants = [
        {"modelName": "fraud-detection-v11"},
        {"name": "b", "modelName": "x y", "serverless": {"memorySizeInMB": 1, "maxConcurrency": 1}},
    ]
    payload = await bench.do("createSnapshot", {"variants": variants}, "created")
    fields = [error["field"] for error in payload["userErrors"]]
    assert ["variants", "1", "modelName"] in fields
    assert ["variants", "1", "serverless", "memorySizeInMB"] in fields
    assert all(field[:2] in (["variants", "0"], ["variants", "1"]) for field in fields)
    assert bench.asked() == {}


@pytest.mark.parametrize(
    ("mutation", "value", "field", "words"),
    [
        ("createTransformJob", {"modelName": "no-such-model"}, ["modelName"], "Could not find model"),
        ("createTrainingJob", {"likeTrainingJob": "no-such-job"}, ["likeTrainingJob"], "no-such-job"),
        ("createSnapshot", {"variants": [{"modelName": "none", "instanceType": "ml.m5.large"}]}, None, "none"),
        ("createRuntime", {"snapshotName": "no-such"}, ["snapshotName"], "no-such"),
        ("updateRuntime", {"snapshotName": "no-such"}, ["snapshotName"], "no-such"),
        ("updateRuntime", {"name": "no-such"}, ["name"], "no-such"),
        ("deleteRuntime", {"name": "no-such"}, ["name"], "no-such"),
        ("deleteSnapshot", {"name": "no-such"}, ["name"], "no-such"),
        ("stopJob", {"name": "no-such"}, ["name"], "no-such"),
    ],
)
async def test_what_is_not_there_is_told_by_its_field(
    bench: MutationBench, mutation: str, value: Any, field: Any, words: str
) -> None:
    payload = await bench.do(mutation, {**INPUTS[mutation], **value}, TOLD)
    (error,) = payload["userErrors"]
    assert error["code"] == "NOT_FOUND"
    assert error["field"] == (["variants", "0", "modelName"] if mutation == "createSnapshot" else field)
    assert words in error["message"]


@pytest.mark.parametrize("mutation", ["stopJob", "deleteSnapshot", "deleteRuntime", "updateRuntime"])
async def test_no_name_at_all_is_refused_before_aws(bench: MutationBench, mutation: str) -> None:
    payload = await bench.do(mutation, {**INPUTS[mutation], "name": "no name!"}, TOLD)
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [("INVALID", ["name"])]
    assert bench.asked() == {}
    (event,) = await bench.events()
    assert event.target is not None
    assert event.target.endswith(" no name!")


@pytest.mark.parametrize("key", ["", "k" * 257])
async def test_a_key_has_its_length(bench: MutationBench, key: str) -> None:
    payload = await bench.do("createRuntime", {**NEW_RUNTIME.wanted, "idempotencyKey": key}, "created")
    (error,) = payload["userErrors"]
    assert (error["code"], error["field"]) == ("INVALID", ["idempotencyKey"])
    assert RISK.account not in error["message"]
    assert bench.asked() == {}


async def test_thousands_of_faults_make_no_long_answer_and_no_long_event(bench: MutationBench) -> None:
    pairs = [{"key": f"k-{number}", "value": ""} for number in range(2000)]
    payload = await bench.do("createTransformJob", {**INPUTS["createTransformJob"], "environment": pairs}, TOLD)
    assert len(payload["userErrors"]) == 101
    assert payload["userErrors"][-1]["message"].endswith(" more faults like these.")
    (event,) = await bench.events()
    assert event.detail is not None
    assert (len(event.detail), event.detail[-1]) == (4000, "…")
