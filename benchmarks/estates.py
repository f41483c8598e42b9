"""The estates that are measured: so many models, snapshots, runtimes and jobs, all steady, made in the past."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.sagemaker.training_jobs import artifact_uri
from sandbox.server import Sandbox

ACCOUNT = "123456789012"
"""The sandbox's account of unknown keys, so that every contestant works in one account."""
DAYS = 90 * 86_400
IMAGE = f"{ACCOUNT}.dkr.ecr.us-east-2.amazonaws.com/scorer:1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/sagemaker-execution"
MAX_CONTAINERS = 15
"""Of one model (CreateModelInput.Containers). Models that are made by more jobs load folders."""

Step = tuple[str, dict[str, Any]]
"""An operation and its request."""


@dataclass(frozen=True)
class Size:
    """Number of resources of each kind.

    Attributes:
        models: Models.
        snapshots: Endpoint configurations.
        runtimes: Endpoints.
        training_jobs: Training jobs.
        transform_jobs: Transform jobs.
    """

    models: int
    snapshots: int
    runtimes: int
    training_jobs: int
    transform_jobs: int

    @property
    def jobs(self) -> int:
        """Jobs of both kinds."""
        return self.training_jobs + self.transform_jobs

    @property
    def loads_folders(self) -> bool:
        """Tell whether there are too many training jobs for a container each."""
        return self.training_jobs > self.models * MAX_CONTAINERS

    @property
    def by_kind(self) -> Mapping[str, int]:
        """The number of each kind, by the word that SageMaker's operations use."""
        return {
            "Model": self.models,
            "EndpointConfig": self.snapshots,
            "Endpoint": self.runtimes,
            "TrainingJob": self.training_jobs,
            "TransformJob": self.transform_jobs,
        }


SIZES: Mapping[str, Size] = {
    "hundred-models": Size(100, 300, 100, 250, 250),
    "two-thousand-models": Size(2_000, 2_000, 100, 250, 250),
    "fifty-thousand-jobs": Size(100, 100, 100, 25_000, 25_000),
    "one-large-model": Size(1, 5, 5, 10, 1_990),
    "unserved-snapshots": Size(4, 20, 0, 0, 0),
    "200-jobs": Size(20, 20, 20, 20, 200),
    "2000-jobs": Size(20, 20, 20, 20, 2_000),
    "12000-jobs": Size(20, 20, 20, 20, 12_000),
    "50000-jobs": Size(20, 20, 20, 20, 50_000),
}


def fill(sandbox: Sandbox, region: str, size: Size) -> None:
    """Make an estate in a region by SageMaker's own operations, evenly over the last ninety days but one.

    When this returns, every runtime is in service and every job has ended.
    """
    inputs, outputs = bucket(region, "in"), bucket(region, "out")
    for name in (inputs, outputs):
        sandbox.objects.make_bucket(name, ACCOUNT, region)
    for folder in ("datasets/train/", "batch/"):
        sandbox.objects.write(f"s3://{inputs}/{folder}part-0001.csv", b"1,0.5\n2,0.25\n")
    now, count = time.time(), sum(size.by_kind.values())
    sandbox.clock.freeze()
    for i, (operation, ask) in enumerate(steps(size, region)):
        sandbox.clock.set(now - DAYS + i * (DAYS - 86_400) / count)
        sandbox.call(operation, ACCOUNT, region, **ask)
    sandbox.clock.set(now)
    sandbox.sagemaker.run_due()
    sandbox.clock.run()


def steps(size: Size, region: str) -> Iterator[Step]:
    """The operations that make an estate of this size in a region, in their order.

    Jobs, snapshots and runtimes are dealt out to the models evenly, the newest model first, so that a model has its
    share
    of each; the rest goes to the newest models. Models that load folders take no transform job (SageMaker refuses
    that),
    so that there the newer half of the models is trained and the older half transforms.
    """
    trained_by: dict[int, list[int]] = {}
    for k in range(size.training_jobs):
        m = training_model_index(k, size)
        trained_by.setdefault(m, []).append(k)
        yield "CreateTrainingJob", training_job(k, m, region)
    for m in range(size.models):
        yield "CreateModel", model(m, trained_by.get(m, ()), region)
    for s in reversed(range(size.snapshots)):
        yield "CreateEndpointConfig", snapshot(s, size.models - 1 - s % size.models)
    for r in range(size.runtimes):
        yield "CreateEndpoint", {"EndpointName": f"runtime-{r:05}", "EndpointConfigName": f"snapshot-{r:05}"}
    for k in range(size.transform_jobs):
        yield "CreateTransformJob", transform_job(k, transform_model_index(k, size), region)


def training_model_index(k: int, size: Size) -> int:
    """Give the number of the model that training job k of an estate of this size made."""
    return size.models - 1 - k % (size.models // 2 if size.loads_folders else size.models)


def transform_model_index(k: int, size: Size) -> int:
    """Give the number of the model that transform job k of an estate of this size runs."""
    half = size.models // 2
    return half - 1 - k % half if size.loads_folders else size.models - 1 - k % size.models


def bucket(region: str, use: str) -> str:
    """A bucket of the estate in a region, by its use: `in` for the inputs of jobs, `out` for their outputs."""
    return f"benchmark-{use}-{region}"


def training_job(k: int, m: int, region: str) -> dict[str, Any]:
    """Training job k, which made (a part of) model m.

    Args:
        k: The number of the job.
        m: The number of the model.
        region: The region of its data.
    """
    return {
        "TrainingJobName": f"training-{k:05}",
        "RoleArn": ROLE,
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "HyperParameters": {"max_depth": "6", "eta": "0.2", "objective": "binary:logistic", "num_round": str(50 + k)},
        "InputDataConfig": [channel(name, region) for name in ("train", "validation")],
        "OutputDataConfig": {"S3OutputPath": folder(m, region)},
        "ResourceConfig": {"InstanceType": "ml.m5.2xlarge", "InstanceCount": 1, "VolumeSizeInGB": 50},
        "StoppingCondition": {"MaxRuntimeInSeconds": 86_400},
        "Tags": tags(m),
    }


def model(m: int, trained_by: Iterable[int], region: str) -> dict[str, Any]:
    """Model m, with one container for each job that trained it, or one that loads the folder of them all.

    Args:
        m: The number of the model.
        trained_by: The numbers of the jobs.
        region: The region of their artifacts.
    """
    jobs = list(trained_by)
    if len(jobs) > MAX_CONTAINERS:
        source = {"S3Uri": f"{folder(m, region)}/", "S3DataType": "S3Prefix", "CompressionType": "None"}
        containers = [{"Image": IMAGE, "ModelDataSource": {"S3DataSource": source}}]
    else:
        containers = [{"Image": IMAGE, "ModelDataUrl": artifact_uri(training_job(k, m, region))} for k in jobs]
    if len(containers) > 1:
        made: dict[str, Any] = {"Containers": containers}
    else:
        made = {"PrimaryContainer": containers[0] if containers else {"Image": IMAGE}}
    return {"ModelName": name_of(m), "ExecutionRoleArn": ROLE, "Tags": tags(m), **made}


def snapshot(number: int, m: int) -> dict[str, Any]:
    """The endpoint configuration of this number, of model m.

    Args:
        number: The number of the endpoint configuration.
        m: The number of the model.
    """
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": name_of(m),
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    return {"EndpointConfigName": f"snapshot-{number:05}", "ProductionVariants": [variant], "Tags": tags(m)}


def transform_job(k: int, m: int, region: str) -> dict[str, Any]:
    """Batch transform k, with model m.

    Args:
        k: The number of the job.
        m: The number of the model.
        region: The region of its data.
    """
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket(region, 'in')}/batch/"}
    return {
        "TransformJobName": f"transform-{k:05}",
        "ModelName": name_of(m),
        "TransformInput": {
            "DataSource": {"S3DataSource": source},
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        "TransformOutput": {"S3OutputPath": f"s3://{bucket(region, 'out')}/batch/{k:05}", "AssembleWith": "Line"},
        "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
        "Tags": tags(m),
    }


def channel(name: str, region: str) -> dict[str, Any]:
    """A channel, of this name, of training data; all in a region read the same object."""
    source = {
        "S3DataType": "S3Prefix",
        "S3Uri": f"s3://{bucket(region, 'in')}/datasets/train/",
        "S3DataDistributionType": "FullyReplicated",
    }
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, "ContentType": "text/csv"}


def folder(m: int, region: str) -> str:
    """Give the prefix of the artifacts of model m's training jobs in a region."""
    return f"s3://{bucket(region, 'out')}/training/{name_of(m)}"


def name_of(m: int) -> str:
    """The name of model m."""
    return f"model-{m:05}"


def tags(m: int) -> list[dict[str, str]]:
    """The tags of everything that belongs to model m."""
    return [{"Key": "team", "Value": f"team-{m % 7}"}, {"Key": "stage", "Value": "production"}]
