"""Create inputs, one case per kind."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from aws.kinds.catalog import API_NAMES, AnyResource
from aws.kinds.kind import Kind
from aws.write.idempotent_create import CreateResult
from aws.write.inputs import CreateInput, KeyValuePair, NewRuntime, NewTrainingJob, NewTransformJob, WriteAuthor
from aws.write.snapshot_inputs import NewSnapshot, NewVariant
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, EXECUTION_ROLE, IMAGE, REGION, make_config

ADA = WriteAuthor("ada@example.com", "risk")
TRANSFORM = NewTransformJob(
    model_name="Scorer",
    input_s3_uri="s3://batches/input/",
    output_s3_uri="s3://batches/output/",
    instance_type="ml.m5.large",
    environment=(KeyValuePair("TOKEN", "correct horse"),),
)
TRAINING = NewTrainingJob(
    training_image=IMAGE, role_arn=EXECUTION_ROLE, output_s3_uri="s3://batches/trained/", instance_type="ml.m5.large"
)
SNAPSHOT = NewSnapshot(variants=(NewVariant(model_name="Scorer", instance_type="ml.m5.large"),))
RUNTIME = NewRuntime(snapshot_name="scorer-1")


@dataclass(frozen=True)
class CreateCase:
    """One way to make something: what is asked for, other content, and how."""

    kind: Kind
    wanted: CreateInput
    other: CreateInput
    how: Callable[[Writer], Callable[[Any, WriteAuthor], Awaitable[CreateResult[Any]]]]

    @property
    def create(self) -> str:
        return f"Create{API_NAMES[self.kind].prefix}"

    @property
    def describe(self) -> str:
        return API_NAMES[self.kind].describe_operation

    async def make(self, writer: Writer, author: WriteAuthor = ADA, **naming: Any) -> CreateResult[AnyResource]:
        return await self.how(writer)(replace(self.wanted, **naming), author)

    async def make_other(self, writer: Writer, author: WriteAuthor = ADA, **naming: Any) -> CreateResult[AnyResource]:
        return await self.how(writer)(replace(self.other, **naming), author)

    def there(self, sandbox: Sandbox) -> list[str]:
        """The names of what there is of its kind, but for the snapshots that runtimes are made of."""
        spelling = API_NAMES[self.kind]
        rows = sandbox.call(spelling.list_operation, ACCOUNT, REGION)[spelling.list_key]
        return sorted(row[spelling.name_key] for row in rows if row[spelling.name_key] not in {"scorer-1", "scorer-2"})

    def prepare(self, sandbox: Sandbox) -> None:
        """Makes what it needs to be there."""
        make_config(sandbox, "scorer-1", "Scorer")
        make_config(sandbox, "scorer-2", "Scorer")


CREATE_CASES = (
    CreateCase(
        Kind.TRANSFORM_JOB,
        TRANSFORM,
        replace(TRANSFORM, environment=(KeyValuePair("TOKEN", "battery staple"),)),
        lambda writer: writer.create_transform_job,
    ),
    CreateCase(
        Kind.TRAINING_JOB, TRAINING, replace(TRAINING, instance_count=2), lambda writer: writer.create_training_job
    ),
    CreateCase(
        Kind.SNAPSHOT,
        SNAPSHOT,
        NewSnapshot(variants=(NewVariant(model_name="Scorer", instance_type="ml.m5.xlarge"),)),
        lambda writer: writer.create_snapshot,
    ),
    CreateCase(Kind.RUNTIME, RUNTIME, NewRuntime(snapshot_name="scorer-2"), lambda writer: writer.create_runtime),
)
RUNTIMES = CREATE_CASES[-1]


def asked(sandbox: Sandbox, create_case: CreateCase) -> dict[str, int]:
    """The calls, but for the look at a runtime's snapshot beforehand."""
    made = sandbox.calls.by_operation()
    if create_case.kind is Kind.RUNTIME:
        made.pop("DescribeEndpointConfig")
    return made
