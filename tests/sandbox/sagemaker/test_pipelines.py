"""Pipelines: made once, listed, changed, and deleted with their executions."""

import json
from typing import Any

import pytest

from sandbox.sagemaker.validation import model_mismatches
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError
from tests.gateway_client import RISK
from tests.sagemaker_builder import training_step

TOKEN = "0" * 32


def call(sandbox: Sandbox, operation: str, **ask: Any) -> dict[str, Any]:
    answer = sandbox.call(operation, RISK.account, RISK.region, **ask)
    assert model_mismatches(operation, answer) == []
    return answer


def create(sandbox: Sandbox, name: str, *steps: dict[str, Any], **more: Any) -> None:
    text = json.dumps({"Version": "2020-12-01", "Steps": steps})
    request = {"PipelineDefinition": text, "RoleArn": RISK.execution_role_arn, "ClientRequestToken": TOKEN} | more
    call(sandbox, "CreatePipeline", PipelineName=name, **request)


def start(sandbox: Sandbox, name: str) -> str:
    started = call(sandbox, "StartPipelineExecution", PipelineName=name, ClientRequestToken=TOKEN)
    return str(started["PipelineExecutionArn"])


def names(sandbox: Sandbox, **ask: Any) -> list[str]:
    return [row["PipelineName"] for row in call(sandbox, "ListPipelines", **ask)["PipelineSummaries"]]


def refused(sandbox: Sandbox, operation: str, **ask: Any) -> str:
    with pytest.raises(ServiceError) as caught:
        call(sandbox, operation, **ask)
    return caught.value.code


def test_a_name_is_given_once_and_a_definition_in_s3_is_not_modelled(sandbox: Sandbox) -> None:
    create(sandbox, "Churn")
    request = {"ClientRequestToken": TOKEN, "RoleArn": RISK.execution_role_arn}
    assert refused(sandbox, "CreatePipeline", PipelineName="Churn", PipelineDefinition="{}", **request) == (
        "ConflictException"
    )
    place = {"Bucket": "bucket", "ObjectKey": "key"}
    elsewhere = {"PipelineName": "other", "PipelineDefinitionS3Location": place}
    assert refused(sandbox, "CreatePipeline", **elsewhere, **request) == "NotInSandbox"
    assert refused(sandbox, "UpdatePipeline", PipelineName="Churn", PipelineDefinitionS3Location=place) == (
        "NotInSandbox"
    )
    assert names(sandbox) == ["Churn"]


def test_rows_tell_the_last_execution_within_bounds(sandbox: Sandbox) -> None:
    sandbox.clock.freeze()
    create(sandbox, "churn-new", PipelineDisplayName="New")
    sandbox.advance(60)
    create(sandbox, "other", PipelineDescription="else")
    start(sandbox, "churn-new")
    sandbox.advance(60)
    start(sandbox, "churn-new")
    rows = call(sandbox, "ListPipelines", SortBy="Name", SortOrder="Ascending")["PipelineSummaries"]
    assert [row.get("LastExecutionTime", 0) - row["CreationTime"] for row in rows][:1] == [120]
    assert [(row["PipelineName"], row.get("PipelineDisplayName"), row.get("PipelineDescription")) for row in rows] == [
        ("churn-new", "New", None),
        ("other", None, "else"),
    ]
    assert "LastExecutionTime" not in rows[1]
    assert names(sandbox) == ["other", "churn-new"]
    assert names(sandbox, PipelineNamePrefix="chu") == ["churn-new"]
    assert names(sandbox, CreatedAfter=rows[1]["CreationTime"]) == ["other"]
    described = call(sandbox, "DescribePipeline", PipelineName=RISK.arn("pipeline", "churn-new"))
    assert described["LastRunTime"] - described["CreationTime"] == 120


def test_a_change_keeps_the_name_and_tells_its_time(sandbox: Sandbox) -> None:
    sandbox.clock.freeze()
    create(sandbox, "Churn")
    sandbox.advance(60)
    call(sandbox, "UpdatePipeline", PipelineName="Churn", PipelineDescription="weekly", PipelineDefinition="{}")
    told = call(sandbox, "DescribePipeline", PipelineName="Churn")
    assert (told["PipelineName"], told["PipelineDescription"], told["PipelineDefinition"]) == ("Churn", "weekly", "{}")
    assert told["LastModifiedTime"] - told["CreationTime"] == 60


def test_it_is_not_deleted_while_an_execution_runs_and_takes_its_executions_along(sandbox: Sandbox) -> None:
    create(sandbox, "Churn", training_step())
    create(sandbox, "other")
    kept = start(sandbox, "other")
    arn = start(sandbox, "Churn")
    delete = {"PipelineName": "Churn", "ClientRequestToken": TOKEN}
    assert refused(sandbox, "DeletePipeline", **delete) == "ConflictException"
    assert names(sandbox, SortBy="Name", SortOrder="Ascending") == ["Churn", "other"]
    call(sandbox, "StopPipelineExecution", PipelineExecutionArn=arn, ClientRequestToken=TOKEN)
    call(sandbox, "DeletePipeline", **delete)
    assert names(sandbox) == ["other"]
    assert refused(sandbox, "DescribePipelineExecution", PipelineExecutionArn=arn) == "ResourceNotFound"
    assert call(sandbox, "DescribePipelineExecution", PipelineExecutionArn=kept)["PipelineExecutionArn"] == kept


@pytest.mark.parametrize("operation", ["DescribePipeline", "UpdatePipeline", "DeletePipeline"])
def test_one_that_is_not_there(sandbox: Sandbox, operation: str) -> None:
    token = {"ClientRequestToken": TOKEN} if operation == "DeletePipeline" else {}
    assert refused(sandbox, operation, PipelineName="none", **token) == "ResourceNotFound"
