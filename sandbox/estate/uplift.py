"""A model of the group ``marketing`` from its pipeline to a canary: tuned, trained, evaluated, registered, approved.

Three versions came of three executions; the last is served by an inference component of a shared endpoint, and by an
endpoint of its own.
"""

import json
from typing import Any, Final

from sandbox.estate import specs
from sandbox.estate.history import History
from sandbox.sagemaker.timeline import Outcome

PIPELINE: Final = "uplift-ranker"
"""The pipeline, and the group of the versions that it registers."""
SHARED_HOST: Final = "campaign-models"
_IMAGE: Final = "sagemaker-xgboost:1.7-1"
# Days ago on which the pipeline ran, and the AUC of the model that it trained.
_EXECUTIONS: Final = ((96.0, 0.681), (61.0, 0.702), (20.0, 0.723))
_TRIALS: Final = 2


def write_history(story: History) -> None:
    """Write the model's last hundred days into the story of its group."""
    group = story.group
    folders = (f"datasets/{PIPELINE}/train", f"batch/{PIPELINE}-v3/input")
    story.data += [f"s3://{group.bucket}/{folder}/" for folder in folders]
    story.call(97.0, "CreateModelPackageGroup", ModelPackageGroupName=PIPELINE)
    definition = {"Version": "2020-12-01", "Steps": _steps(story)}
    story.pipeline(96.5, PIPELINE, json.dumps(definition))
    for days, auc in _EXECUTIONS:
        trained = Outcome(seconds=1_500, metrics={"validation:auc": auc})
        tuned = [
            Outcome(seconds=700, metrics={"validation:auc": auc - 0.01 * trial}) for trial in range(1, _TRIALS + 1)
        ]
        story.execution(days, PIPELINE, trained={"train": trained}, tuned={"search": tuned})
    _decide(story)
    _serve(story)


def _decide(story: History) -> None:
    decisions = (
        (95.0, 1, "Rejected", "Ranks worse than a random order for new customers"),
        (60.5, 2, "Approved", "Agreed in the review of models"),
        (19.5, 3, "Approved", "Uplift of 4 % in the last campaign's holdout"),
    )
    for days, version, status, description in decisions:
        arn = story.group.arn("model-package", f"{PIPELINE}/{version}")
        story.call(days, "UpdateModelPackage", ModelPackageArn=arn, ModelApprovalStatus=status,
                   ApprovalDescription=description)  # fmt: skip


def _serve(story: History) -> None:
    """An endpoint that went from version 2 to 3 as a canary, and a component of version 3 beside models of others."""
    for version, days in ((2, 60.0), (3, 19.0)):
        name = f"{PIPELINE}-v{version}"
        package = story.group.arn("model-package", f"{PIPELINE}/{version}")
        story.model(days, name, _tags(), PrimaryContainer={"ModelPackageName": package})
        story.snapshot(days - 0.1, name, specs.variant(name, "ml.m5.large", 2), tags=_tags())
    story.runtime(59.8, PIPELINE, f"{PIPELINE}-v2", _tags())
    story.call(18.5, "UpdateEndpoint", EndpointName=PIPELINE, EndpointConfigName=f"{PIPELINE}-v3",
               DeploymentConfig=specs.canary(50))  # fmt: skip
    hosting = {key: value for key, value in specs.variant("", "ml.m5.2xlarge").items() if key != "ModelName"}
    role = story.group.execution_role_arn
    story.snapshot(30.0, f"{SHARED_HOST}-config", hosting, tags=_tags(), ExecutionRoleArn=role)
    story.runtime(29.9, SHARED_HOST, f"{SHARED_HOST}-config", _tags())
    story.component(18.0, f"{PIPELINE}-v3", SHARED_HOST, "AllTraffic", f"{PIPELINE}-v3", copies=2)
    for days in (12.0, 3.0):
        specs.transform(story, days, f"{PIPELINE}-v3", _tags(), Outcome(seconds=480))


def _tags() -> dict[str, str]:
    return {"team": "campaigns", "cost-center": "CC-7205", "stage": "production", "owner": "marketing-data-science"}


def _steps(story: History) -> list[dict[str, Any]]:
    """Prepare, tune, train with the best parameters, evaluate, register."""
    trained = {"Get": "Steps.train.ModelArtifacts.S3ModelArtifacts"}
    container = {"Image": specs.framework(story.group, _IMAGE), "ModelDataUrl": trained}
    inference = {
        "Containers": [container],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    register = {"ModelPackageGroupName": PIPELINE, "InferenceSpecification": inference}
    return [
        {"Name": "prepare", "Type": "Processing", "Arguments": _processing(story)},
        {"Name": "search", "Type": "Tuning", "DependsOn": ["prepare"], "Arguments": _tuning(story)},
        {"Name": "train", "Type": "Training", "DependsOn": ["search"], "Arguments": _training(story)},
        {"Name": "evaluate", "Type": "Processing", "Arguments": _processing(story, trained)},
        {"Name": "register", "Type": "RegisterModel", "Arguments": register},
    ]


def _training(story: History) -> dict[str, Any]:
    group = story.group
    return {
        "AlgorithmSpecification": {"TrainingImage": specs.framework(group, _IMAGE), "TrainingInputMode": "File"},
        "InputDataConfig": [specs.channel(group, PIPELINE, "train")],
        "OutputDataConfig": {"S3OutputPath": f"s3://{group.bucket}/pipelines/{PIPELINE}"},
        "ResourceConfig": {"InstanceType": "ml.m5.2xlarge", "InstanceCount": 1, "VolumeSizeInGB": 50},
        "RoleArn": group.execution_role_arn,
        "StoppingCondition": {"MaxRuntimeInSeconds": 14_400},
    }


def _tuning(story: History) -> dict[str, Any]:
    objective = {"Type": "Maximize", "MetricName": "validation:auc"}
    limits = {"MaxNumberOfTrainingJobs": _TRIALS, "MaxParallelTrainingJobs": _TRIALS}
    config = {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": objective,
        "ResourceLimits": limits,
    }
    return {"HyperParameterTuningJobConfig": config, "TrainingJobDefinition": _training(story)}


def _processing(story: History, reads: dict[str, str] | None = None) -> dict[str, Any]:
    group, local = story.group, "/opt/ml/processing/"
    source = reads or f"s3://{group.bucket}/datasets/{PIPELINE}/raw/"
    read = {"S3Uri": source, "LocalPath": f"{local}in", "S3DataType": "S3Prefix", "S3InputMode": "File"}
    reports = f"s3://{group.bucket}/pipelines/{PIPELINE}/reports"
    written = {"S3Uri": reports, "LocalPath": f"{local}out", "S3UploadMode": "EndOfJob"}
    return {
        "AppSpecification": {"ImageUri": specs.framework(group, "sagemaker-scikit-learn:1.2-1-cpu-py3")},
        "ProcessingInputs": [{"InputName": "model" if reads else "raw", "S3Input": read}],
        "ProcessingOutputConfig": {"Outputs": [{"OutputName": "report", "S3Output": written}]},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}
        },
        "RoleArn": group.execution_role_arn,
    }
