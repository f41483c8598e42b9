"""resolvers.overview: counts by status of each group and region, and what they cost."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, GatewayClient, OpenGateway
from tests.sagemaker_builder import START, building

BOTH = ("risk", "marketing")
QUERY = """query($s: ListScope = MINE, $after: DateTime) { overview(scope: $s, jobsCreatedAfter: $after) {
  group accountId region models snapshots runtimes { status count } jobs { type status count } problem { code } asOf
} }"""
EVER: Any = {"after": "2020-01-01T00:00:00Z"}


@pytest.fixture
def filled(sandbox: Sandbox) -> None:
    """Of risk's two models, a snapshot, three runtimes and four jobs; of marketing's one model."""
    with building(sandbox) as things:
        things.model("m-1")
        things.model("m-2")
        things.snapshot("s", "m-1")
        things.runtime("live-1", "s")
        things.runtime("live-2", "s")
        things.runtime("dead", "s", failure="No.")
        things.training("t-1")
        things.training("t-2", failure="No.")
        things.transform("b-1", "m-1")
        things.transform("b-2", "m-1")
    with building(sandbox, MARKETING) as things:
        things.model("m-1")


async def overview(gateway: GatewayClient, groups: tuple[str, ...] = BOTH, **variables: Any) -> Any:
    entries = (await gateway.ask(QUERY, variables, groups=groups)).data["overview"]
    return [{name: value for name, value in entry.items() if name != "asOf"} for entry in entries]


RISKS = {
    "group": "risk",
    "accountId": RISK.account,
    "region": RISK.region,
    "models": 2,
    "snapshots": 1,
    "runtimes": [{"status": "IN_SERVICE", "count": 2}, {"status": "FAILED", "count": 1}],
    "jobs": [
        {"type": "TRAINING", "status": "COMPLETED", "count": 1},
        {"type": "TRAINING", "status": "FAILED", "count": 1},
        {"type": "TRANSFORM", "status": "COMPLETED", "count": 2},
    ],
    "problem": None,
}
MARKETINGS = {
    "group": "marketing",
    "accountId": MARKETING.account,
    "region": MARKETING.region,
    "models": 1,
    "snapshots": 0,
    "runtimes": [],
    "jobs": [],
    "problem": None,
}


async def test_an_entry_for_each_scope(gateway: GatewayClient, sandbox: Sandbox, filled: None) -> None:
    """A list each, once; then nothing."""
    assert await overview(gateway, **EVER) == [RISKS, MARKETINGS]
    lists = ("ListModels", "ListEndpointConfigs", "ListEndpoints", "ListTrainingJobs", "ListTransformJobs")
    assert sandbox.calls.by_operation() == {"AssumeRole": 2, **dict.fromkeys(lists, 2)}
    sandbox.calls.clear()
    assert await overview(gateway, s="ACTING", **EVER) == [RISKS]
    assert await overview(gateway, ("marketing",), **EVER) == [MARKETINGS]
    assert sandbox.calls.count() == 0


async def test_no_list_is_read_for_what_is_not_shown(gateway: GatewayClient, sandbox: Sandbox, filled: None) -> None:
    query = "{ overview(scope: ACTING) { group ...F asOf } } fragment F on ScopeOverview { runtimes { count } }"
    answer = (await gateway.ask(query)).data["overview"]
    assert [(entry["group"], entry["runtimes"], entry["asOf"] is None) for entry in answer] == [
        ("risk", [{"count": 2}, {"count": 1}], False)
    ]
    assert sandbox.calls.by_operation() == {"AssumeRole": 1, "ListEndpoints": 1}


async def test_jobs_of_a_time(gateway: GatewayClient, sandbox: Sandbox, filled: None) -> None:
    """Exactly those after it; of the last seven days unless asked otherwise."""
    (entry,) = await overview(gateway, ("risk",), after=(START + timedelta(hours=8)).isoformat())
    assert entry["jobs"] == [{"type": "TRANSFORM", "status": "COMPLETED", "count": 1}]
    assert (await overview(gateway, ("risk",)))[0]["jobs"] == []
    answer = await gateway.ask(QUERY, {"after": "2026-01-01T00:00:00"})
    assert (answer.body["data"], answer.codes) == ({"overview": None}, ["BAD_USER_INPUT"])


@pytest.mark.parametrize(
    ("operation", "lost"),
    [("ListModels", "models"), ("ListEndpoints", "runtimes"), ("ListTransformJobs", "jobs")],
)
async def test_what_is_refused_is_null_and_the_rest_stands(
    gateway: GatewayClient, sandbox: Sandbox, filled: None, operation: str, lost: str
) -> None:
    sandbox.faults.refuse(operation, account=RISK.account)
    assert await overview(gateway, **EVER) == [{**RISKS, lost: None, "problem": {"code": "FORBIDDEN"}}, MARKETINGS]


async def test_a_scope_that_cannot_be_opened(gateway: GatewayClient, sandbox: Sandbox, filled: None) -> None:
    sandbox.faults.refuse("AssumeRole", name="marketing")
    nothing = dict.fromkeys(("models", "snapshots", "runtimes", "jobs"))
    assert await overview(gateway, **EVER) == [RISKS, {**MARKETINGS, **nothing, "problem": {"code": "FORBIDDEN"}}]
    assert (await gateway.ask(QUERY, groups=("nobody",))).codes == ["FORBIDDEN"]
    assert (await gateway.ask(QUERY, user=None)).codes == ["UNAUTHENTICATED"]


async def test_the_calls_of_a_large_account(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """Cold, the pages of what is shown: of jobs only as far back as is asked. Past the fresh age, a call for a list."""
    with building(sandbox) as things:
        things.model("m")
        for number in range(250):
            things.snapshot(f"s-{number}", "m")
        for number in range(250):
            things.transform(f"b-{number}", "m")
    after = (START + timedelta(hours=250 + 1 + 250 - 120)).isoformat()
    async with open_gateway(sagemaker={"freshSeconds": 0.001}) as gateway:
        cold = await overview(gateway, ("risk",), after=after)
        calls = sandbox.calls.by_operation()
        sandbox.calls.clear()
        assert await overview(gateway, ("risk",), after=after) == cold
    assert [entry["snapshots"] for entry in cold] == [250]
    assert sum(count["count"] for count in cold[0]["jobs"]) == 119
    lists = {"ListModels": 1, "ListEndpointConfigs": 3, "ListEndpoints": 1, "ListTrainingJobs": 1}
    assert calls == {"AssumeRole": 1, **lists, "ListTransformJobs": 2}
    assert sandbox.calls.by_operation() == dict.fromkeys([*lists, "ListTransformJobs"], 1)


async def test_more_than_may_be_counted(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """A list of one page is read whole, whatever the bound."""
    with building(sandbox) as things:
        things.model("m")
        for number in range(101):
            things.snapshot(f"s-{number}", "m")
    async with open_gateway(limits={"scan": 50}) as gateway:
        (entry,) = await overview(gateway, ("risk",), **EVER)
    assert (entry["models"], entry["snapshots"], entry["problem"]) == (1, None, {"code": "LIMIT_EXCEEDED"})
