"""Imports and syncs through a gateway that works: what they find, keep and cost, whatever AWS is like meanwhile."""

import json
from typing import Any

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway
from tests.imports import IMPORT_SETTINGS, dump_tables, import_model, run_changes, run_problems, stored_elements
from tests.imports import sync_registration as sync
from tests.sagemaker_builder import building, variant

MODEL = "credit-risk-scorer-v7"
AGAIN = {
    "DescribeModel": 1,
    "ListEndpointConfigs": 1,
    "ListEndpoints": 1,
    "ListTrainingJobs": 1,
    "ListTransformJobs": 1,
}
NO_SNAPSHOT = {"createDefaultSnapshot": False}

WHOLE = {
    "credit-risk-scorer-v7": {"SNAPSHOT": 2, "RUNTIME": 2, "TRAINING_JOB": 1, "TRANSFORM_JOB": 6},
    "credit-risk-scorer-v6": {"SNAPSHOT": 2, "RUNTIME": 1, "TRAINING_JOB": 1},
    "fraud-detection-v12": {"SNAPSHOT": 1, "RUNTIME": 1, "TRAINING_JOB": 1, "TRANSFORM_JOB": 1},
    "fraud-detection-v11": {"SNAPSHOT": 2, "RUNTIME": 1, "TRAINING_JOB": 1},
    "loan-document-classifier": {"SNAPSHOT": 2, "RUNTIME": 1, "TRAINING_JOB": 1},
    "collections-propensity-pipeline": {"SNAPSHOT": 1, "RUNTIME": 1, "TRAINING_JOB": 1},
    "aml-transaction-monitor-v2": {"SNAPSHOT": 1, "RUNTIME": 1, "TRAINING_JOB": 1, "MODEL_PACKAGE": 1},
    "ifrs9-macro-scenarios": {"SNAPSHOT": 1, "TRAINING_JOB": 1, "TRANSFORM_JOB": 3},
    "CreditLimit-Advisor": {"SNAPSHOT": 1},
}
# Of the estate's environments and hyper-parameters; no copy may hold any.
SECRETS = ("fs-51c0ffee-not-a-real-key", "hf_sandboxonlynotarealtoken0000000", "binary:logistic")


def by_kind(payload: Any) -> dict[str, int]:
    kinds = [kind for kind, _, _ in run_changes(payload)]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def aws_calls(sandbox: Sandbox) -> dict[str, int]:
    """The calls since this was last asked for, without those for credentials."""
    counts = {name: count for name, count in sandbox.calls.by_operation().items() if not name.startswith("Assume")}
    sandbox.calls.clear()
    return counts


async def test_every_model_of_the_estate(
    sandbox: Sandbox, estate: Estate, open_working: OpenGateway, database_url: str
) -> None:
    """Each is imported once, and a second import finds nothing new, at the cost of its lists and versions."""
    async with open_working(**IMPORT_SETTINGS, database={"url": database_url}) as gateway:
        for name, relatives in WHOLE.items():
            payload = await import_model(gateway, name)
            assert by_kind(payload) == {"MODEL": 1, **relatives}, name
            assert {change for _, _, change in run_changes(payload)} == {"ADDED"}
            assert run_problems(payload) == []
            assert payload["importRun"]["done"] == payload["importRun"]["total"] == 1 + sum(relatives.values())
            aws_calls(sandbox)
            again = await import_model(gateway, name)
            assert (again["registration"], run_changes(again)) == (payload["registration"], [])
            # A version is described anew: its decision may be another one.
            versions = {"DescribeModelPackage": 1} if "MODEL_PACKAGE" in relatives else {}
            assert aws_calls(sandbox) == {**AGAIN, **versions}
    result = json.dumps(dump_tables(database_url), default=str)
    assert [secret for secret in SECRETS if secret in result] == []
    assert "FEATURE_STORE_API_KEY" in result


async def test_what_a_copy_holds(sandbox: Sandbox, estate: Estate, open_working: OpenGateway, sqlite_url: str) -> None:
    """What is promised of an import: dates, execution time, S3 in and out, what console links are made of."""
    async with open_working(**IMPORT_SETTINGS, database={"url": sqlite_url}) as gateway:
        payload = await import_model(gateway, MODEL)
    elements = await stored_elements(sqlite_url, payload)
    stored = {element.kind.value: element.stored for element in elements}
    matches = {imported_element.kind.value: imported_element.match for imported_element in elements}
    assert matches == {
        "MODEL": None,
        "SNAPSHOT": None,
        "RUNTIME": None,
        "TRAINING_JOB": "EXACT_ARTIFACT",
        "TRANSFORM_JOB": "MODEL_NAME",
    }
    training, transform = stored["TRAINING_JOB"], stored["TRANSFORM_JOB"]
    promised = {"creation_time", "start_time", "end_time", "last_modified_time", "status", "raw_status", "arn"}
    promised |= {"account_id", "region", "inputs", "output_s3_uri", "instance_type", "instance_count"}
    for job in (training, transform):
        assert promised <= {*job, *job["detail"]}  # type: ignore[misc]  # A copy is any JSON.
    assert f"s3://{RISK.bucket}/" in json.dumps(training["detail"])
    assert all(stored[kind]["tags"] for kind in ("MODEL", "SNAPSHOT", "RUNTIME"))
    assert (training["tags"], transform["tags"]) == (None, None)


def make_again(account: Sandbox, name: str = "scorer-snapshot") -> None:
    """Makes an endpoint configuration of the scorer, now."""
    account.call(
        "CreateEndpointConfig",
        RISK.account,
        RISK.region,
        EndpointConfigName=name,
        ProductionVariants=[variant("scorer")],
    )


ALL = [
    ("MODEL", "scorer", "ADDED"),
    ("RUNTIME", "scorer-runtime", "ADDED"),
    ("SNAPSHOT", "scorer-snapshot", "ADDED"),
    ("TRAINING_JOB", "train", "ADDED"),
    ("TRANSFORM_JOB", "batch", "ADDED"),
]


async def test_what_a_sync_finds(account: Sandbox, open_working: OpenGateway, database_url: str) -> None:
    """Something new, changed, gone, made anew under its name, and a runtime that is moved away and back."""
    async with open_working(**IMPORT_SETTINGS, database={"url": database_url}) as gateway:
        first = await import_model(gateway, "scorer")
        assert run_changes(first) == ALL
        assert run_changes(await sync(gateway, first)) == []
        with building(account) as made:
            made.transform("batch-2", "scorer")
        assert run_changes(await sync(gateway, first)) == [("TRANSFORM_JOB", "batch-2", "ADDED")]
        account.call("UpdateEndpoint", RISK.account, RISK.region, EndpointName="scorer-runtime",
                     EndpointConfigName="other-snapshot")  # fmt: skip
        assert run_changes(await sync(gateway, first)) == [("RUNTIME", "scorer-runtime", "CHANGED")]
        account.advance(3600)
        account.clock.reset()
        assert run_changes(await sync(gateway, first)) == [("RUNTIME", "scorer-runtime", "VANISHED")]
        assert run_changes(await sync(gateway, first)) == []
        account.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="scorer-snapshot")
        assert run_changes(await sync(gateway, first)) == [("SNAPSHOT", "scorer-snapshot", "VANISHED")]
        make_again(account)
        assert run_changes(await sync(gateway, first)) == [("SNAPSHOT", "scorer-snapshot", "ADDED")]
        account.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="scorer-snapshot")
        make_again(account)
        again = await sync(gateway, first)
        assert run_changes(again) == [
            ("SNAPSHOT", "scorer-snapshot", "ADDED"),
            ("SNAPSHOT", "scorer-snapshot", "VANISHED"),
        ]
    snapshots = [element for element in await stored_elements(database_url, first) if element.name == "scorer-snapshot"]
    assert [snapshot.vanished_at is None for snapshot in snapshots].count(True) == 1
