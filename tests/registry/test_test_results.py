"""registry.test_results: one outcome for each attempt and model, and the one that counts for an attempt."""

from typing import Any

from registry import deployment_records, test_results
from registry.database import Database
from registry.deployment_records import TestResult as Result
from registry.deployment_rows import DeploymentRow
from registry.ids import key_of, new_key
from registry.test_results import NewTestResult, ResultCriteria
from tests.registry.factories import NOON, minutes_after_noon, start_deployment

CHECK = deployment_records.TestCheck("row count", passed=True, expected="2", actual="2")


async def put(database: Database, deployment: DeploymentRow, model: str = "churn", **changed: Any) -> None:
    """Keeps an outcome."""
    new = {
        "deployment_key": deployment.key,
        "attempt": 1,
        "model_name": model,
        "at": NOON,
        "passed": True,
        "job_name": f"job-{model}",
        "output_s3_uri": None,
        "checks": [CHECK],
        **changed,
    }
    async with database.writing() as connection:
        await test_results.insert_once(connection, NewTestResult(**new))


async def of_attempts(database: Database, **attempts: int) -> dict[str, str | None]:
    """The job of the outcome that counts, by the deployment's key."""
    async with database.reading() as connection:
        result = await test_results.of_attempts(connection, attempts)
    return {key: test_result.job_name for key, test_result in result.items()}


async def page(database: Database, first: int = 10, after: Any = None, **changed: Any) -> tuple[list[str | None], int]:
    """The jobs of a page of outcomes of the snapshot `churn-1`, and how many there are."""
    asked = {
        "groups": frozenset({"risk"}),
        "account_id": "111111111111",
        "region": "eu-west-1",
        "snapshot_name": "churn-1",
        "snapshot_created_at": NOON,
        **changed,
    }
    wanted = ResultCriteria(**asked)
    async with database.reading() as connection:
        result = await test_results.page(connection, wanted, first, after)
        return [record.job_name for record in result.records], await test_results.count(connection, wanted)


async def test_what_was_kept_first_stays(database: Database) -> None:
    """A comparison that runs twice gives one outcome; another attempt, and another model, give one of their own."""
    deployment = await start_deployment(database)
    await put(database, deployment, output_s3_uri="s3://bucket/out/")
    await put(database, deployment, passed=False, at=minutes_after_noon(1), checks=[])
    async with database.reading() as connection:
        (test_result,) = (await test_results.of_attempts(connection, {deployment.key: 1})).values()
        key = str(key_of(test_result.id, "TestResult"))
        assert await test_results.by_keys(connection, [key, new_key()]) == {key: test_result}
    assert test_result == Result(
        id=test_result.id,
        home=deployment_records.DeploymentScope("risk", "111111111111", "eu-west-1"),
        at=NOON,
        passed=True,
        job_name="job-churn",
        output_s3_uri="s3://bucket/out/",
        checks=(CHECK,),
    )
    await put(database, deployment, attempt=2)
    await put(database, deployment, "other")
    assert (await page(database))[1] == 3


async def test_one_that_failed_speaks_for_its_attempt(database: Database) -> None:
    """Else the last does; other attempts do not count."""
    failed, passed = await start_deployment(database), await start_deployment(database, "churn-2")
    await put(database, failed, "a", at=minutes_after_noon(1))
    await put(database, failed, "b", at=minutes_after_noon(2), passed=False)
    await put(database, failed, "c", at=minutes_after_noon(3))
    await put(database, failed, "d", at=minutes_after_noon(4), passed=False, attempt=2)
    await put(database, passed, "a", at=minutes_after_noon(2))
    await put(database, passed, "b", at=minutes_after_noon(1))
    assert await of_attempts(database, **{failed.key: 1, passed.key: 1}) == {failed.key: "job-b", passed.key: "job-a"}
    assert await of_attempts(database, **{failed.key: 2}) == {failed.key: "job-d"}
    assert await of_attempts(database, **{failed.key: 3}) == {}
    assert await of_attempts(database) == {}


async def test_outcomes_are_a_snapshots_and_a_groups(database: Database) -> None:
    """Of the snapshot of this very creation, in this very place; page by page, the newest first."""
    deployment = await start_deployment(database)
    for number in range(3):
        await put(database, deployment, f"{number}", at=minutes_after_noon(number))
    for other in (
        {"group": "marketing", "region": "us-east-1"},
        {"account_id": "222222222222"},
        {"snapshot": "churn-2"},
        {"region": "eu-central-1", "snapshot_created_at": minutes_after_noon(1)},
    ):
        await put(database, await start_deployment(database, **other), "other")
    assert await page(database) == (["job-2", "job-1", "job-0"], 3)
    assert await page(database, 2) == (["job-2", "job-1"], 3)
    assert await page(database, groups=frozenset()) == ([], 0)
    assert await page(database, groups=None) == (["job-2", "job-1", "job-0"], 3)
    assert await page(database, snapshot_created_at=minutes_after_noon(1)) == ([], 0)
    assert await page(database, groups=frozenset({"marketing"}), region="us-east-1") == (["job-other"], 1)
    assert await page(database, region="eu-central-1", snapshot_created_at=minutes_after_noon(1)) == (["job-other"], 1)
