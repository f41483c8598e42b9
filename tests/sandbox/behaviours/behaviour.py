"""Where a behaviour is shown: the sandbox, or, with LIVE_AWS, an account of the real service."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from botocore.exceptions import ClientError

IMAGE = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"


class Cost(IntEnum):
    """What showing it costs where AWS is real."""

    READS = 1
    """Nothing is changed: it may be shown in any account."""
    WRITES = 2
    """Models and endpoint configurations are made and deleted, which is free."""
    RUNS = 3
    """Endpoints or jobs run, which is paid for."""


@dataclass(frozen=True)
class Behaviour:
    """One thing that SageMaker does, who says so, and how to see it."""

    title: str
    source: str
    show: Callable[["Stage"], None]
    cost: Cost = Cost.READS


@dataclass
class Stage:
    """A client, a place to work in, and the means to wait."""

    client: Any
    s3: Any
    account: str
    region: str
    role_arn: str
    bucket: str
    prefix: str
    wait: Callable[[float], None]
    """Let so many seconds of AWS's time pass."""
    is_live: bool = False
    made: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def named(self, word: str) -> str:
        """A name of this run's own."""
        return f"{self.prefix}-{word}"

    def arn(self, kind: str, name: str) -> str:
        return f"arn:aws:sagemaker:{self.region}:{self.account}:{kind}/{name}"

    def model(self, word: str, **more: Any) -> str:
        name = self.named(word)
        ask = {"ExecutionRoleArn": self.role_arn, "PrimaryContainer": {"Image": IMAGE}} | more
        self.client.create_model(ModelName=name, **ask)
        self.made.append(("delete_model", {"ModelName": name}))
        return name

    def config(self, word: str, model: str, **more: Any) -> str:
        name = self.named(word)
        variant = {
            "VariantName": "AllTraffic",
            "ModelName": model,
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
        }
        self.client.create_endpoint_config(
            **({"EndpointConfigName": name, "ProductionVariants": [variant]} | more),
        )
        self.made.append(("delete_endpoint_config", {"EndpointConfigName": name}))
        return name

    def endpoint(self, word: str, config: str) -> str:
        name = self.named(word)
        self.client.create_endpoint(EndpointName=name, EndpointConfigName=config)
        self.made.append(("delete_endpoint", {"EndpointName": name}))
        return name

    def endpoint_status(self, name: str) -> str:
        return str(self.client.describe_endpoint(EndpointName=name)["EndpointStatus"])

    def put(self, key: str, content: bytes = b"1,2\n3,4\n") -> str:
        key = f"{self.prefix}/{key}"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)
        return f"s3://{self.bucket}/{key}"

    def training(self, word: str, **more: Any) -> dict[str, Any]:
        """What CreateTrainingJob needs at least."""
        return {
            "TrainingJobName": self.named(word),
            "RoleArn": self.role_arn,
            "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": f"s3://{self.bucket}/{self.prefix}/out"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        } | more

    def transform(self, word: str, model: str, source: str, **more: Any) -> dict[str, Any]:
        """What CreateTransformJob needs at least."""
        return {
            "TransformJobName": self.named(word),
            "ModelName": model,
            "TransformInput": {
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": source}},
                "ContentType": "text/csv",
                "SplitType": "Line",
            },
            "TransformOutput": {"S3OutputPath": f"s3://{self.bucket}/{self.prefix}/answers"},
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        } | more

    def until(self, status: Callable[[], str], *, not_in: tuple[str, ...], seconds: float = 1800) -> str:
        """Wait until the status is none of these."""
        waited = 0.0
        while status() in not_in and waited < seconds:
            self.wait(30)
            waited += 30
        return status()

    def clear_up(self) -> None:
        """Delete what was made, last first."""
        for operation, ask in reversed(self.made):
            try:
                getattr(self.client, operation)(**ask)
            except ClientError:
                continue


def error(call: Callable[..., Any], **ask: Any) -> tuple[str, str]:
    """The code and message of the error that a call answers with."""
    try:
        answer = call(**ask)
    except ClientError as refused:
        return refused.response["Error"]["Code"], refused.response["Error"]["Message"]
    raise AssertionError(f"{call} answered {answer}")


def sleep(seconds: float) -> None:
    """Real waiting, for the real service."""
    time.sleep(seconds)
