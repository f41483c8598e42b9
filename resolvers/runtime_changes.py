"""Runtimes: created, each once, moved to another snapshot, and deleted."""

from dataclasses import dataclass

from aws.resources import Runtime
from aws.writing.inputs import NewRuntime
from aws.writing.writer import Writer
from resolvers.acts import MutationContext
from resolvers.making import Targeted, author_of, create, take_write_access
from resolvers.user_errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRuntimeResult:
    """What `createRuntime` answers with."""

    runtime: Runtime | None = None
    created: bool = False
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateRuntime:
    """Which runtime to move to which snapshot (`UpdateRuntimeInput`)."""

    name: str
    snapshot_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeResult:
    """What `updateRuntime` and `deleteRuntime` answer with."""

    runtime: Runtime | None = None
    user_errors: tuple[UserError, ...] = ()


async def create_runtime(context: MutationContext, targeted: Targeted[NewRuntime]) -> CreateRuntimeResult:
    """Creates a runtime, which comes up by itself."""
    made = await create(context, targeted, Runtime, Writer.create_runtime)
    return CreateRuntimeResult(runtime=made.resource, created=made.created)


async def update_runtime(context: MutationContext, targeted: Targeted[UpdateRuntime]) -> RuntimeResult:
    """Moves a runtime to another snapshot, and shows it on its way."""
    what = targeted.value
    hand = await take_write_access(context, targeted, Runtime, what.name)
    runtime = await hand.writer.update_runtime(what.name, what.snapshot_name, author_of(context, hand))
    return RuntimeResult(runtime=runtime)


async def delete_runtime(context: MutationContext, targeted: Targeted[str]) -> RuntimeResult:
    """Deletes the runtime of a name, and shows it as it goes."""
    hand = await take_write_access(context, targeted, Runtime, targeted.value)
    return RuntimeResult(runtime=await hand.writer.delete_runtime(targeted.value))
