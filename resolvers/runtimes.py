"""Runtimes: model names, creation, update and deletion."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aws.client.errors import AWSError
from aws.kinds.rollouts import Rollout
from aws.kinds.runtimes import Runtime, RuntimeDetail
from aws.kinds.snapshots import Snapshot
from aws.links.hosted_models import HostedModels, hosted_models
from aws.links.related_resources import snapshot_name
from aws.write.inputs import DesiredVariant, NewRuntime, RuntimeChange
from aws.write.writer import Writer
from resolvers.errors import UserError
from resolvers.lookups import describe_snapshots, models_or_errors, snapshots_named, with_detail
from resolvers.mutations.aws_changes import Targeted, author_of, create, take_write_access, track_change, track_removal
from resolvers.mutations.context import MutationContext
from resolvers.views.resource_view import ResourceView, Viewed, viewed


async def model_names(view: ResourceView, runtimes: Sequence[Runtime]) -> Sequence[object]:
    """A batch function: the names of the models that each runtime serves.

    None if its snapshot is gone, and it lists no inference components that would tell.
    """
    whole = await with_detail(view, runtimes)
    snapshots = await describe_snapshots(view, [snapshot_name(resource) for resource in whole])
    by_name = {
        name: snapshot
        for described, snapshot in zip(whole, snapshots, strict=True)
        if (name := snapshot_name(described))
    }
    hosted = await hosted_models(
        view.inventory, [runtime for runtime in whole if isinstance(runtime, Runtime)], by_name
    )
    return [_model_names(item, snapshot, hosted) for item, snapshot in zip(whole, snapshots, strict=True)]


async def models_of_runtimes(view: ResourceView, runtimes: Sequence[Runtime]) -> Sequence[object]:
    """A batch function: the models that each runtime serves; None for one that is gone."""
    return await models_or_errors(view, await model_names(view, runtimes))


async def snapshots_of_runtimes(view: ResourceView, runtimes: Sequence[Runtime]) -> Sequence[object]:
    """A batch function: the snapshot that each runtime runs; None if that is gone."""
    return await _snapshots_named(view, runtimes, lambda detail: detail.snapshot_name)


async def pending_snapshots(view: ResourceView, runtimes: Sequence[Runtime]) -> Sequence[object]:
    """A batch function: the snapshot that an update is moving each runtime to; None if there is none."""
    return await _snapshots_named(view, runtimes, lambda detail: detail.pending_snapshot_name)


async def _snapshots_named(
    view: ResourceView, runtimes: Sequence[Runtime], name: Callable[[RuntimeDetail], str | None]
) -> Sequence[object]:
    whole = await with_detail(view, runtimes)
    names = [name(resource.detail) if isinstance(resource, Runtime) and resource.detail else None for resource in whole]
    viewed = await snapshots_named(view, names)
    return [
        described if isinstance(described, AWSError) else snapshot
        for described, snapshot in zip(whole, viewed, strict=True)
    ]


def _model_names(runtime: object, snapshot: Snapshot | AWSError | None, hosted: HostedModels) -> object:
    if not isinstance(runtime, Runtime):
        return runtime
    if (failure := hosted.unknown.get(runtime.name)) is not None:
        return failure
    if snapshot_name(runtime) is None:
        return hosted.of(runtime.name)
    if isinstance(snapshot, Snapshot) and snapshot.detail is not None:
        return tuple(dict.fromkeys((*snapshot.detail.model_names, *hosted.of(runtime.name))))
    return snapshot if isinstance(snapshot, AWSError) else hosted.of(runtime.name) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRuntimeResult:
    """The result of `createRuntime`.

    Attributes:
        runtime: The runtime; None if the input is at fault.
        created: True if this call created it; False if it was there, with the same inputs.
        user_errors: The faults of the input.
    """

    runtime: Viewed[Runtime] | None = None
    created: bool = False
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateRuntime:
    """A runtime and its new snapshot (`UpdateRuntimeInput`).

    Attributes:
        name: The runtime's name.
        snapshot_name: The name of the snapshot to run.
        retain_variant_properties: True to keep the weights and instance counts that the variants have now.
        rollout: The plan of the update; None for SageMaker's own.
    """

    name: str
    snapshot_name: str
    retain_variant_properties: bool = True
    rollout: Rollout | None = None


@dataclass(frozen=True, slots=True)
class UpdateRuntimeVariants:
    """A runtime and the desired weights and instance counts of its variants (`UpdateRuntimeVariantsInput`).

    Attributes:
        name: The runtime's name.
        variants: The variants to change.
    """

    name: str
    variants: tuple[DesiredVariant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeResult:
    """The result of `updateRuntime`, `updateRuntimeVariants` and `deleteRuntime`.

    Attributes:
        runtime: The runtime on its way to the new state; None if the input is at fault.
        user_errors: The faults of the input.
    """

    runtime: Viewed[Runtime] | None = None
    user_errors: tuple[UserError, ...] = ()


async def create_runtime(context: MutationContext, targeted: Targeted[NewRuntime]) -> CreateRuntimeResult:
    """Create the targeted runtime, which comes up by itself."""
    made = await create(context, targeted, Runtime, Writer.create_runtime)
    return CreateRuntimeResult(runtime=made.resource, created=made.created)


async def update_runtime(context: MutationContext, targeted: Targeted[UpdateRuntime]) -> RuntimeResult:
    """Move the targeted runtime to another snapshot, and show it on its way."""
    wanted = targeted.value
    access = await take_write_access(context, targeted, Runtime, wanted.name)
    change = RuntimeChange(
        snapshot_name=wanted.snapshot_name, retain=wanted.retain_variant_properties, rollout=wanted.rollout
    )
    runtime = await access.writer.update_runtime(wanted.name, change, author_of(context, access))
    await track_change(context, access, runtime)
    return RuntimeResult(runtime=viewed(access.view, runtime))


async def update_runtime_variants(context: MutationContext, targeted: Targeted[UpdateRuntimeVariants]) -> RuntimeResult:
    """Give variants of the targeted runtime other weights and instance counts, and show it on its way."""
    wanted = targeted.value
    access = await take_write_access(context, targeted, Runtime, wanted.name)
    runtime = await access.writer.update_runtime_variants(wanted.name, wanted.variants, author_of(context, access))
    await track_change(context, access, runtime)
    return RuntimeResult(runtime=viewed(access.view, runtime))


async def delete_runtime(context: MutationContext, targeted: Targeted[str]) -> RuntimeResult:
    """Delete the runtime of the targeted name, and show it as it goes."""
    access = await take_write_access(context, targeted, Runtime, targeted.value)
    runtime = await access.writer.delete_runtime(targeted.value)
    await track_removal(context, access, runtime)
    return RuntimeResult(runtime=viewed(access.view, runtime))
