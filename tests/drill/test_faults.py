"""Each cause of a drill shows by the metric, the line of `/readyz` or the line of the log that operations.md names."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.drill.faults import FAULTS, FOREIGN_VERSION, holder_of
from tests.drill.fleet import GATEWAYS, WORKER, Fleet, open_fleet
from tests.drill.load import EverydayLife

PATIENCE = 300.0
"""Half of what an operator may take; a sign that comes later has no chance."""

Sign = Callable[[Fleet], Awaitable[bool]]
PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
RUNBOOK = PAGE.split("## From a symptom to its cause\n", 1)[1].split("\n## ", 1)[0]


def value(samples: Mapping[Any, float], metric: str, /, **labels: str) -> float:
    """The sum of the samples with this name and, among others, these labels."""
    return sum(
        number
        for (name, having), number in samples.items()
        if name == f"sagegraph_{metric}" and labels.items() <= dict(having).items()
    )


async def lacks_access(fleet: Fleet, name: str, kind: str, subject: str) -> bool:
    """Whether a process says so in its metrics and in `/readyz`, and its log has the line."""
    samples, (_, report) = await fleet.metrics(name), await fleet.readiness(name)
    faults = [fault for fault in report.get("noAccess", ()) if subject in fault.values()]
    logged = any(line["logger"] == "sagegraph.fleet" for line in lines(fleet, name))
    return bool(value(samples, "no_access", kind=kind, name=subject) and faults and logged)


def lines(fleet: Fleet, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in fleet.log(name).splitlines() if line.startswith("{")]


async def group_missing(fleet: Fleet) -> bool:
    """The others name one process, which names both of them."""
    differing = [(await fleet.readiness(name))[1].get("settingsDiffer", []) for name in (*GATEWAYS, WORKER)]
    blocks = [one["blocks"] for rows in differing for one in rows]
    gauge = value(await fleet.metrics(GATEWAYS[0]), "settings_differ", block="sagemaker-credentials")
    return [len(rows) for rows in differing] == [1, 1, 2] and blocks == [["sagemaker-credentials"]] * 4 and gauge == 1


async def wrong_secret(fleet: Fleet) -> bool:
    _, report = await fleet.readiness(WORKER)
    refused = any("AssumeRole" in fault["reason"] for fault in report.get("noAccess", ()))
    return refused and "settingsDiffer" not in report and await lacks_access(fleet, WORKER, "group", "risk")


async def role_refused(fleet: Fleet) -> bool:
    samples = await fleet.metrics(GATEWAYS[0])
    requests = value(samples, "requests_total", code="FORBIDDEN", group="risk")
    calls = value(samples, "aws_calls_total", operation="ListModels", outcome="FORBIDDEN")
    logged = [line for line in lines(fleet, GATEWAYS[0]) if line.get("codes") and line.get("group") == "risk"]
    return bool(requests and calls and logged and logged[-1]["role"] and logged[-1]["aws_request_ids"])


async def account_throttled(fleet: Fleet) -> bool:
    samples = await fleet.metrics(GATEWAYS[0])
    at = {"account": "222222222222", "operation": "ListModels"}
    return bool(value(samples, "aws_throttled_total", **at) and value(samples, "rate_limiter_rate", **at))


async def database_silent(fleet: Fleet) -> bool:
    samples, (status, report) = await fleet.metrics(GATEWAYS[0]), await fleet.readiness(GATEWAYS[0])
    return bool(samples) and not value(samples, "database_up") and (status, report["status"]) == (200, "degraded")


async def holder_paused(fleet: Fleet) -> bool:
    """It is asked and says nothing; another one holds the loop by now, and the fleet counts one less."""
    silent = [name for name in fleet.members if (await fleet.readiness(name))[0] is None]
    if len(silent) != 1:
        return False
    others = [name for name in fleet.members if name not in silent]
    living = [value(await fleet.metrics(name), "live_processes") for name in others]
    return living == [2, 2] and await holder_of(fleet, "deployments") in others


async def other_version(fleet: Fleet) -> bool:
    _, report = await fleet.readiness(GATEWAYS[0])
    waiting = report.get("unfinishedWorkOfOtherVersions", ())
    age = value(await fleet.metrics(GATEWAYS[0]), "workflow_oldest_seconds", work_version=FOREIGN_VERSION)
    return [row["version"] for row in waiting] == [FOREIGN_VERSION] and age > 0


async def receiver_down(fleet: Fleet) -> bool:
    failed = [
        value(await fleet.metrics(name), "webhook_deliveries_total", webhook="127.0.0.1", outcome="FAILED")
        for name in fleet.members
    ]
    said = [line["event"] for name in fleet.members for line in lines(fleet, name) if line.get("delivery")]
    return sum(failed) > 2 and any("503" in event for event in said)


async def jira_away(fleet: Fleet) -> bool:
    return any([await lacks_access(fleet, name, "approvals", "jira") for name in fleet.members])


async def proxy_astray(fleet: Fleet) -> bool:
    """Everybody is well, and nobody is asked anything."""
    before = [value(await fleet.metrics(name), "requests_total") for name in GATEWAYS]
    reports = [await fleet.readiness(name) for name in fleet.members]
    await asyncio.sleep(2)
    after = [value(await fleet.metrics(name), "requests_total") for name in GATEWAYS]
    return before == after and all(status == 200 for status, _ in reports)


SIGNS: Mapping[str, Sign] = {
    "group-missing": group_missing,
    "wrong-secret": wrong_secret,
    "role-refused": role_refused,
    "account-throttled": account_throttled,
    "database-silent": database_silent,
    "holder-paused": holder_paused,
    "other-version": other_version,
    "receiver-down": receiver_down,
    "jira-away": jira_away,
    "proxy-astray": proxy_astray,
}


def test_the_page_has_a_row_for_each_cause() -> None:
    assert SIGNS.keys() == {fault.name for fault in FAULTS}
    rows = [line for line in RUNBOOK.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= len(FAULTS)
    assert [row for row in rows if row.count(" | ") != 3] == []
    for metric in re.findall(r"`sagegraph_(\w+)", RUNBOOK):
        assert f"`{metric}" in PAGE, metric


@pytest.fixture
async def fleet(tmp_path: Path, postgres_url: str) -> AsyncIterator[Fleet]:
    async with open_fleet(tmp_path, postgres_url) as opened, EverydayLife(opened).lived():
        yield opened


@pytest.mark.slow
@pytest.mark.crash
async def test_each_cause_shows(fleet: Fleet) -> None:
    """One after the other on one fleet, which is well again before the next."""
    for fault in FAULTS:
        await until(is_well, fleet, f"before {fault.name}")
        async with fault.inject(fleet):
            await until(SIGNS[fault.name], fleet, fault.name)


async def is_well(fleet: Fleet) -> bool:
    return all([(await fleet.readiness(name)) == (200, {"status": "ok"}) for name in fleet.members])


async def until(sign: Sign, fleet: Fleet, name: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not await sign(fleet):  # noqa: ASYNC110 - Other processes tell nobody of what they do.
                await asyncio.sleep(0.5)
    except TimeoutError:
        pytest.fail(f"It does not show: {name}")
