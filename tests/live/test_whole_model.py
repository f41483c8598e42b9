"""One question about a model: pipeline, version, approval, jobs, component, canary; its answer, cost and calls."""

from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from aws.inventory.inventory import InventoryConfig
from sandbox.alarms import put_alarm
from sandbox.sagemaker.tuning_jobs import training_job_name
from sandbox.server import Sandbox
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    approve,
    mutate_without_errors,
    register_model,
    use_fast_pace,
    wait_for_launch,
    wait_for_state,
    wait_for_ticket,
)
from tests.gateway_client import RISK, GatewayClient, OpenGateway, assume_role_entry, credential_settings
from tests.idle_engine import IdleEngine
from tests.live.conftest import listening
from tests.query_cases import aws_calls
from tests.sagemaker_builder import (
    building,
    processing_step,
    registering_step,
    training_step,
    tuning_step,
)

QUESTION: Final = (Path(__file__).parents[2] / "examples/questions/whole-model.graphql").read_text("utf-8")
CANARY: Final = {"strategy": "CANARY", "step": {"percent": 10}, "alarms": ["errors"]}
ROLLOUT: Final = {"strategy": "CANARY", "step": {"percent": 10, "instances": None}, "alarms": ["errors"]}
DECIDE: Final = """mutation($input: UpdateModelPackageInput!) { updateModelPackage(input: $input) {
  modelPackage { approvalStatus } userErrors { code } } }"""
STEPS: Final = (
    processing_step("prepare"),
    {**tuning_step("search"), "DependsOn": ["prepare"]},
    {**training_step(), "DependsOn": ["search"]},
    processing_step("evaluate", "train"),
    registering_step("churn", "train"),
)
VERSION: Final = RISK.arn("model-package", "churn/3")
COLD: Final = {
    "DescribeAlarms": 1,
    "DescribeEndpoint": 2,
    "DescribeEndpointConfig": 3,
    "DescribeHyperParameterTuningJob": 1,
    "DescribeInferenceComponent": 1,
    "DescribeModel": 1,
    "DescribeModelPackage": 1,
    "DescribePipelineExecution": 1,
    "DescribeProcessingJob": 6,
    "DescribeTrainingJob": 6,
    "DescribeTransformJob": 1,
    "ListEndpointConfigs": 1,
    "ListEndpoints": 1,
    "ListInferenceComponents": 1,
    "ListPipelineExecutionSteps": 1,
    "ListProcessingJobs": 1,
    "ListTrainingJobs": 1,
    "ListTrainingJobsForHyperParameterTuningJob": 1,
    "ListTransformJobs": 1,
}
"""The calls of the first question, in a process that knows nothing: nothing is asked for twice."""
LATER: Final = {
    "DescribeAlarms": 1,
    "DescribeModelPackage": 1,
    "ListEndpointConfigs": 1,
    "ListEndpoints": 1,
    "ListInferenceComponents": 1,
    "ListProcessingJobs": 1,
    "ListTrainingJobs": 1,
    "ListTransformJobs": 1,
}
"""Calls of the question outside the fresh age."""
AGED: Final = {**COLD, "DescribeEndpointConfig": 2, "DescribeProcessingJob": 2, "DescribeTrainingJob": 2}
"""Calls of the question after the authority age: a description of each thing shown, and nothing else."""
LISTS: Final = ("pipelineExecutions", "jobs", "inferenceComponents", "runtimes")
MOMENTS: Final = ("completeAsOf", "lookedBackTo", "startTime", "endTime", "at", "importedAt", "resourceArn", "detail")


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fast_pace(monkeypatch)


def make_account(sandbox: Sandbox) -> str:
    """Three runs of a pipeline, models of the last two versions, a host, and an endpoint; gives the last run's name."""
    with building(sandbox) as made:
        made.call_at("CreateModelPackageGroup", ModelPackageGroupName="churn")
        execution = [made.execution("Churn", *STEPS) for _ in range(3)][-1]
        for number in (2, 3):
            package = RISK.arn("model-package", f"churn/{number}")
            made.model(f"churn-v{number}", PrimaryContainer={"ModelPackageName": package})
            made.snapshot(f"churn-v{number}", f"churn-v{number}")
        made.runtime("churn", "churn-v2")
        made.component_host("shared")
        made.component("churn-on-shared", "shared", "churn-v3")
        made.transform("scored", "churn-v3")
    put_alarm(RISK.account, RISK.region, "errors", "OK", EndpointName="churn", VariantName="v1")
    return execution


async def approve_and_roll_out(sandbox: Sandbox, gateway: GatewayClient) -> None:
    """Import the model, let somebody approve the version, and bring the snapshot to the endpoint as a canary."""
    await register_model(gateway, "churn-v3", "DOCUMENTATION")
    decision = {"arn": VERSION, "decision": "APPROVED", "description": "AUC 0.91"}
    decided = await gateway.ask(DECIDE, {"input": decision}, user="eve")
    assert decided.data["updateModelPackage"]["userErrors"] == []
    wish = {"snapshotName": "churn-v3", "runtimeName": "churn", "rehearse": False, "rollout": CANARY}
    key = (await mutate_without_errors(gateway, "deploySnapshot", wish))["id"]
    await wait_for_ticket(gateway, key)
    await approve(gateway, key)
    await wait_for_launch(gateway, key)
    sandbox.advance(180 + 2 * 300)
    await wait_for_state(gateway, key, "DEPLOYED")


def shown(execution: str) -> Mapping[str, Any]:
    """What the question shows, without moments and the words of a plan."""
    pipeline, arn = {"name": execution}, f"pipelines-{execution}-"

    def job(match: str, kind: str, name: str, **more: Any) -> Any:
        origin = pipeline if name.startswith(arn) else None
        node = {"__typename": kind, "name": name, "status": "COMPLETED", "pipelineExecution": origin, **more}
        return {"match": match, "linkedBy": None, "node": node}

    tuned = training_job_name(RISK.arn("hyper-parameter-tuning-job", f"{arn}search"), f"{arn}search", 1)
    steps = {
        "prepare": ("ProcessingJob", f"{arn}prepare"),
        "search": ("TuningJob", f"{arn}search"),
        "train": ("TrainingJob", f"{arn}train"),
        "evaluate": ("ProcessingJob", f"{arn}evaluate"),
        "register": ("ModelPackage", "churn/3"),
    }
    deployment = {
        "state": "DEPLOYED",
        "startedBy": "ann",
        "replacesName": "churn-v2",
        "rollout": ROLLOUT,
        "steps": [
            {"name": name, "state": state}
            for name, state in zip(
                ("VERIFY", "REHEARSE", "APPROVE", "LAUNCH", "NOTIFY"),
                ("DONE", "SKIPPED", "DONE", "DONE", "SKIPPED"),
                strict=True,
            )
        ],
        "decision": {"outcome": "APPROVED", "by": "eve"},
        "runtime": {"name": "churn", "status": "IN_SERVICE", "snapshotName": "churn-v3"},
    }
    return {
        "name": "churn-v3",
        "arn": RISK.arn("model", "churn-v3"),
        "modelPackages": [
            {
                "name": "churn/3",
                "packageGroupName": "churn",
                "version": 3,
                "status": "COMPLETED",
                "approvalStatus": "APPROVED",
                "approvalDescription": "AUC 0.91",
                "lastModifiedBy": f"arn:aws:sts::{RISK.account}:assumed-role/risk/eve",
            }
        ],
        "pipelineExecutions": {
            "nodes": [
                {
                    **pipeline,
                    "pipelineName": "churn",
                    "status": "SUCCEEDED",
                    "steps": [
                        {"name": name, "status": "SUCCEEDED", "resource": {"__typename": kind, "name": made}}
                        for name, (kind, made) in steps.items()
                    ],
                }
            ],
            **whole(1),
        },
        "jobs": {
            "edges": [
                job("MODEL_NAME", "TransformJob", "scored"),
                job("MODEL_PACKAGE", "ProcessingJob", f"{arn}evaluate"),
                job("MODEL_PACKAGE", "TrainingJob", f"{arn}train", finalMetrics=[], tunedByName=None),
                job(
                    "PIPELINE",
                    "TuningJob",
                    f"{arn}search",
                    bestTrainingJobName=None,
                    trainingJobs={"nodes": [{"name": tuned, "status": "COMPLETED"}]},
                ),
                job("PIPELINE", "ProcessingJob", f"{arn}prepare"),
            ],
            **whole(5),
        },
        "inferenceComponents": {
            "nodes": [
                {
                    "name": "churn-on-shared",
                    "status": "IN_SERVICE",
                    "currentCopies": 1,
                    "runtime": {"name": "shared", "status": "IN_SERVICE"},
                }
            ],
            **whole(1),
        },
        "runtimes": {
            "nodes": [
                {
                    "name": "shared",
                    "status": "IN_SERVICE",
                    "snapshotName": "shared-config",
                    "lastRollout": None,
                    "alarms": [],
                    "inferenceComponents": {"nodes": [{"name": "churn-on-shared"}]},
                },
                {
                    "name": "churn",
                    "status": "IN_SERVICE",
                    "snapshotName": "churn-v3",
                    "lastRollout": ROLLOUT,
                    "alarms": [{"name": "errors", "status": "OK"}],
                    "inferenceComponents": {"nodes": []},
                },
            ],
            **whole(2),
        },
        "snapshots": {"nodes": [{"name": "churn-v3", "deployments": {"nodes": [deployment]}}]},
        "registration": {"displayName": "churn-v3", "importedBy": "ann"},
    }


def whole(count: int) -> Mapping[str, Any]:
    """What a list says that has so many and lacks none."""
    return {"totalCount": count, "unreadableCount": 0}


async def test_one_question_shows_all_of_a_model(
    sandbox: Sandbox, open_working: OpenGateway, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    execution = make_account(sandbox)
    settings: dict[str, Any] = {
        "permissions": DEPLOYMENT_PERMISSIONS,
        "deployments": {**DEPLOYMENT_SETTINGS, "requireApprovedPackage": True},
        "database": {"url": sqlite_url},
    }
    async with open_working(**settings) as gateway:
        await approve_and_roll_out(sandbox, gateway)
    # Another process on the same database: it does no work of its own, and knows nothing of AWS.
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    monkeypatch.setattr("gateway.bootstrap.InventoryConfig", partial(InventoryConfig, now=sandbox.clock.at))
    settings |= credential_settings(assume_role_entry(RISK, perCaller=True))
    sandbox.clock.freeze()
    async with listening(sandbox.url, **settings) as (_, gateway):
        sandbox.calls.clear()
        for seconds, calls in ((0, COLD), (0, {}), (6, LATER), (900, AGED)):
            sandbox.advance(seconds)
            answer = await gateway.ask(QUESTION, {"name": "churn-v3"})
            model = answer.data["model"]
            assert all(model[name]["completeAsOf"] for name in LISTS)
            assert model["jobs"]["lookedBackTo"] is None
            assert without(model, MOMENTS) == shown(execution)
            asked = dict(aws_calls(sandbox))
            assert answer.aws_extensions["calls"] == asked
            if calls is LATER:
                # A component may name its endpoint before the list of endpoints has come, which would spare the call.
                assert asked.pop("DescribeEndpoint", 1) in (1, 2)
            assert asked == calls
            assert answer.body["extensions"]["cost"] == {"requested": 328, "limit": 20_000}
            sandbox.calls.clear()


def without(value: Any, names: Collection[str]) -> Any:
    """The value without the fields of these names, at any depth."""
    if isinstance(value, list):
        return [without(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: without(item, names) for name, item in value.items() if name not in names}
