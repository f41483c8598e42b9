"""Test account: constants, credentials, clients, and resources made without HTTP."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

from botocore.credentials import ReadOnlyCredentials

from aws.client.call_stats import CallStats, current_call_stats
from aws.client.client import AwsClient, CallPolicy
from aws.client.rate_limit import AdaptiveRateLimiter, RateLimiters
from aws.client.service_clients import ServiceClients
from aws.inventory.horizon import DefaultCacheAges, horizon_at
from aws.inventory.inventory import Inventory, InventoryConfig, ScopeId
from aws.inventory.reader import Reader
from aws.kinds.resource import Provenance
from sandbox.estate.groups import Group
from sandbox.server import Sandbox

# Keys that nobody made belong to this account in the sandbox.
ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
EXECUTION_ROLE = f"arn:aws:iam::{ACCOUNT}:role/sagemaker-execution"
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/scorer:1"
SCOPE_ID = ScopeId("scope-1", ACCOUNT, REGION)
GROUP = Group("any", ACCOUNT, REGION, None)
"""The account as builders of resources take it."""
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
AGES = DefaultCacheAges()


class StaticCredentials:
    """Always the same keys, with all that a client asks of credentials."""

    def __init__(self, access_key: str = "AKIATESTSOFAWS", secret: str = "any", token: str | None = None) -> None:
        self.keys: Any = ReadOnlyCredentials(access_key, secret, token)

    async def get_frozen_credentials(self) -> Any:
        return self.keys

    def get_deferred_property(self, name: str, /) -> Callable[[], object]:
        return lambda: getattr(self.keys, name, None)

    async def get_account_id(self) -> None:
        return None


class RecordingClient(AwsClient):
    """Remembers what was asked, with all that was sent; `before` is told first, and may raise."""

    before: Callable[[str, dict[str, Any]], None] | None = None

    def __init__(self, clients: ServiceClients, manner: CallPolicy) -> None:
        super().__init__(clients, manner)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        self.asked.append((operation, parameters))
        if self.before is not None:
            self.before(operation, parameters)
        return await super().call(operation, **parameters)


class ScriptedClient(AwsClient):
    """Gives prepared answers in their order, for what the sandbox would never say; remembers what was asked."""

    def __init__(self, *answers: Mapping[str, Any]) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._answers = list(answers)

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        self.asked.append((operation, parameters))
        return self._answers.pop(0)


class UnlimitedRateLimiter(AdaptiveRateLimiter):
    """Holds nothing back, and counts what it is told."""

    def __init__(self) -> None:
        super().__init__(lambda: 0.0)
        self.turns = self.throttles = self.successes = 0

    async def acquire(self) -> None:
        self.turns += 1

    def on_throttled(self) -> None:
        self.throttles += 1

    def on_success(self) -> None:
        self.successes += 1


class UnlimitedRateLimiters(RateLimiters):
    """Loose rate limiters, by account, region and operation."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[tuple[str, str, str], UnlimitedRateLimiter] = {}

    def get(self, account_id: str, region: str, operation: str) -> UnlimitedRateLimiter:
        return self.made.setdefault((account_id, region, operation), UnlimitedRateLimiter())


def call_policy(
    rate_limiters: RateLimiters | None = None,
    role: str | None = ROLE,
    on_rejected: Callable[[], None] = lambda: None,
    at_once: int = 32,
) -> CallPolicy:
    """How calls are made in these tests: never held back, unless rate limiters are given."""
    return CallPolicy(role, ACCOUNT, REGION, rate_limiters or UnlimitedRateLimiters(), on_rejected, at_once)


def sandbox_now(sandbox: Sandbox) -> datetime:
    """The sandbox's time."""
    return datetime.fromtimestamp(sandbox.clock.now(), UTC)


def inventory_config(sandbox: Sandbox, **more: Any) -> InventoryConfig:
    """Rules of an inventory that lives by the sandbox's clock."""
    return InventoryConfig(**{"ages": AGES, "scan_bound": 1000, "now": partial(sandbox_now, sandbox), **more})


def reader_of(inventory: Inventory, max_age: float | None = None) -> Reader:
    """What a request that begins now reads through."""
    return Reader(inventory, horizon_at(inventory.config.ages, inventory.config.now(), max_age))


@contextmanager
def collected_stats() -> Iterator[CallStats]:
    """One request's account."""
    stats = CallStats()
    token = current_call_stats.set(stats)
    try:
        yield stats
    finally:
        current_call_stats.reset(token)


def provenance(as_of: datetime = NOON) -> Provenance:
    return Provenance(SCOPE_ID.scope, ACCOUNT, REGION, as_of)


def arn(kind: str, name: str) -> str:
    """SageMaker writes names in ARNs in lower case."""
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{kind}/{name.lower()}"


def make(sandbox: Sandbox, operation: str, **ask: Any) -> None:
    sandbox.call(operation, ACCOUNT, REGION, **ask)


def make_models(sandbox: Sandbox, *names: str, **tags: str) -> None:
    """Models, one second apart from the next where the sandbox's clock stands still."""
    for name in names:
        make(
            sandbox,
            "CreateModel",
            ModelName=name,
            ExecutionRoleArn=EXECUTION_ROLE,
            PrimaryContainer={"Image": IMAGE, "ModelDataUrl": f"s3://models/{name}.tar.gz"},
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )
        sandbox.clock.advance(1)


def make_transform_job(sandbox: Sandbox, name: str, model: str) -> None:
    sandbox.objects.make_bucket("batches", ACCOUNT, REGION)
    sandbox.objects.write("s3://batches/input/part-1.csv", b"1\n")
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://batches/input/"}}
    make(
        sandbox,
        "CreateTransformJob",
        TransformJobName=name,
        ModelName=model,
        TransformInput={"DataSource": source},
        TransformOutput={"S3OutputPath": "s3://batches/output/"},
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    )


def make_config(sandbox: Sandbox, name: str, *models: str) -> None:
    """An endpoint configuration with a variant for each model."""
    variants = [
        {"VariantName": f"v{n}", "ModelName": model, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        for n, model in enumerate(models, 1)
    ]
    make(sandbox, "CreateEndpointConfig", EndpointConfigName=name, ProductionVariants=variants)


def make_component_host(sandbox: Sandbox, name: str) -> None:
    """An endpoint whose variant `hosts` names no model, with a configuration of its name; it takes its time."""
    variant = {"VariantName": "hosts", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    make(
        sandbox,
        "CreateEndpointConfig",
        EndpointConfigName=name,
        ExecutionRoleArn=EXECUTION_ROLE,
        ProductionVariants=[variant],
    )
    make(sandbox, "CreateEndpoint", EndpointName=name, EndpointConfigName=name)


def component_request(name: str, host: str, model: str) -> dict[str, Any]:
    """The request for an inference component of one copy on a host (`make_component_host`)."""
    return {
        "InferenceComponentName": name,
        "EndpointName": host,
        "VariantName": "hosts",
        "Specification": {"ModelName": model, "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024}},
        "RuntimeConfig": {"CopyCount": 1},
    }


def make_training_job(sandbox: Sandbox, name: str, folder: str = "jobs", **more: Any) -> str:
    """A training job that runs for eleven and a half minutes; gives where its artifact will be."""
    make(
        sandbox,
        "CreateTrainingJob",
        TrainingJobName=name,
        RoleArn=EXECUTION_ROLE,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        OutputDataConfig={"S3OutputPath": f"s3://{folder}"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
        **more,
    )
    return f"s3://{folder}/{name}/output/model.tar.gz"
