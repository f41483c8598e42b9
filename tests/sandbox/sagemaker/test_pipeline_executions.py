"""Executions of pipelines, whose steps are made in turn by SageMaker's own operations."""

import json
from typing import Any

import pytest

from sandbox.sagemaker.store import PROCESSING_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError
from tests.gateway_client import RISK
from tests.sagemaker_builder import processing_step, registering_step, training_step

TOKEN = "0" * 32


def call(sandbox: Sandbox, operation: str, **ask: Any) -> dict[str, Any]:
    return sandbox.call(operation, RISK.account, RISK.region, **ask)


def start(sandbox: Sandbox, *steps: dict[str, Any], **definition: Any) -> str:
    """Start an execution of a pipeline of these steps; gives its ARN."""
    sandbox.clock.freeze()
    text = json.dumps({"Version": "2020-12-01", "Steps": steps, **definition})
    request = {"PipelineDefinition": text, "RoleArn": RISK.execution_role_arn}
    call(sandbox, "CreatePipeline", PipelineName="Churn", ClientRequestToken=TOKEN, **request)
    return again(sandbox)


def again(sandbox: Sandbox, **more: Any) -> str:
    started = call(sandbox, "StartPipelineExecution", PipelineName="Churn", ClientRequestToken=TOKEN, **more)
    return str(started["PipelineExecutionArn"])


def steps(sandbox: Sandbox, arn: str) -> dict[str, dict[str, Any]]:
    listed = call(sandbox, "ListPipelineExecutionSteps", PipelineExecutionArn=arn, SortOrder="Ascending")
    return {row["StepName"]: row for row in listed["PipelineExecutionSteps"]}


def test_steps_are_made_in_turn_and_tell_what_they_made(sandbox: Sandbox) -> None:
    call(sandbox, "CreateModelPackageGroup", ModelPackageGroupName="scorers")
    check = {"Name": "check", "Type": "Condition", "DependsOn": ["evaluate"]}
    arn = start(
        sandbox, training_step(), processing_step("evaluate", "train"), check, registering_step("scorers", "train")
    )
    execution_id = arn.rpartition("/")[2]
    assert arn == RISK.arn("pipeline", f"churn/execution/{execution_id}")
    assert list(steps(sandbox, arn)) == ["train"]
    sandbox.advance(5_000)
    told = steps(sandbox, arn)
    assert list(told) == ["train", "evaluate", "register", "check"]
    assert {step["StepStatus"] for step in told.values()} == {"Succeeded"}
    assert told["train"]["Metadata"] == {
        "TrainingJob": {"Arn": RISK.arn("training-job", f"pipelines-{execution_id}-train")}
    }
    job = call(sandbox, "DescribeProcessingJob", ProcessingJobName=f"pipelines-{execution_id}-evaluate")
    assert job["ExperimentConfig"] == {"ExperimentName": "Churn", "TrialName": execution_id}
    assert job["ProcessingInputs"][0]["S3Input"]["S3Uri"].endswith(f"{execution_id}-train/output/model.tar.gz")
    package = told["register"]["Metadata"]["RegisterModel"]["Arn"]
    version = call(sandbox, "DescribeModelPackage", ModelPackageName=package)
    assert version["MetadataProperties"] == {"GeneratedBy": arn}
    whole = call(sandbox, "DescribePipelineExecution", PipelineExecutionArn=arn)
    assert (whole["PipelineExecutionStatus"], whole["PipelineArn"]) == ("Succeeded", RISK.arn("pipeline", "churn"))
    assert "StartTime" not in whole


def test_an_execution_whose_step_fails_has_failed(sandbox: Sandbox) -> None:
    arn = start(sandbox, training_step(), processing_step("evaluate", "train"), processing_step("report", "train"))
    name = f"pipelines-{arn.rpartition('/')[2]}-evaluate"
    sandbox.timeline.decide_outcome(PROCESSING_JOB, name, Outcome(failure="no data"))
    sandbox.advance(5_000)
    assert {name: step["StepStatus"] for name, step in steps(sandbox, arn).items()} == {
        "train": "Succeeded",
        "evaluate": "Failed",
        "report": "Succeeded",
    }
    (row,) = call(sandbox, "ListPipelineExecutions", PipelineName="churn")["PipelineExecutionSummaries"]
    assert (row["PipelineExecutionStatus"], row["PipelineExecutionFailureReason"]) == (
        "Failed",
        "Step failure: no data",
    )
    assert "CreationTime" not in row


def test_executions_of_one_pipeline_newest_first_within_bounds(sandbox: Sandbox) -> None:
    first = start(sandbox, {"Name": "check", "Type": "Condition"})
    sandbox.advance(600)
    second = again(sandbox, PipelineExecutionDisplayName="again")
    listed = call(sandbox, "ListPipelineExecutions", PipelineName="Churn", SortOrder="Descending")
    rows = listed["PipelineExecutionSummaries"]
    assert [row["PipelineExecutionArn"] for row in rows] == [second, first]
    assert rows[0]["PipelineExecutionDisplayName"] == "again"
    later = call(sandbox, "ListPipelineExecutions", PipelineName="Churn", CreatedAfter=rows[0]["StartTime"])
    assert [row["PipelineExecutionArn"] for row in later["PipelineExecutionSummaries"]] == [second]


def test_jobs_without_an_experiment_and_parameters(sandbox: Sandbox) -> None:
    step = training_step()
    step["Arguments"]["ResourceConfig"]["InstanceType"] = {"Get": "Parameters.Type"}
    definition = {"PipelineExperimentConfig": None, "Parameters": [{"Name": "Type", "DefaultValue": "ml.c5.large"}]}
    arn = start(sandbox, step, **definition)
    told = call(sandbox, "DescribeTrainingJob", TrainingJobName=f"pipelines-{arn.rpartition('/')[2]}-train")
    assert ("ExperimentConfig" in told, told["ResourceConfig"]["InstanceType"]) == (False, "ml.c5.large")


def test_an_execution_that_is_stopped_makes_no_further_step(sandbox: Sandbox) -> None:
    arn = start(sandbox, training_step(), processing_step("evaluate", "train"))
    call(sandbox, "StopPipelineExecution", PipelineExecutionArn=arn, ClientRequestToken=TOKEN)
    sandbox.advance(5_000)
    assert list(steps(sandbox, arn)) == ["train"]
    whole = call(sandbox, "DescribePipelineExecution", PipelineExecutionArn=arn)
    assert whole["PipelineExecutionStatus"] == "Stopped"
    with pytest.raises(ServiceError, match="Only pipelines with 'Executing' status can be stopped") as refused:
        call(sandbox, "StopPipelineExecution", PipelineExecutionArn=arn, ClientRequestToken=TOKEN)
    assert refused.value.code == "ValidationException"
    assert call(sandbox, "DescribePipelineExecution", PipelineExecutionArn=arn) == whole


def test_an_execution_keeps_its_definition_and_its_parameters(sandbox: Sandbox) -> None:
    parameters = [{"Name": "Rate", "DefaultValue": 0.1}, {"Name": "Type"}, {"Name": "Days", "DefaultValue": 7}]
    arn = start(sandbox, {"Name": "check", "Type": "Condition"}, Parameters=parameters)
    given = again(sandbox, PipelineParameters=[{"Name": "Type", "Value": "fast"}])
    later = json.dumps({"Version": "2020-12-01", "Steps": []})
    call(sandbox, "UpdatePipeline", PipelineName="Churn", PipelineDefinition=later)
    usual = {"Rate": "0.1", "Days": "7"}
    for execution, values in ((arn, usual), (given, usual | {"Type": "fast"})):
        told = call(sandbox, "DescribePipelineDefinitionForExecution", PipelineExecutionArn=execution)
        assert json.loads(told["PipelineDefinition"])["Parameters"] == parameters
        listed = call(sandbox, "ListPipelineParametersForExecution", PipelineExecutionArn=execution)
        assert {item["Name"]: item["Value"] for item in listed["PipelineParameters"]} == values


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("ListPipelineExecutions", {"PipelineName": "none"}),
        ("StartPipelineExecution", {"PipelineName": "none", "ClientRequestToken": TOKEN}),
        ("DescribePipelineExecution", {"PipelineExecutionArn": RISK.arn("pipeline", "a/execution/b")}),
        ("ListPipelineExecutionSteps", {"PipelineExecutionArn": RISK.arn("pipeline", "a/execution/b")}),
        ("ListPipelineParametersForExecution", {"PipelineExecutionArn": RISK.arn("pipeline", "a/execution/b")}),
        ("DescribePipelineDefinitionForExecution", {"PipelineExecutionArn": RISK.arn("pipeline", "a/execution/b")}),
    ],
)
def test_what_is_not_there(sandbox: Sandbox, operation: str, request_: dict[str, Any]) -> None:
    with pytest.raises(ServiceError) as refused:
        call(sandbox, operation, **request_)
    assert refused.value.code == "ResourceNotFound"
