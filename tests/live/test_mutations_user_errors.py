"""What is at fault with an input is told in one answer, whichever rule it breaks; and nothing is done."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway
from tests.live.mutation_bench import (
    MODEL,
    NEW_RUNTIME,
    NEW_SNAPSHOT,
    PERMISSIONS,
    TRAINING,
    TRANSFORM,
    Creation,
    MutationBench,
    mutation_bench_on,
)

LIMITS = {"instanceTypes": ["ml.m5.large"], "maxInstances": 2}
MANY = {"instanceType": "ml.p3.2xlarge", "instanceCount": 3}
VARIANT = {"modelName": MODEL, "instanceType": "ml.m5.large"}


@pytest.fixture
async def bench(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> AsyncIterator[MutationBench]:
    permissions = [PERMISSIONS[0], {**PERMISSIONS[1], **LIMITS}]
    async with mutation_bench_on(open_gateway, sandbox, permissions=permissions) as opened:
        yield opened


async def told(bench: MutationBench, creation: Creation, **value: Any) -> list[tuple[str, str]]:
    """The code and the path of every fault of what is asked for, in their order."""
    payload = await bench.do(creation.mutation, {**creation.wanted, **value}, f"created {creation.field} {{ name }}")
    assert (payload["created"], payload[creation.field]) == (False, None)
    return [(error["code"], ".".join(error["field"])) for error in payload["userErrors"]]


@pytest.mark.parametrize(
    ("creation", "value", "beyond"),
    [
        (TRANSFORM, MANY, ["instanceType", "instanceCount"]),
        (TRAINING, MANY, ["instanceType", "instanceCount"]),
        (
            NEW_SNAPSHOT,
            {"variants": [{**VARIANT, "instanceType": "ml.p3.2xlarge", "initialInstanceCount": 3}]},
            ["variants.0.instanceType", "variants.0.initialInstanceCount"],
        ),
    ],
    ids=lambda item: getattr(item, "mutation", ""),
)
async def test_faults_of_form_and_limits_are_told_together(
    bench: MutationBench, creation: Creation, value: Any, beyond: list[str]
) -> None:
    result = await told(bench, creation, name="no_underscores", tags=[{"key": "aws:x", "value": ""}], **value)
    assert result == [
        ("INVALID", "tags.0.key"),
        ("INVALID", "name"),
        *(("QUOTA_EXCEEDED", element) for element in beyond),
    ]
    assert bench.asked() == {}


async def test_a_key_and_the_rest_are_told_together(bench: MutationBench) -> None:
    result = await told(bench, TRANSFORM, idempotencyKey="", maxPayloadInMB=101, instanceCount=3)
    assert result == [
        ("INVALID", "maxPayloadInMB"),
        ("INVALID", "idempotencyKey"),
        ("QUOTA_EXCEEDED", "instanceCount"),
    ]
    assert bench.asked() == {}


async def test_too_many_instances_of_no_type_are_told(bench: MutationBench) -> None:
    assert await told(bench, TRAINING, instanceType=None, instanceCount=3) == [
        ("INVALID", "instanceType"),
        ("QUOTA_EXCEEDED", "instanceCount"),
    ]
    assert await told(bench, NEW_SNAPSHOT, variants=[{"modelName": MODEL, "initialInstanceCount": 3}]) == [
        ("INVALID", "variants.0.instanceType"),
        ("QUOTA_EXCEEDED", "variants.0.initialInstanceCount"),
    ]
    assert bench.asked() == {}


async def test_thousands_of_forbidden_variants_make_no_long_answer(bench: MutationBench) -> None:
    variants = [{"name": f"v{number}", "modelName": "m", "instanceType": "ml.p3.8xlarge"} for number in range(1000)]
    result = await bench.do("createSnapshot", {"variants": variants}, "created")
    assert [error["code"] for error in result["userErrors"]] == ["INVALID", *["QUOTA_EXCEEDED"] * 101]
    assert bench.asked() == {}


async def test_variants_count_together(bench: MutationBench) -> None:
    variants = [{**VARIANT, "name": name} for name in ("a", "b", "c")]
    assert await told(bench, NEW_SNAPSHOT, variants=variants) == [("QUOTA_EXCEEDED", "variants.2.initialInstanceCount")]
    shadowed = {"variants": [{**VARIANT, "initialInstanceCount": 2}], "shadowVariants": [{**VARIANT, "name": "b"}]}
    assert await told(bench, NEW_SNAPSHOT, **shadowed) == [("QUOTA_EXCEEDED", "shadowVariants.0.initialInstanceCount")]
    assert bench.asked() == {}


async def like(bench: MutationBench, **value: Any) -> list[tuple[str, str]]:
    """What is told of a job like one that is not there, or whose name cannot be one."""
    payload = await bench.do("createTrainingJob", {"likeTrainingJob": "no-such-job", **value}, "created")
    return [(error["code"], ".".join(error["field"])) for error in payload["userErrors"]]


async def test_without_the_job_to_copy_the_other_faults_are_told_too(bench: MutationBench) -> None:
    """Not what it may have brought: an image, a type of instances, a role, a place for the output."""
    assert await like(bench) == [("NOT_FOUND", "likeTrainingJob")]
    result = await like(bench, name="no_underscores", outputS3Uri="there", network={"subnets": ["subnet-1"]}, **MANY)
    assert result == [
        ("INVALID", "network"),
        ("INVALID", "name"),
        ("INVALID", "outputS3Uri"),
        ("NOT_FOUND", "likeTrainingJob"),
        ("QUOTA_EXCEEDED", "instanceType"),
        ("QUOTA_EXCEEDED", "instanceCount"),
    ]
    assert bench.asked() == {"DescribeTrainingJob": 2}
    result = await like(bench, likeTrainingJob="no job!", instanceCount=3)
    assert result == [("INVALID", "likeTrainingJob"), ("QUOTA_EXCEEDED", "instanceCount")]
    assert bench.asked() == {}


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        ({"useSpot": True}, []),
        ({"maxWaitSeconds": 60}, []),
        ({"maxRuntimeSeconds": 60}, []),
        ({"useSpot": True, "maxWaitSeconds": 60, "maxRuntimeSeconds": 61}, ["maxWaitSeconds"]),
        ({"useSpot": False, "maxWaitSeconds": 60}, ["maxWaitSeconds"]),
        ({"trainingImage": "image:1", "algorithmName": "mine"}, ["trainingImage"]),
        ({"trainingImage": "image:1", "channels": [{"name": "a", "s3Uri": "s3://a/b"}] * 2}, ["channels.1.name"]),
    ],
    ids=str,
)
async def test_what_goes_with_the_job_to_copy_is_judged_where_it_can_be(
    bench: MutationBench, value: dict[str, Any], faults: list[str]
) -> None:
    assert await like(bench, **value) == [*(("INVALID", fault) for fault in faults), ("NOT_FOUND", "likeTrainingJob")]


async def test_too_many_tags_are_told_once(bench: MutationBench) -> None:
    for creation in (TRANSFORM, NEW_RUNTIME):
        tags = [{"key": f"k{number}", "value": ""} for number in range(60)]
        payload = await bench.do(creation.mutation, {**creation.wanted, "tags": tags}, "created")
        words = "`tags` has 60 tags; give at most 47, since the gateway adds its own."
        assert payload["userErrors"] == [{"message": words, "code": "INVALID", "field": ["tags"]}]
    assert bench.asked() == {}


async def test_an_empty_text_is_no_default(bench: MutationBench) -> None:
    assert await told(bench, NEW_SNAPSHOT, variants=[{**VARIANT, "name": ""}]) == [("INVALID", "variants.0.name")]
    channel = {**TRAINING.wanted["channels"][0], "s3DataType": ""}
    assert await told(bench, TRAINING, channels=[channel]) == [("INVALID", "channels.0.s3DataType")]
    assert bench.asked() == {}


async def test_the_name_of_a_hyper_parameter_may_be_a_number(bench: MutationBench) -> None:
    pairs = [{"key": "1", "value": "a"}, {"key": "0", "value": "b"}]
    payload = await bench.do(
        "createTrainingJob", {**TRAINING.wanted, "name": "One", "hyperParameters": pairs}, "created"
    )
    assert payload == {"created": True, "userErrors": []}
    job = bench.sandbox.call("DescribeTrainingJob", RISK.account, RISK.region, TrainingJobName="One")
    assert job["HyperParameters"] == {"1": "a", "0": "b"}
    pairs = [{"key": "1", "value": "a"}]
    assert await told(bench, TRANSFORM, environment=pairs) == [("INVALID", "environment.0.key")]


NO_MORE = {"instanceCount": 1, "environment": []}
SPELLED: tuple[tuple[Creation, dict[str, Any], dict[str, Any]], ...] = (
    (TRANSFORM, {"environment": None, "instanceCount": None}, NO_MORE),
    (
        TRAINING,
        {"hyperParameters": None},
        {
            **NO_MORE,
            "hyperParameters": [],
            "inputMode": "File",
            "volumeSizeInGB": 30,
            "maxRuntimeSeconds": 86400,
            "useSpot": False,
            "network": {"isolated": False},
            "channels": [{**TRAINING.wanted["channels"][0], "s3DataType": "S3Prefix"}],
        },
    ),
    (
        NEW_SNAPSHOT,
        {},
        {
            "variants": [{**VARIANT, "name": "AllTraffic", "initialInstanceCount": 1, "initialWeight": 1}],
            "shadowVariants": [],
        },
    ),
)


@pytest.mark.parametrize(("creation", "bare", "spelled"), SPELLED, ids=lambda item: getattr(item, "mutation", ""))
async def test_defaults_spelled_out_are_the_same_content(
    bench: MutationBench, creation: Creation, bare: dict[str, Any], spelled: dict[str, Any]
) -> None:
    for naming, first, again in (("a", bare, spelled), ("b", spelled, bare)):
        for value, created in ((first, True), (again, False)):
            payload = await bench.do(
                creation.mutation, {**creation.wanted, **value, "idempotencyKey": naming}, "created"
            )
            assert payload == {"created": created, "userErrors": []}
    assert bench.asked()[creation.operation] == 4
