"""Images, containers, variants and jobs of which the estates consist."""

from dataclasses import dataclass
from typing import Any

from sandbox.estate.groups import Group
from sandbox.estate.history import History
from sandbox.sagemaker.timeline import Outcome
from sandbox.sagemaker.training_jobs import artifact_uri

# Registries of AWS's own images, by region: those of the SageMaker frameworks (XGBoost, scikit-learn), and of the
# built-in algorithms. Deep learning containers are in one account everywhere.
FRAMEWORKS = {"eu-west-1": "141502667606", "us-east-2": "257758044811"}
BUILT_IN = {"eu-west-1": "438346466558", "us-east-2": "404615174143"}
DEEP_LEARNING = "763104351884"
DAY = 86_400


def framework(group: Group, image: str) -> str:
    """The image URI of a SageMaker framework in the group's region; `image` is ``sagemaker-xgboost:1.7-1``, say."""
    return f"{FRAMEWORKS[group.region]}.dkr.ecr.{group.region}.amazonaws.com/{image}"


def built_in(group: Group, image: str) -> str:
    """The image URI of a built-in algorithm in the group's region; `image` is ``linear-learner:1``, say."""
    return f"{BUILT_IN[group.region]}.dkr.ecr.{group.region}.amazonaws.com/{image}"


def deep_learning(group: Group, image: str) -> str:
    """The image URI of a deep learning container in the group's region.

    `image` is ``pytorch-inference:2.3.0-gpu-py311-cu121-ubuntu20.04-sagemaker``, say.
    """
    return f"{DEEP_LEARNING}.dkr.ecr.{group.region}.amazonaws.com/{image}"


def environment(**more: str) -> dict[str, str]:
    """A container's environment variables: the SageMaker SDK's own, and `more`."""
    return {"SAGEMAKER_CONTAINER_LOG_LEVEL": "20", **more}


def vpc(group: Group) -> dict[str, list[str]]:
    """The VpcConfig of the group's private subnets."""
    tail = group.account[-4:]
    return {
        "SecurityGroupIds": [f"sg-0a1b2c3d4e5f6{tail}"],
        "Subnets": [f"subnet-0aa1{tail}bbcc1122d", f"subnet-0bb2{tail}ccdd2233e"],
    }


def variant(
    model: str, instance_type: str = "ml.m5.large", count: int = 1, weight: float = 1.0, name: str = "AllTraffic"
) -> dict[str, Any]:
    """A production variant of a model on instances, with `weight` as its share of the traffic."""
    return {
        "VariantName": name,
        "ModelName": model,
        "InstanceType": instance_type,
        "InitialInstanceCount": count,
        "InitialVariantWeight": weight,
    }


def canary(percent: int, wait: int = 600) -> dict[str, Any]:
    """A DeploymentConfig of two steps: `percent` of the capacity first, the rest after `wait` seconds."""
    routing = {
        "Type": "CANARY",
        "WaitIntervalInSeconds": wait,
        "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": percent},
    }
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}


def serverless(model: str, memory: int = 4096, at_once: int = 20) -> dict[str, Any]:
    """A serverless variant of a model: memory in MB, and the most requests `at_once`."""
    return {
        "VariantName": "AllTraffic",
        "ModelName": model,
        "ServerlessConfig": {"MemorySizeInMB": memory, "MaxConcurrency": at_once},
    }


def capture(group: Group, percentage: int, endpoint: str) -> dict[str, Any]:
    """Data capture of `percentage` per cent of the inputs and outputs of an endpoint."""
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": percentage,
        "DestinationS3Uri": f"s3://{group.bucket}/data-capture/{endpoint}",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    }


def job_name(story: History, base: str, days_ago: float) -> str:
    """The name of a job as the SageMaker SDK makes it: the base name, and the time of its start."""
    return f"{base}-{story.date(days_ago):%Y-%m-%d-%H-%M-%S}"


@dataclass(frozen=True)
class TrainingSpec:
    """The training recipe of a model.

    Attributes:
        base: Base of the job's name, and folder of its data.
        image: URI of the training image.
        hyper_parameters: Values by name.
        channels: Names of the input channels.
        instance_type: Type of its one instance.
        spot: Whether the job runs on spot capacity.
        output: Folder of the artifacts below the bucket; ``training/<base>`` unless given.
        compressed: Whether the artifact is a model.tar.gz, and not a folder of files.
    """

    base: str
    image: str
    hyper_parameters: dict[str, str]
    channels: tuple[str, ...] = ("train", "validation")
    instance_type: str = "ml.m5.2xlarge"
    spot: bool = False
    output: str | None = None
    compressed: bool = True


def train(story: History, days_ago: float, recipe: TrainingSpec, outcome: Outcome, tags: dict[str, str]) -> str:
    """Add the start of a training job of this recipe to the story; gives the URI of its artifact."""
    group, name = story.group, job_name(story, recipe.base, days_ago)
    output = {"S3OutputPath": f"s3://{group.bucket}/{recipe.output or f'training/{recipe.base}'}"}
    if not recipe.compressed:
        output["CompressionType"] = "NONE"
    story.training_job(
        days_ago,
        name,
        outcome,
        tags,
        AlgorithmSpecification={"TrainingImage": recipe.image, "TrainingInputMode": "File"},
        HyperParameters=recipe.hyper_parameters,
        InputDataConfig=[channel(group, recipe.base, c) for c in recipe.channels],
        OutputDataConfig=output,
        ResourceConfig={"InstanceType": recipe.instance_type, "InstanceCount": 1, "VolumeSizeInGB": 50},
        StoppingCondition={"MaxRuntimeInSeconds": DAY} | ({"MaxWaitTimeInSeconds": 2 * DAY} if recipe.spot else {}),
        EnableManagedSpotTraining=recipe.spot,
        VpcConfig=vpc(group),
    )
    return artifact_uri({"TrainingJobName": name, "OutputDataConfig": output})


def channel(group: Group, base: str, name: str) -> dict[str, Any]:
    """The input channel `name` of training data: CSV in the folder `base` of the group."""
    return {
        "ChannelName": name,
        "DataSource": {
            "S3DataSource": {
                "S3DataType": "S3Prefix",
                "S3Uri": f"s3://{group.bucket}/datasets/{base}/{name}/",
                "S3DataDistributionType": "FullyReplicated",
            }
        },
        "ContentType": "text/csv",
    }


def transform(
    story: History,
    days_ago: float,
    model: str,
    tags: dict[str, str],
    outcome: Outcome | None = None,
    *,
    name: str | None = None,
    **ask: Any,
) -> str:
    """Add the start of a transform job on a model's own batch input to the story; gives the job's name.

    Args:
        story: The past of the model's group.
        days_ago: Days before the present.
        model: Name of the model.
        tags: Tags of the job.
        outcome: End of the job; None for success.
        name: Name of the job; without one, the SDK names it.
        **ask: Further fields of CreateTransformJob.
    """
    group = story.group
    name = name or job_name(story, f"{model}-batch", days_ago)
    folder = f"s3://{group.bucket}/batch/{model}"
    story.transform_job(
        days_ago,
        name,
        outcome or Outcome(),
        tags,
        ModelName=model,
        TransformInput={
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{folder}/input/"}},
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        TransformOutput={"S3OutputPath": f"{folder}/output/{name}", "Accept": "text/csv", "AssembleWith": "Line"},
        TransformResources={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
        **ask,
    )
    return name
