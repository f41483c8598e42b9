"""Runtimes are moved and deleted, snapshots deleted, jobs stopped, over HTTP; repeated or in trouble, once."""

from collections.abc import AsyncIterator

import pytest

from registry.enums import AuditOutcome
from sandbox.estate import Estate
from sandbox.sagemaker.store import TRAINING_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway
from tests.live.mutation_bench import (
    OTHER_SNAPSHOT,
    RUNTIME,
    SNAPSHOT,
    TRAINING,
    TRANSFORM,
    Creation,
    MutationBench,
    mutation_bench_on,
)

pytestmark = pytest.mark.usefixtures("prompt_retries")

MOVED = "runtime { name status snapshotName pendingSnapshot { name } }"
# The estate's endpoint runs this one.
RUNS = "fraud-detection-v11-shadow-v12"


@pytest.fixture
async def bench(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> AsyncIterator[MutationBench]:
    async with mutation_bench_on(open_gateway, sandbox) as opened:
        yield opened


def endpoint(sandbox: Sandbox, name: str = RUNTIME) -> tuple[str, str, str | None]:
    """An endpoint's status, configuration, and the one that it is on its way to."""
    result = sandbox.call("DescribeEndpoint", RISK.account, RISK.region, EndpointName=name)
    pending = result.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
    return result["EndpointStatus"], result["EndpointConfigName"], pending


async def test_a_runtime_is_moved(bench: MutationBench) -> None:
    payload = await bench.do("updateRuntime", {"name": RUNTIME, "snapshotName": OTHER_SNAPSHOT}, MOVED)
    assert payload == {
        "runtime": {
            "name": RUNTIME,
            "status": "UPDATING",
            "snapshotName": RUNS,
            "pendingSnapshot": {"name": OTHER_SNAPSHOT},
        },
        "userErrors": [],
    }
    assert endpoint(bench.sandbox) == ("Updating", RUNS, OTHER_SNAPSHOT)
    asked = bench.asked()
    assert asked.pop("DescribeEndpointConfig") >= 1
    assert asked == {"DescribeEndpoint": 2, "UpdateEndpoint": 1}
    (event,) = await bench.events()
    assert (event.action, event.target, event.outcome) == (
        "updateRuntime",
        f"Runtime {RUNTIME}",
        AuditOutcome.SUCCEEDED,
    )
    assert len(event.aws_request_ids) == 1


@pytest.mark.parametrize("trouble", ["drop", "lose", "throttle"])
async def test_a_move_in_trouble_is_made_once(bench: MutationBench, trouble: str) -> None:
    getattr(bench.sandbox.faults, trouble)("UpdateEndpoint", times=1)
    payload = await bench.do("updateRuntime", {"name": RUNTIME, "snapshotName": OTHER_SNAPSHOT}, MOVED)
    assert (payload["runtime"]["status"], payload["userErrors"]) == ("UPDATING", [])
    assert endpoint(bench.sandbox) == ("Updating", RUNS, OTHER_SNAPSHOT)


async def test_a_move_is_repeated_safely(bench: MutationBench) -> None:
    value = {"name": RUNTIME, "snapshotName": OTHER_SNAPSHOT}
    first = await bench.do("updateRuntime", value, MOVED)
    bench.asked()
    assert await bench.do("updateRuntime", value, MOVED) == first
    assert "UpdateEndpoint" not in bench.asked()


async def test_what_is_not_in_service_is_not_moved(bench: MutationBench) -> None:
    value = {"name": RUNTIME, "snapshotName": OTHER_SNAPSHOT}
    await bench.do("updateRuntime", value, MOVED)
    payload = await bench.do("updateRuntime", {**value, "snapshotName": SNAPSHOT}, MOVED)
    assert payload["runtime"] is None
    assert [(item["code"], item["field"]) for item in payload["userErrors"]] == [("CONFLICT", ["name"])]
    assert endpoint(bench.sandbox) == ("Updating", RUNS, OTHER_SNAPSHOT)
    assert (await bench.events())[-1].outcome is AuditOutcome.FAILED


@pytest.mark.parametrize("trouble", [None, "drop", "lose", "throttle"])
async def test_a_runtime_is_deleted(bench: MutationBench, trouble: str | None) -> None:
    if trouble is not None:
        getattr(bench.sandbox.faults, trouble)("DeleteEndpoint", times=1)
    payload = await bench.do("deleteRuntime", {"name": RUNTIME}, "runtime { name status snapshotName }")
    assert payload["runtime"] == {"name": RUNTIME, "status": "DELETING", "snapshotName": RUNS}
    assert endpoint(bench.sandbox)[0] == "Deleting"
    again = await bench.do("deleteRuntime", {"name": RUNTIME}, "runtime { name status snapshotName }")
    assert again == payload
    bench.sandbox.advance(600)
    gone = await bench.do("deleteRuntime", {"name": RUNTIME}, "runtime { name }")
    assert [(item["code"], item["field"]) for item in gone["userErrors"]] == [("NOT_FOUND", ["name"])]


async def test_a_runtime_that_comes_up_is_not_deleted(bench: MutationBench) -> None:
    await bench.do("createRuntime", {"name": "New", "snapshotName": SNAPSHOT}, "created")
    payload = await bench.do("deleteRuntime", {"name": "New"}, "runtime { name }")
    assert [(item["code"], item["field"]) for item in payload["userErrors"]] == [("CONFLICT", ["name"])]
    assert endpoint(bench.sandbox, "New")[0] == "Creating"


async def test_a_snapshot_in_use_stays_and_its_user_is_named(bench: MutationBench) -> None:
    payload = await bench.do("deleteSnapshot", {"name": RUNS}, "deletedSnapshotId")
    assert payload == {
        "deletedSnapshotId": None,
        "userErrors": [
            {
                "message": f"The snapshot `{RUNS}` is in use by `{RUNTIME}`; delete or update these runtimes first.",
                "code": "CONFLICT",
                "field": ["name"],
            }
        ],
    }
    assert "DeleteEndpointConfig" not in bench.asked()


async def test_a_snapshot_that_a_runtime_is_on_its_way_to_stays(bench: MutationBench) -> None:
    await bench.do("updateRuntime", {"name": RUNTIME, "snapshotName": OTHER_SNAPSHOT}, MOVED)
    payload = await bench.do("deleteSnapshot", {"name": OTHER_SNAPSHOT}, "deletedSnapshotId")
    (error,) = payload["userErrors"]
    assert error["code"] == "CONFLICT"
    assert RUNTIME in error["message"]


@pytest.mark.parametrize("trouble", [None, "drop", "lose", "throttle"])
async def test_a_snapshot_is_deleted(bench: MutationBench, trouble: str | None) -> None:
    question = f'{{ snapshot(name: "{SNAPSHOT}") {{ id }} }}'
    known = (await bench.gateway.ask(question)).data["snapshot"]["id"]
    if trouble is not None:
        getattr(bench.sandbox.faults, trouble)("DeleteEndpointConfig", times=1)
    payload = await bench.do("deleteSnapshot", {"name": SNAPSHOT}, "deletedSnapshotId")
    assert payload == {"deletedSnapshotId": known, "userErrors": []}
    assert (await bench.gateway.ask(question)).data == {"snapshot": None}
    (event,) = await bench.events()
    assert (event.action, event.target) == ("deleteSnapshot", f"Snapshot {SNAPSHOT}")


STOPPED = "job { name type status }"


@pytest.mark.parametrize(
    ("creation", "kind", "sort"), [(TRAINING, "TRAINING", "TrainingJob"), (TRANSFORM, "TRANSFORM", "TransformJob")]
)
@pytest.mark.parametrize("trouble", [None, "drop", "lose", "throttle"])
async def test_a_job_is_stopped(
    bench: MutationBench, creation: Creation, kind: str, sort: str, trouble: str | None
) -> None:
    await bench.do(creation.mutation, {**creation.wanted, "name": "One"}, "created")
    if trouble is not None:
        getattr(bench.sandbox.faults, trouble)("Stop*", times=1)
    payload = await bench.do("stopJob", {"type": kind, "name": "One"}, STOPPED)
    assert payload == {"job": {"name": "One", "type": kind, "status": "STOPPING"}, "userErrors": []}
    assert await bench.do("stopJob", {"type": kind, "name": "One"}, STOPPED) == payload
    event = (await bench.events())[1]
    assert (event.action, event.target, event.outcome) == ("stopJob", f"{sort} One", AuditOutcome.SUCCEEDED)


async def test_a_job_that_has_ended_stays_as_it_is(bench: MutationBench) -> None:
    bench.sandbox.timeline.decide_outcome(TRAINING_JOB, "One", Outcome(seconds=60))
    await bench.do("createTrainingJob", {**TRAINING.wanted, "name": "One"}, "created")
    bench.sandbox.advance(600)
    bench.asked()
    payload = await bench.do("stopJob", {"type": "TRAINING", "name": "One"}, STOPPED)
    assert payload["job"]["status"] == "COMPLETED"
    assert bench.asked() == {"DescribeTrainingJob": 1}


@pytest.mark.parametrize(
    ("mutation", "value", "operation"),
    [
        ("updateRuntime", {"name": RUNTIME, "snapshotName": OTHER_SNAPSHOT}, "UpdateEndpoint"),
        ("deleteRuntime", {"name": RUNTIME}, "DeleteEndpoint"),
        ("deleteSnapshot", {"name": SNAPSHOT}, "DeleteEndpointConfig"),
    ],
)
async def test_what_the_role_may_not_is_told_and_audited(
    bench: MutationBench, mutation: str, value: dict[str, str], operation: str
) -> None:
    bench.sandbox.faults.refuse(operation)
    answer = await bench.ask(mutation, value, "__typename")
    assert (answer.codes, answer.error["extensions"]["awsOperation"]) == (["FORBIDDEN"], operation)
    assert endpoint(bench.sandbox) == ("InService", RUNS, None)
    (event,) = await bench.events()
    assert (event.outcome, event.aws_request_ids) == (AuditOutcome.REFUSED, ())


async def test_runtimes_that_may_not_be_seen_keep_a_snapshot(bench: MutationBench) -> None:
    """Nobody knows whether one of them uses it."""
    bench.sandbox.faults.refuse("ListEndpoints")
    answer = await bench.ask("deleteSnapshot", {"name": SNAPSHOT}, "deletedSnapshotId")
    assert (answer.codes, answer.error["extensions"]["awsOperation"]) == (["FORBIDDEN"], "ListEndpoints")
    assert "DeleteEndpointConfig" not in bench.asked()


async def test_what_is_found_to_be_gone_is_not_shown_any_more(bench: MutationBench) -> None:
    """It was known a moment ago; who is told that there is none does not find it in the next answer."""
    question = f'{{ runtime(name: "{RUNTIME}") {{ status }} runtimes(first: 100) {{ nodes {{ name }} }} }}'
    assert (await bench.gateway.ask(question)).data["runtime"] == {"status": "IN_SERVICE"}
    bench.sandbox.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName=RUNTIME)
    bench.sandbox.advance(600)
    payload = await bench.do("deleteRuntime", {"name": RUNTIME}, "runtime { name }")
    assert [error["code"] for error in payload["userErrors"]] == ["NOT_FOUND"]
    result = (await bench.gateway.ask(question)).data
    assert result["runtime"] is None
    assert RUNTIME not in [node["name"] for node in result["runtimes"]["nodes"]]


async def test_several_changes_in_one_document_see_each_other(bench: MutationBench) -> None:
    """Each payload shows what has been written before it, in the very same request."""
    shown = "snapshot { models { snapshots(first: 50) { nodes { name } } } }"
    query = f"""mutation($one: CreateSnapshotInput!, $two: CreateSnapshotInput!) {{
      one: createSnapshot(input: $one) {{ {shown} }}
      gone: deleteSnapshot(input: {{name: "one"}}) {{ userErrors {{ code }} }}
      two: createSnapshot(input: $two) {{ {shown} }}
    }}"""
    wanted = {"variants": [{"modelName": "ifrs9-macro-scenarios", "instanceType": "ml.m5.large"}]}
    value = {name: {**wanted, "name": name} for name in ("one", "two")}
    data = (await bench.gateway.ask(query, value)).data
    assert data["gone"] == {"userErrors": []}
    for name in value:
        assert data[name] == {"snapshot": {"models": [{"snapshots": {"nodes": [{"name": name}]}}]}}
