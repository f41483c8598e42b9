"""Where the tests of aws play: one account, keys that sign for it, and resources made there without HTTP."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from botocore.credentials import ReadOnlyCredentials

from aws.calls import Calls
from aws.inventory.inventory import Place
from aws.readings.origin import Origin
from aws.tally import Tally, current_tally
from sandbox.server import Sandbox

# Keys that nobody made belong to this account in the sandbox.
ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
EXECUTION_ROLE = f"arn:aws:iam::{ACCOUNT}:role/sagemaker-execution"
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/scorer:1"
PLACE = Place("scope-1", ACCOUNT, REGION)
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class StaticCredentials:
    """Always the same keys, with all that a client asks of credentials."""

    def __init__(self, access_key: str = "AKIATESTSOFAWS", secret: str = "any", token: str | None = None) -> None:
        self.keys = ReadOnlyCredentials(access_key, secret, token)

    async def get_frozen_credentials(self) -> ReadOnlyCredentials:
        return self.keys

    def get_deferred_property(self, name: str, /) -> Callable[[], object]:
        return lambda: getattr(self.keys, name, None)

    async def get_account_id(self) -> None:
        return None


class ScriptedCalls(Calls):
    """Gives prepared answers in their order, for what the sandbox would never say; remembers what was asked."""

    def __init__(self, *answers: Mapping[str, Any]) -> None:
        self.role = ROLE
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._answers = list(answers)

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        self.asked.append((operation, parameters))
        return self._answers.pop(0)


@contextmanager
def tallied() -> Iterator[Tally]:
    """One request's account."""
    tally = Tally()
    token = current_tally.set(tally)
    try:
        yield tally
    finally:
        current_tally.reset(token)


def origin(as_of: datetime = NOON) -> Origin:
    return Origin(PLACE.scope, ACCOUNT, REGION, as_of)


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
