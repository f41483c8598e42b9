"""Secrets that are given with a job: passed on to SageMaker, and found nowhere else."""

import logging
from collections.abc import AsyncIterator

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway
from tests.live.mutation_bench import (
    PERMISSIONS,
    SECRET,
    TRAINING,
    TRANSFORM,
    Creation,
    MutationBench,
    mutation_bench_on,
    shown_of,
    tags_of,
)

JOBS = (TRANSFORM, TRAINING)


@pytest.fixture
async def bench(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> AsyncIterator[MutationBench]:
    async with mutation_bench_on(open_gateway, sandbox) as opened:
        yield opened


@pytest.fixture(params=JOBS, ids=lambda item: item.mutation)
def creation(request: pytest.FixtureRequest) -> Creation:
    result: Creation = request.param
    return result


async def said(bench: MutationBench) -> str:
    """All that the audit holds."""
    return repr(await bench.events())


async def test_they_are_passed_on_and_shown_to_nobody(
    bench: MutationBench, creation: Creation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = await bench.ask(creation.mutation, {**creation.wanted, "name": "One"}, shown_of(creation))
    assert SECRET not in str(answer.body)
    assert SECRET not in await said(bench)
    own = [record.getMessage() for record in caplog.records if record.name.startswith("sagegraph")]
    assert SECRET not in str(own)
    name = {"TransformJobName": "One"} if creation is TRANSFORM else {"TrainingJobName": "One"}
    job = bench.sandbox.call(creation.describe, RISK.account, RISK.region, **name)
    assert SECRET in str(job.get("Environment") or job.get("HyperParameters"))
    assert SECRET not in str(tags_of(bench.sandbox, answer.data[creation.mutation][creation.field]["arn"]))


async def test_who_may_see_secrets_sees_them(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> None:
    permissions = [PERMISSIONS[0], {"group": "risk", "allow": ["CREATE_JOBS", "SEE_SECRETS"]}]
    async with mutation_bench_on(open_gateway, sandbox, permissions=permissions) as bench:
        payload = await bench.make(TRANSFORM, name="One")
    assert payload["transformJob"]["environment"] == [{"key": "TOKEN", "value": SECRET, "redacted": False}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"instanceCount": "two"},
        {"instanceType": 5},
        {"unknown": "field"},
        {"tags": [{"key": "a"}]},
        {"environment": [{"key": "TOKEN", "value": SECRET}, {"key": "x", "value": 7}]},
        {"environment": [{"key": "TOKEN", "value": SECRET, "also": SECRET}]},
        {"environment": SECRET},
        {"environment": [SECRET]},
        {"environment": [{"key": "TOKEN", "value": [SECRET]}]},
        {"environment": [{"value": SECRET}]},
    ],
    ids=str,
)
async def test_a_wrong_field_beside_them_does_not_repeat_them(
    bench: MutationBench, creation: Creation, wrong: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    """GraphQL's own words would: they quote the whole of what they find wrong."""
    caplog.set_level(logging.DEBUG)
    answer = await bench.ask(creation.mutation, {**creation.wanted, **wrong}, "created")
    assert set(answer.codes) == {"BAD_USER_INPUT"}
    assert SECRET not in str(answer.body)
    assert SECRET not in caplog.text
    assert (bench.asked(), await bench.events()) == ({}, ())


async def test_a_wrong_field_in_a_document_does_not_repeat_them(bench: MutationBench) -> None:
    value = f'modelName: 5, environment: [{{key: "TOKEN", value: "{SECRET}", also: "{SECRET}"}}, {{value: {SECRET}}}]'
    answer = await bench.gateway.ask(f"mutation {{ createTransformJob(input: {{{value}}}) {{ created }} }}")
    assert set(answer.codes) == {"BAD_USER_INPUT"}
    assert SECRET not in str(answer.body)


async def test_aws_s_own_words_are_shown_without_them(bench: MutationBench, creation: Creation) -> None:
    words = f"1 validation error detected: Value '{SECRET}' at 'environment.TOKEN.member' is bad, and so is {SECRET}"
    bench.sandbox.faults.fail(creation.operation, status=400, code="ValidationException", message=words)
    payload = await bench.do(creation.mutation, creation.wanted, "created")
    (error,) = payload["userErrors"]
    assert error["code"] == "INVALID"
    assert "validation error" in error["message"]
    assert SECRET not in str(payload)
    assert SECRET not in await said(bench)


async def test_nor_where_aws_refuses_the_role(bench: MutationBench, creation: Creation) -> None:
    message = f'Not authorized to perform this with {{"TOKEN": "{SECRET}"}}'
    bench.sandbox.faults.fail(creation.operation, status=400, code="AccessDeniedException", message=message)
    answer = await bench.ask(creation.mutation, creation.wanted, "created")
    assert answer.codes == ["FORBIDDEN"]
    assert 'Not authorized to perform this with {"TOKEN": "…"}' in answer.error["message"]
    assert SECRET not in str(answer.body)
    assert SECRET not in await said(bench)


async def test_a_conflict_does_not_tell_what_differs(bench: MutationBench, creation: Creation) -> None:
    await bench.do(creation.mutation, {**creation.wanted, "name": "One"}, "created")
    payload = await bench.do(creation.mutation, {**creation.other, "name": "One"}, "created")
    assert SECRET not in str(payload)
    assert SECRET not in await said(bench)


async def test_a_fault_of_theirs_is_told_by_its_place(bench: MutationBench) -> None:
    long = SECRET * 1000
    value = {**TRANSFORM.wanted, "environment": [{"key": "A", "value": "b"}, {"key": "A B", "value": long}]}
    payload = await bench.do("createTransformJob", value, "created")
    assert {tuple(error["field"]) for error in payload["userErrors"]} == {
        ("environment", "1", "key"),
        ("environment", "1", "value"),
    }
    assert SECRET not in str(payload)
