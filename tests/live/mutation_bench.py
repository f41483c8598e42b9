"""Hands on the sandbox's AWS: what is asked for, a gateway whose audit can be read, and what came of it in AWS."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import Kind
from registry import audit
from registry.database import Database
from registry.records import AuditEvent
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, GraphQLResponse, OpenGateway, fresh_database

MODEL, OTHER_MODEL = "fraud-detection-v11", "fraud-detection-v12"
SNAPSHOT, OTHER_SNAPSHOT = "fraud-detection-v11", "credit-risk-scorer-v7"
RUNTIME = "fraud-detection"
SECRET = "correct-horse-battery"
INPUT = f"s3://{RISK.bucket}/batches/"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"
EVERYTHING = ["READ", "IMPORT", "CREATE_JOBS", "DEPLOY", "DEPLOY_WITHOUT_APPROVAL", "APPROVE"]
PERMISSIONS = [{"group": "*", "allow": ["READ"]}, {"group": "risk", "allow": EVERYTHING[1:]}]
TAGS = [{"key": "purpose", "value": "test"}]
ERRORS = "userErrors { message code field }"


@dataclass(frozen=True)
class Creation:
    """One way to make something: what is asked for, other content, and what is shown of it."""

    mutation: str
    field: str
    kind: Kind
    wanted: Mapping[str, Any]
    other: Mapping[str, Any]
    more: str = ""

    @property
    def operation(self) -> str:
        """What SageMaker is asked."""
        return f"Create{API_NAMES[self.kind].prefix}"

    @property
    def describe(self) -> str:
        """What it is read with."""
        return API_NAMES[self.kind].describe_operation

    @property
    def looks(self) -> dict[str, int]:
        """What SageMaker is asked beforehand."""
        return {"DescribeEndpointConfig": 1} if self.kind is Kind.RUNTIME else {}

    def names(self, sandbox: Sandbox) -> list[str]:
        """The names of what there is of its kind."""
        spelling = API_NAMES[self.kind]
        result = sandbox.call(spelling.list_operation, RISK.account, RISK.region, MaxResults=100)
        return sorted(row[spelling.name_key] for row in result[spelling.list_key])


_TRANSFORM = {
    "modelName": MODEL,
    "inputS3Uri": INPUT,
    "outputS3Uri": f"s3://{RISK.bucket}/scored/",
    "instanceType": "ml.m5.large",
    "environment": [{"key": "TOKEN", "value": SECRET}],
}
_TRAINING = {
    "trainingImage": IMAGE,
    "roleArn": RISK.execution_role_arn,
    "outputS3Uri": f"s3://{RISK.bucket}/trained/",
    "instanceType": "ml.m5.large",
    "channels": [{"name": "train", "s3Uri": INPUT}],
    "hyperParameters": [{"key": "password", "value": SECRET}],
}
CREATIONS = (
    Creation(
        "createTransformJob",
        "transformJob",
        Kind.TRANSFORM_JOB,
        _TRANSFORM,
        {**_TRANSFORM, "environment": [{"key": "TOKEN", "value": f"{SECRET}-2"}]},
        "status instanceCount modelName model { name } environment { key value redacted }",
    ),
    Creation(
        "createTrainingJob",
        "trainingJob",
        Kind.TRAINING_JOB,
        _TRAINING,
        {**_TRAINING, "instanceType": "ml.m5.xlarge"},
        "status instanceCount hyperParameters { key value redacted } inputs { channel s3Uri }",
    ),
    Creation(
        "createSnapshot",
        "snapshot",
        Kind.SNAPSHOT,
        {"variants": [{"modelName": MODEL, "instanceType": "ml.m5.large"}]},
        {"variants": [{"modelName": OTHER_MODEL, "instanceType": "ml.m5.large"}]},
        "variants { name instanceType initialInstanceCount } models { name } runtimes { totalCount }",
    ),
    Creation(
        "createRuntime",
        "runtime",
        Kind.RUNTIME,
        {"snapshotName": SNAPSHOT},
        {"snapshotName": OTHER_SNAPSHOT},
        "status snapshotName snapshot { name } models { name }",
    ),
)
TRANSFORM, TRAINING, NEW_SNAPSHOT, NEW_RUNTIME = CREATIONS


@dataclass(frozen=True)
class MutationBench:
    """A gateway at work: it can be asked for changes, and what it has audited can be read."""

    gateway: GatewayClient
    sandbox: Sandbox
    database: Database

    async def ask(self, mutation: str, value: Mapping[str, Any], shown: str, **user: Any) -> GraphQLResponse:
        """The answer to a mutation; the input goes as a variable."""
        kind = mutation[0].upper() + mutation[1:]
        query = f"mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ {shown} {ERRORS} }} }}"
        return await self.gateway.ask(query, {"input": dict(value)}, **user)

    async def do(self, mutation: str, value: Mapping[str, Any], shown: str = "", **user: Any) -> Any:
        """The payload of a mutation that has no error at the top."""
        return (await self.ask(mutation, value, shown, **user)).data[mutation]

    async def make(self, creation: Creation, value: Mapping[str, Any] | None = None, **naming: Any) -> Any:
        """The payload of a creation, with what is wanted unless something else is given."""
        content = creation.wanted if value is None else value
        return await self.do(creation.mutation, {**content, **naming}, shown_of(creation))

    async def events(self) -> Sequence[AuditEvent]:
        """What has been audited, the oldest first."""
        async with self.database.reading() as connection:
            page = await audit.page(connection, audit.AuditCriteria(groups=None), 100)
        return page.records[::-1]

    def asked(self) -> dict[str, int]:
        """What AWS has been asked, but for roles, since it was last told of."""
        made = {name: count for name, count in self.sandbox.calls.by_operation().items() if name != "AssumeRole"}
        self.sandbox.calls.clear()
        return made


def shown_of(creation: Creation) -> str:
    """What every creation shows: enough to repeat it, and its own fields."""
    return f"created {creation.field} {{ id name arn source tags {{ key value }} {creation.more} }}"


@asynccontextmanager
async def mutation_bench_on(open_gateway: OpenGateway, sandbox: Sandbox, **blocks: Any) -> AsyncIterator[MutationBench]:
    """A bench whose gateway knows risk's role already; keywords are blocks of its settings. IAM counts."""
    sandbox.objects.write(f"{INPUT}part-1.csv", b"1,2\n")
    sandbox.enforce()
    settings: dict[str, Any] = {"permissions": PERMISSIONS, "database": {"url": fresh_database()}, **blocks}
    async with open_gateway(**settings) as gateway, Database(settings["database"]["url"]) as read:
        await gateway.ask("{ me { subject } }")
        sandbox.calls.clear()
        yield MutationBench(gateway, sandbox, read)


def tags_of(sandbox: Sandbox, arn: str) -> dict[str, str]:
    """The tags of something, as SageMaker has them."""
    result = sandbox.call("ListTags", RISK.account, RISK.region, ResourceArn=arn, MaxResults=100)
    return {tag["Key"]: tag["Value"] for tag in result["Tags"]}
