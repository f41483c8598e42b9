"""Creating over HTTP, under IAM: one thing for one name or key, whatever happens; audited, and known from then on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from registry.enums import AuditOutcome
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway, fresh_database
from tests.live.mutation_bench import (
    CREATIONS,
    NEW_RUNTIME,
    TAGS,
    TRAINING,
    Creation,
    MutationBench,
    mutation_bench_on,
    shown_of,
    tags_of,
)

pytestmark = pytest.mark.usefixtures("prompt_retries")

EXPECTED: dict[str, dict[str, Any]] = {
    "transformJob": {
        "status": "IN_PROGRESS",
        "instanceCount": 1,
        "modelName": "fraud-detection-v11",
        "model": {"name": "fraud-detection-v11"},
        "environment": [{"key": "TOKEN", "value": None, "redacted": True}],
    },
    "trainingJob": {
        "status": "IN_PROGRESS",
        "instanceCount": 1,
        "hyperParameters": [{"key": "password", "value": None, "redacted": True}],
        "inputs": [{"channel": "train", "s3Uri": f"s3://{RISK.bucket}/batches/"}],
    },
    "snapshot": {
        "variants": [{"name": "AllTraffic", "instanceType": "ml.m5.large", "initialInstanceCount": 1}],
        "models": [{"name": "fraud-detection-v11"}],
        "runtimes": {"totalCount": 0},
    },
    "runtime": {
        "status": "CREATING",
        "snapshotName": "fraud-detection-v11",
        "snapshot": {"name": "fraud-detection-v11"},
        "models": [{"name": "fraud-detection-v11"}],
    },
}
PLAIN = "created"


@pytest.fixture
async def bench(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> AsyncIterator[MutationBench]:
    async with mutation_bench_on(open_gateway, sandbox) as opened:
        yield opened


@pytest.fixture(params=CREATIONS, ids=lambda item: item.mutation)
def creation(request: pytest.FixtureRequest) -> Creation:
    result: Creation = request.param
    return result


async def plain(bench: MutationBench, creation: Creation, value: Any = None, **naming: Any) -> Any:
    """The payload with no more than the name, which costs no further call."""
    content = creation.wanted if value is None else value
    return await bench.do(creation.mutation, {**content, **naming}, f"created {creation.field} {{ name }}")


async def test_it_is_made_and_shown(bench: MutationBench, creation: Creation) -> None:
    payload = await bench.make(creation, name="One", tags=TAGS)
    made = payload[creation.field]
    assert (payload["created"], payload["userErrors"]) == (True, [])
    assert {name: made[name] for name in EXPECTED[creation.field]} == EXPECTED[creation.field]
    assert (made["name"], made["source"]) == ("One", "LIVE")
    tags = tags_of(bench.sandbox, made["arn"])
    assert {tag["key"]: tag["value"] for tag in made["tags"]} == tags
    assert tags.pop("sagegraph:content").startswith("1.")
    assert tags == {"purpose": "test", "sagegraph:created-by": "ann", "sagegraph:group": "risk"}


async def test_it_costs_a_write_and_a_look(bench: MutationBench, creation: Creation) -> None:
    assert (await plain(bench, creation, name="One"))["created"] is True
    expected = {creation.operation: 1, creation.describe: 1}
    assert bench.asked() == {**expected, **creation.looks}


async def test_it_is_audited(bench: MutationBench, creation: Creation) -> None:
    answer = await bench.ask(creation.mutation, {**creation.wanted, "name": "One"}, PLAIN)
    (event,) = await bench.events()
    assert (event.actor, event.group, event.role_arn) == ("ann", "risk", RISK.role_arn)
    assert (event.action, event.outcome, event.detail) == (creation.mutation, AuditOutcome.SUCCEEDED, None)
    assert event.target == f"{creation.field[0].upper()}{creation.field[1:]} One"
    assert event.request_id == answer.headers["x-request-id"]
    assert len(event.aws_request_ids) == 1


async def test_it_is_known_from_then_on(bench: MutationBench, creation: Creation) -> None:
    """The lists that were read before have it, without being read again."""
    lists = {"transformJob": "jobs", "trainingJob": "jobs", "snapshot": "snapshots", "runtime": "runtimes"}
    question = f"{{ {lists[creation.field]}(first: 1) {{ nodes {{ id name }} }} }}"
    await bench.gateway.ask(question)
    made = (await bench.make(creation, name="One"))[creation.field]
    bench.asked()
    result = (await bench.gateway.ask(question)).data[lists[creation.field]]["nodes"]
    assert result == [{"id": made["id"], "name": "One"}]
    node = await bench.gateway.ask("query($id: ID!) { node(id: $id) { id } }", {"id": made["id"]})
    assert node.data == {"node": {"id": made["id"]}}
    assert bench.asked() == {}


async def test_the_same_key_gives_the_same_thing(bench: MutationBench, creation: Creation) -> None:
    before = creation.names(bench.sandbox)
    first = await bench.make(creation, idempotencyKey="monday's")
    again = await bench.make(creation, idempotencyKey="monday's")
    assert (first["created"], again["created"]) == (True, False)
    assert first[creation.field]["id"] == again[creation.field]["id"]
    assert len(creation.names(bench.sandbox)) == len(before) + 1
    assert [event.outcome for event in await bench.events()] == [AuditOutcome.SUCCEEDED] * 2
    assert [len(event.aws_request_ids) for event in await bench.events()] == [1, 0]


@pytest.mark.parametrize(("field", "naming"), [("idempotencyKey", {"idempotencyKey": "k"}), ("name", {"name": "One"})])
async def test_other_content_is_a_conflict(bench: MutationBench, creation: Creation, field: str, naming: Any) -> None:
    first = await plain(bench, creation, **naming)
    before = creation.names(bench.sandbox)
    payload = await plain(bench, creation, creation.other, **naming)
    (error,) = payload["userErrors"]
    assert (payload["created"], payload[creation.field]) == (False, None)
    assert (error["code"], error["field"]) == ("CONFLICT", [field])
    assert first[creation.field]["name"] in error["message"]
    assert creation.names(bench.sandbox) == before
    event = (await bench.events())[-1]
    assert (event.outcome, event.detail) == (AuditOutcome.FAILED, error["message"])


async def test_what_was_not_made_here_is_told_of(bench: MutationBench, creation: Creation) -> None:
    """A name of the estate: nothing tells whether its content is the same."""
    taken = creation.names(bench.sandbox)[0]
    payload = await plain(bench, creation, name=taken)
    (error,) = payload["userErrors"]
    assert (error["code"], error["field"]) == ("ALREADY_EXISTS", ["name"])


async def test_without_a_name_each_is_a_fresh_one(bench: MutationBench, creation: Creation) -> None:
    before = set(creation.names(bench.sandbox))
    names = [(await plain(bench, creation))[creation.field]["name"] for _ in range(2)]
    assert len(set(names)) == 2
    assert set(creation.names(bench.sandbox)) == before | set(names)
    assert [event.target and event.target.split()[1] for event in await bench.events()] == names


async def test_two_at_once_make_one(bench: MutationBench, creation: Creation) -> None:
    before = creation.names(bench.sandbox)
    payloads = await asyncio.gather(*(plain(bench, creation, idempotencyKey="k") for _ in range(2)))
    assert sorted(payload["created"] for payload in payloads) == [False, True]
    assert len({payload[creation.field]["name"] for payload in payloads}) == 1
    assert len(creation.names(bench.sandbox)) == len(before) + 1


async def test_twenty_at_once_in_trouble_make_one(bench: MutationBench, creation: Creation) -> None:
    """Some answers are lost, some calls dropped or throttled; each caller gets the one thing, or may ask again."""
    before = creation.names(bench.sandbox)
    for trouble in ("drop", "lose", "throttle"):
        getattr(bench.sandbox.faults, trouble)(creation.operation, times=2)
    value, shown = {**creation.wanted, "idempotencyKey": "k"}, f"{creation.field} {{ name }}"
    answers = await asyncio.gather(*(bench.ask(creation.mutation, value, shown) for _ in range(20)))
    (made,) = set(creation.names(bench.sandbox)) - set(before)
    passing = {"UPSTREAM_UNAVAILABLE", "THROTTLED", "TIMEOUT"}
    for answer in answers:
        if "errors" in answer.body:
            assert set(answer.codes) <= passing
        else:
            assert answer.data[creation.mutation] == {creation.field: {"name": made}, "userErrors": []}


@pytest.mark.parametrize(
    ("item", "kind"),
    [("operation", "drop"), ("operation", "lose"), ("operation", "throttle"), ("describe", "drop")],
)
async def test_trouble_in_the_middle_makes_one(bench: MutationBench, creation: Creation, item: str, kind: str) -> None:
    before = creation.names(bench.sandbox)
    getattr(bench.sandbox.faults, kind)(getattr(creation, item), times=1)
    payload = await plain(bench, creation, name="One")
    assert (payload["created"], payload["userErrors"]) == (True, [])
    assert creation.names(bench.sandbox) == sorted([*before, "One"])


async def test_an_outage_is_an_error_that_can_be_repeated(bench: MutationBench, creation: Creation) -> None:
    before = creation.names(bench.sandbox)
    bench.sandbox.faults.fail(creation.operation, status=503)
    answer = await bench.ask(creation.mutation, {**creation.wanted, "idempotencyKey": "k"}, PLAIN)
    assert (answer.body["data"], answer.codes) == ({creation.mutation: None}, ["UPSTREAM_UNAVAILABLE"])
    assert answer.error["extensions"]["awsOperation"] == creation.operation
    assert creation.names(bench.sandbox) == before
    bench.sandbox.faults.clear()
    assert (await plain(bench, creation, idempotencyKey="k"))["created"] is True
    assert [event.outcome for event in await bench.events()] == [AuditOutcome.FAILED, AuditOutcome.SUCCEEDED]


async def test_a_lost_answer_that_nothing_tells_of_is_found_by_the_repeated_call(
    bench: MutationBench, creation: Creation
) -> None:
    before = creation.names(bench.sandbox)
    bench.sandbox.faults.lose(creation.operation, times=1)
    bench.sandbox.faults.drop(creation.describe, times=2)
    answer = await bench.ask(creation.mutation, {**creation.wanted, "idempotencyKey": "k"}, PLAIN)
    assert answer.codes == ["UPSTREAM_UNAVAILABLE"]
    bench.sandbox.faults.clear()
    payload = await plain(bench, creation, idempotencyKey="k")
    assert (payload["created"], payload["userErrors"]) == (False, [])
    assert len(creation.names(bench.sandbox)) == len(before) + 1


async def test_a_role_that_may_not_is_named(bench: MutationBench, creation: Creation) -> None:
    before = creation.names(bench.sandbox)
    bench.sandbox.faults.refuse(creation.operation)
    answer = await bench.ask(creation.mutation, {**creation.wanted, "name": "One"}, PLAIN)
    assert answer.codes == ["FORBIDDEN"]
    text = answer.error["extensions"]
    assert (text["awsOperation"], text["role"]) == (creation.operation, RISK.role_arn)
    assert creation.names(bench.sandbox) == before
    (event,) = await bench.events()
    assert (event.outcome, event.role_arn, event.aws_request_ids) == (AuditOutcome.REFUSED, RISK.role_arn, ())


@pytest.mark.parametrize(("code", "text"), [("AccessDeniedException", "FORBIDDEN"), ("ValidationException", None)])
async def test_what_was_made_and_cannot_be_shown_is_said_to_be_made(
    bench: MutationBench, creation: Creation, code: str, text: str | None
) -> None:
    """A role may be let create and not describe; that is no fault of the input, and more than a refusal."""
    before = creation.names(bench.sandbox)
    bench.sandbox.faults.fail(creation.describe, status=400, code=code, message="Not this.")
    answer = await bench.ask(creation.mutation, {**creation.wanted, "name": "One"}, PLAIN)
    assert answer.codes == [text or "UPSTREAM_UNAVAILABLE"]
    assert "`One` was made" in answer.error["message"]
    assert "Not this." in answer.error["message"]
    assert creation.names(bench.sandbox) == sorted([*before, "One"])
    (event,) = await bench.events()
    assert (event.detail, len(event.aws_request_ids)) == (answer.error["message"], 1)
    bench.sandbox.faults.clear()
    assert await plain(bench, creation, name="One") == {
        "created": False,
        creation.field: {"name": "One"},
        "userErrors": [],
    }


async def test_a_quota_is_the_input_s_fault(bench: MutationBench, creation: Creation) -> None:
    words = "The account-level service limit is 0 Instances."
    bench.sandbox.faults.fail(creation.operation, status=400, code="ResourceLimitExceeded", message=words)
    payload = await plain(bench, creation, name="One")
    assert payload["userErrors"] == [{"message": words, "code": "QUOTA_EXCEEDED", "field": None}]


async def test_a_job_like_another_has_its_secrets_and_shows_none(bench: MutationBench) -> None:
    await plain(bench, TRAINING, name="One")
    payload = await bench.do(
        "createTrainingJob",
        {"likeTrainingJob": "One", "name": "Two", "instanceCount": 2},
        shown_of(TRAINING),
    )
    made = payload["trainingJob"]
    assert (payload["created"], made["instanceCount"]) == (True, 2)
    assert made["hyperParameters"] == [{"key": "password", "value": None, "redacted": True}]
    jobs = [
        bench.sandbox.call("DescribeTrainingJob", RISK.account, RISK.region, TrainingJobName=name)
        for name in ("One", "Two")
    ]
    assert jobs[0]["HyperParameters"] == jobs[1]["HyperParameters"]


async def test_a_new_snapshot_that_is_not_seen_yet_is_waited_for(bench: MutationBench) -> None:
    words = 'Could not find endpoint configuration "fraud-detection-v11".'
    bench.sandbox.faults.fail("CreateEndpoint", status=400, code="ValidationException", message=words, times=2)
    assert (await plain(bench, NEW_RUNTIME, name="One"))["created"] is True
    assert bench.asked()["CreateEndpoint"] == 3


async def test_what_takes_too_long_goes_on_and_is_found_by_the_repeated_call(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, creation: Creation
) -> None:
    """A gateway that ends waits for it."""
    stored = {"url": fresh_database()}
    before = creation.names(sandbox)
    async with mutation_bench_on(open_gateway, sandbox, database=stored, limits={"seconds": 0.8}) as bench:
        await bench.gateway.ask("{ models(first: 1) { nodes { name } } }")
        hold = sandbox.faults.block(creation.operation)
        answer = await bench.ask(creation.mutation, {**creation.wanted, "idempotencyKey": "k"}, PLAIN)
        assert (answer.codes, await bench.events()) == (["TIMEOUT"], ())
        hold.release()
    async with mutation_bench_on(open_gateway, sandbox, database=stored) as bench:
        assert [event.outcome for event in await bench.events()] == [AuditOutcome.SUCCEEDED]
        assert (await plain(bench, creation, idempotencyKey="k"))["created"] is False
        assert len(creation.names(sandbox)) == len(before) + 1
