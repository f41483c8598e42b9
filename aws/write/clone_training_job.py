"""Clone a described training job into parameters of CreateTrainingJob."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.model import Shape

from aws.write.inputs import NewTrainingJob
from aws.write.validation import strip_unknown_members

# A job's name, tags and experiment are its own.
_NOT_COPIED = ("TrainingJobName", "Tags", "ExperimentConfig")
# Members of a job with a choice of instances; "isn't accepted in CreateTrainingJob requests" (service model).
_READ_ONLY = ("SelectedInstanceType", "SelectedInstanceCount")
# A tuning job gives its training jobs hyper-parameters with this prefix, which name its objective.
_TUNING_PREFIX = "_tuning"
# SageMaker's Python toolkit adds this hyper-parameter with the job's name, as JSON.
_JOB_NAME = "sagemaker_job_name"
# Members that a new instance type, or a new form of algorithm, replaces.
_WITH_INSTANCE_TYPE = (
    "InstanceType",
    "InstanceGroups",
    "InstancePreferences",
    "InstancePlacementConfig",
    "TrainingPlanArn",
)
_WITH_IMAGE = ("TrainingImage", "TrainingImageConfig", "ContainerEntrypoint", "ContainerArguments")


def copy_parameters(description: Mapping[str, Any], shape: Shape, wanted: NewTrainingJob) -> dict[str, Any]:
    """Give the parameters of CreateTrainingJob that copy the described job, without members that the input replaces.

    Args:
        description: DescribeTrainingJob's answer.
        shape: CreateTrainingJob's input shape.
        wanted: The input, whose fields override.
    """
    parameters: dict[str, Any] = {
        name: value for name, value in strip_unknown_members(shape, description).items() if name not in _NOT_COPIED
    }
    _drop(parameters.get("ResourceConfig"), _READ_ONLY)
    hyper_parameters = parameters.get("HyperParameters", {})
    _drop(hyper_parameters, [name for name in hyper_parameters if name.startswith(_TUNING_PREFIX)])
    if wanted.instance_type is not None:
        _drop(parameters.get("ResourceConfig"), _WITH_INSTANCE_TYPE)
        for channel in parameters.get("InputDataConfig", ()):
            _drop(channel.get("DataSource", {}).get("S3DataSource"), ["InstanceGroupNames"])
    if wanted.training_image is not None:
        _drop(parameters.get("AlgorithmSpecification"), ["AlgorithmName"])
    if wanted.algorithm_name is not None:
        _drop(parameters.get("AlgorithmSpecification"), _WITH_IMAGE)
    if wanted.use_spot is False:
        _drop(parameters.get("StoppingCondition"), ["MaxWaitTimeInSeconds"])
    if wanted.channels is not None:
        _drop(parameters, ["InputDataConfig"])
    return parameters


def rename(parameters: dict[str, Any], old: str, new: str) -> None:
    """Replace the `old` job name in the copied parameters by the `new` one, and give the copy checkpoints of its own.

    A job continues from the checkpoints that it finds, so the copy must not see those of the old job: its checkpoints
    are in a folder of its name below the old job's.
    """
    hyper_parameters = parameters.get("HyperParameters", {})
    for spelled in (str, json.dumps):
        if hyper_parameters.get(_JOB_NAME) == spelled(old):
            hyper_parameters[_JOB_NAME] = spelled(new)
            break
    if checkpoints := parameters.get("CheckpointConfig"):
        checkpoints["S3Uri"] = f"{checkpoints['S3Uri'].rstrip('/')}/{new}"


def without_metrics(parameters: dict[str, Any]) -> bool:
    """Remove the metric definitions from the parameters; False if there are none."""
    algorithm = parameters.get("AlgorithmSpecification", {})
    return algorithm.pop("MetricDefinitions", None) is not None


def _drop(structure: dict[str, Any] | None, names: Any) -> None:
    for name in names:
        if structure is not None:
            structure.pop(name, None)
