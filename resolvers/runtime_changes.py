"""Runtimes: created, each once, moved to another snapshot, and deleted."""

from dataclasses import dataclass

from aws.resources import Runtime
from aws.writing.inputs import NewRuntime
from aws.writing.writer import Writer
from resolvers.acts import Act
from resolvers.making import Asked, author_of, make, take
from resolvers.user_errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRuntimePayload:
    """What `createRuntime` answers with."""

    runtime: Runtime | None = None
    created: bool = False
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveRuntime:
    """Which runtime to move to which snapshot (`UpdateRuntimeInput`)."""

    name: str
    snapshot_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimePayload:
    """What `updateRuntime` and `deleteRuntime` answer with."""

    runtime: Runtime | None = None
    user_errors: tuple[UserError, ...] = ()


async def create_runtime(act: Act, asked: Asked[NewRuntime]) -> NewRuntimePayload:
    """Creates a runtime, which comes up by itself."""
    made = await make(act, asked, Runtime, Writer.create_runtime)
    return NewRuntimePayload(runtime=made.resource, created=made.created)


async def update_runtime(act: Act, asked: Asked[MoveRuntime]) -> RuntimePayload:
    """Moves a runtime to another snapshot, and shows it on its way."""
    what = asked.what
    hand = await take(act, asked, Runtime, what.name)
    runtime = await hand.writer.update_runtime(what.name, what.snapshot_name, author_of(act, hand))
    return RuntimePayload(runtime=runtime)


async def delete_runtime(act: Act, asked: Asked[str]) -> RuntimePayload:
    """Deletes the runtime of a name, and shows it as it goes."""
    hand = await take(act, asked, Runtime, asked.what)
    return RuntimePayload(runtime=await hand.writer.delete_runtime(asked.what))
