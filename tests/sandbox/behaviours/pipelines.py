"""Pipelines, their executions and steps."""

import json
from typing import Any

from tests.sandbox.behaviours.behaviour import Behaviour, Cost, Stage, error

NOBODY = "sagegraph-never-was"
STOP = {"ClientRequestToken": "0" * 32}
PASSES = {"Name": "passes", "Type": "Condition", "Arguments": {"Conditions": [], "IfSteps": [], "ElseSteps": []}}


def _pipeline(stage: Stage, word: str, *steps: dict[str, Any], **definition: Any) -> str:
    name = stage.named(word)
    text = json.dumps({"Version": "2020-12-01", "Steps": steps, **definition})
    stage.client.create_pipeline(PipelineName=name, PipelineDefinition=text, RoleArn=stage.role_arn)
    stage.made.append(("delete_pipeline", {"PipelineName": name}))
    return name


def _started(stage: Stage, name: str, **ask: Any) -> str:
    return str(stage.client.start_pipeline_execution(PipelineName=name, **ask)["PipelineExecutionArn"])


def _training_step(stage: Stage) -> dict[str, Any]:
    request = stage.training("unused")
    del request["TrainingJobName"]
    return {"Name": "train", "Type": "Training", "Arguments": request}


def _registering_step(group: str) -> dict[str, Any]:
    artifact = {"Get": "Steps.train.ModelArtifacts.S3ModelArtifacts"}
    container = {"Image": "repository/scorer:1", "ModelDataUrl": artifact}
    specification = {"Containers": [container], "SupportedContentTypes": ["text/csv"]}
    arguments = {"ModelPackageGroupName": group, "InferenceSpecification": specification}
    return {"Name": "register", "Type": "RegisterModel", "Arguments": arguments}


def _ended(stage: Stage, arn: str) -> dict[str, dict[str, Any]]:
    """The steps of an execution that has ended, by name."""

    def status() -> str:
        return str(stage.client.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionStatus"])

    assert stage.until(status, not_in=("Executing",)) == "Succeeded"
    steps = stage.client.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
    return {step["StepName"]: step for step in steps}


def no_pipeline(stage: Stage) -> None:
    assert error(stage.client.describe_pipeline, PipelineName=NOBODY)[0] == "ResourceNotFound"
    assert error(stage.client.list_pipeline_executions, PipelineName=NOBODY)[0] == "ResourceNotFound"
    execution = stage.arn("pipeline", f"{NOBODY}/execution/{'0' * 12}")
    assert error(stage.client.describe_pipeline_execution, PipelineExecutionArn=execution)[0] == "ResourceNotFound"


def pipeline_twice(stage: Stage) -> None:
    _pipeline(stage, "twice", PASSES)
    assert error(lambda: _pipeline(stage, "twice", PASSES))[0] in ("ConflictException", "ValidationException")


def rows_tell_the_start(stage: Stage) -> None:
    name = _pipeline(stage, "rows", PASSES)
    arn = _started(stage, name, PipelineExecutionDisplayName="first")
    (row,) = stage.client.list_pipeline_executions(PipelineName=name)["PipelineExecutionSummaries"]
    assert (row["PipelineExecutionArn"], row["PipelineExecutionDisplayName"]) == (arn, "first")
    assert ("StartTime" in row, "CreationTime" in row) == (True, False)
    text = stage.client.describe_pipeline_execution(PipelineExecutionArn=arn)
    assert ("StartTime" in text, "CreationTime" in text) == (False, True)


def definition_of_its_start(stage: Stage) -> None:
    parameters = [{"Name": "Rate", "Type": "String", "DefaultValue": "0.1"}]
    name = _pipeline(stage, "moved", PASSES, Parameters=parameters)
    arn = _started(stage, name, PipelineParameters=[{"Name": "Rate", "Value": "0.5"}])
    later = json.dumps({"Version": "2020-12-01", "Steps": []})
    stage.client.update_pipeline(PipelineName=name, PipelineDefinition=later)
    assert stage.client.describe_pipeline(PipelineName=name)["PipelineDefinition"] == later
    told = stage.client.describe_pipeline_definition_for_execution(PipelineExecutionArn=arn)
    assert [step["Name"] for step in json.loads(told["PipelineDefinition"])["Steps"]] == ["passes"]
    given = stage.client.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)
    assert given["PipelineParameters"] == [{"Name": "Rate", "Value": "0.5"}]


def only_what_runs_is_stopped(stage: Stage) -> None:
    name = _pipeline(stage, "stopped", _training_step(stage))
    arn = _started(stage, name)
    assert error(stage.client.delete_pipeline, PipelineName=name)[0] == "ConflictException"
    stage.client.stop_pipeline_execution(PipelineExecutionArn=arn, **STOP)

    def status() -> str:
        return str(stage.client.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionStatus"])

    assert stage.until(status, not_in=("Executing", "Stopping")) == "Stopped"
    code, message = error(stage.client.stop_pipeline_execution, PipelineExecutionArn=arn, **STOP)
    assert code == "ValidationException"
    assert "Only pipelines with 'Executing' status can be stopped" in message


def steps_tell_what_they_made(stage: Stage) -> None:
    arn = _started(stage, _pipeline(stage, "trains", _training_step(stage)))
    step = _ended(stage, arn)["train"]
    job = stage.client.describe_training_job(TrainingJobName=step["Metadata"]["TrainingJob"]["Arn"].rsplit("/", 1)[1])
    assert job["TrainingJobArn"] == step["Metadata"]["TrainingJob"]["Arn"]
    assert step["StepStatus"] == "Succeeded"
    assert step["StartTime"] <= job["CreationTime"] <= step["EndTime"]


def jobs_are_trials_of_the_pipeline(stage: Stage) -> None:
    name = _pipeline(stage, "tried", _training_step(stage))
    arn = _started(stage, name)
    step = _ended(stage, arn)["train"]
    job = stage.client.describe_training_job(TrainingJobName=step["Metadata"]["TrainingJob"]["Arn"].rsplit("/", 1)[1])
    told = job["ExperimentConfig"]
    assert (told["ExperimentName"], told["TrialName"]) == (name, arn.rsplit("/", 1)[1])


def what_it_makes_has_its_tags(stage: Stage) -> None:
    arn = _started(stage, _pipeline(stage, "marks", _training_step(stage)))
    job = _ended(stage, arn)["train"]["Metadata"]["TrainingJob"]["Arn"]
    tags = {tag["Key"]: tag["Value"] for tag in stage.client.list_tags(ResourceArn=job)["Tags"]}
    assert tags["sagemaker:pipeline-execution-arn"] == arn
    assert tags["sagemaker:pipeline-step-name"] == "train"


def versions_are_generated_by_executions(stage: Stage) -> None:
    group = stage.named("generated")
    stage.client.create_model_package_group(ModelPackageGroupName=group)
    stage.made.append(("delete_model_package_group", {"ModelPackageGroupName": group}))
    arn = _started(stage, _pipeline(stage, "registers", _training_step(stage), _registering_step(group)))
    package = _ended(stage, arn)["register"]["Metadata"]["RegisterModel"]["Arn"]
    stage.made.append(("delete_model_package", {"ModelPackageName": package}))
    assert stage.client.describe_model_package(ModelPackageName=package)["MetadataProperties"] == {"GeneratedBy": arn}


TABLE = (
    Behaviour(
        "A pipeline or an execution that is not there is a ResourceNotFound",
        "botocore: DescribePipeline, ListPipelineExecutions, DescribePipelineExecution",
        no_pipeline,
    ),
    Behaviour(
        "A pipeline's name is taken until it is deleted",
        "botocore: CreatePipeline models ConflictException",
        pipeline_twice,
        Cost.WRITES,
    ),
    Behaviour(
        "Rows of executions tell their start, descriptions their creation",
        "botocore service-2: PipelineExecutionSummary, DescribePipelineExecutionResponse",
        rows_tell_the_start,
        Cost.WRITES,
    ),
    Behaviour(
        "An execution keeps the definition and the parameters that it was started with",
        "botocore: DescribePipelineDefinitionForExecution, ListPipelineParametersForExecution",
        definition_of_its_start,
        Cost.WRITES,
    ),
    Behaviour(
        "An execution is stopped while it runs, and its pipeline is not deleted until then",
        "Airflow's SageMaker hook matches \"Only pipelines with 'Executing' status can be stopped\"; "
        "botocore: DeletePipeline",
        only_what_runs_is_stopped,
        Cost.RUNS,
    ),
    Behaviour(
        "A step tells the ARN of what it made",
        "botocore service-2: PipelineExecutionStepMetadata",
        steps_tell_what_they_made,
        Cost.RUNS,
    ),
    Behaviour(
        "Jobs of an execution name the pipeline as their experiment and the execution as their trial",
        "sagemaker-python-sdk: PipelineExperimentConfig, the default of Pipeline",
        jobs_are_trials_of_the_pipeline,
        Cost.RUNS,
    ),
    Behaviour(
        "A job that an execution starts has the tags sagemaker:pipeline-execution-arn and sagemaker:pipeline-step-name",
        "sagemaker-python-sdk: the lineage of artifacts reads the first off a training job; kedro-sagemaker issue 20",
        what_it_makes_has_its_tags,
        Cost.RUNS,
    ),
    Behaviour(
        "A version that an execution registers is GeneratedBy it",
        "AWS developer guide: the sample event 'SageMaker Model Package State Change'",
        versions_are_generated_by_executions,
        Cost.RUNS,
    ),
)
