"""gateway.settled_facts: what a process has learnt of ended jobs costs the next one its lists and what it shows."""

from collections.abc import Mapping
from typing import Any

import pytest

from gateway import settled_facts
from registry.database import Database
from sandbox.server import Sandbox
from tests.gateway_client import (
    MARKETING,
    RISK,
    GatewayClient,
    OpenGateway,
    assume_role_entry,
    credential_settings,
    fresh_database,
)
from tests.sagemaker_builder import building

JOBS = '{ model(name: "churn") { jobs(first: 2) { totalCount nodes { name outputS3Uri } } } }'
SHOWN = [f"job-{n}" for n in (18, 16)]
EVERY = 20


@pytest.fixture
def account(sandbox: Sandbox) -> Sandbox:
    """Two models, and twenty ended transform jobs that are theirs in turn."""
    with building(sandbox) as aws:
        for name in ("churn", "fraud"):
            aws.model(name)
        for number in range(EVERY):
            aws.transform(f"job-{number}", ("churn", "fraud")[number % 2])
    return sandbox


async def ask(gateway: GatewayClient, sandbox: Sandbox, query: str = JOBS) -> tuple[Any, Mapping[str, int]]:
    """The answer, and the calls that it took of SageMaker."""
    sandbox.calls.clear()
    answer = await gateway.ask(query)
    counts = sandbox.calls.by_operation()
    return answer.data, {name: count for name, count in counts.items() if name != "AssumeRole"}


async def kept(url: str) -> list[tuple[str, str, str]]:
    """Every fact of the group's role."""
    async with Database(url) as database, database.reading() as connection:
        rows = await connection.exec_driver_sql("SELECT account_id, region, principal_arn FROM settled_scopes")
        assert [tuple(row) for row in rows] == [
            (RISK.account, RISK.region, RISK.role_arn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/"))
        ]
        rows = await connection.exec_driver_sql("SELECT kind, name, status FROM settled_facts ORDER BY kind, name")
        return [(row.kind, row.name, row.status) for row in rows]


async def test_a_restart_costs_the_lists_and_what_is_shown(open_gateway: OpenGateway, account: Sandbox) -> None:
    database = {"url": fresh_database()}
    async with open_gateway(database=database) as gateway:
        first, cold = await ask(gateway, account)
    async with open_gateway(database=database) as gateway:
        second, warm = await ask(gateway, account)
    assert (
        first
        == second
        == {
            "model": {
                "jobs": {
                    "totalCount": EVERY // 2,
                    "nodes": [{"name": name, "outputS3Uri": f"s3://{RISK.bucket}/out/{name}"} for name in SHOWN],
                }
            }
        }
    )
    assert cold["DescribeTransformJob"] == EVERY
    assert warm["DescribeTransformJob"] == len(SHOWN)
    assert {name: count for name, count in cold.items() if not name.startswith("Describe")} == {
        name: count for name, count in warm.items() if not name.startswith("Describe")
    }


async def test_what_can_still_change_is_not_kept(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    with building(sandbox) as aws:
        aws.model("churn")
        aws.transform("ended", "churn")
    sandbox.clock.freeze()
    with building(sandbox) as aws:
        aws.transform("running", "churn", at=sandbox.clock.at())
        sandbox.clock.freeze()
    database = {"url": fresh_database()}
    async with open_gateway(database=database) as gateway:
        await ask(gateway, sandbox)
    facts = await kept(database["url"])
    assert ("TRANSFORM_JOB", "ended", "Completed") in facts
    assert all(name != "running" or status == "Completed" for _, name, status in facts)


async def test_two_roles_of_one_account_never_use_each_others(open_gateway: OpenGateway, account: Sandbox) -> None:
    database = {"url": fresh_database()}
    other = assume_role_entry(RISK, roleArn=RISK.role_arn + "-other", externalId=None)
    async with open_gateway(database=database) as gateway:
        await ask(gateway, account)
    del other["externalId"]
    async with open_gateway(database=database, **credential_settings(other)) as gateway:
        _, calls = await ask(gateway, account)
    assert calls["DescribeTransformJob"] == EVERY


async def test_a_callers_own_scope_keeps_nothing(open_gateway: OpenGateway, account: Sandbox) -> None:
    database = {"url": fresh_database()}
    own = credential_settings(assume_role_entry(RISK, perCaller=True), assume_role_entry(MARKETING))
    for _ in range(2):
        async with open_gateway(database=database, **own) as gateway:
            _, calls = await ask(gateway, account)
        assert calls["DescribeTransformJob"] == EVERY


async def test_a_store_that_is_broken_is_only_slower(open_gateway: OpenGateway, account: Sandbox) -> None:
    database = {"url": fresh_database()}
    async with open_gateway(database=database) as gateway:
        await ask(gateway, account)
    async with Database(database["url"]) as opened, opened.writing() as connection:
        await connection.exec_driver_sql("""UPDATE settled_facts SET links = '[["Nonsense", "x"]]', kind = 'OTHER'""")
    async with open_gateway(database=database) as gateway:
        data, calls = await ask(gateway, account)
    assert data["model"]["jobs"]["totalCount"] == EVERY // 2
    assert calls["DescribeTransformJob"] == EVERY


async def test_facts_that_wait_are_bounded(
    open_gateway: OpenGateway, account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settled_facts, "MAX_PENDING", 3)
    monkeypatch.setattr(settled_facts, "GATHER_SECONDS", 60)
    database = {"url": fresh_database()}
    async with open_gateway(database=database) as gateway:
        await ask(gateway, account)
    assert len(await kept(database["url"])) == 3
