"""What a runtime reaches: the models of the snapshot that it runs."""

from collections.abc import Sequence

from aws.errors import AWSError
from aws.relatives import snapshot_name
from aws.resources import Runtime, Snapshot
from resolvers.lookups import snapshots_named, with_detail
from resolvers.sights import ResourceView


async def model_names(view: ResourceView, runtimes: Sequence[Runtime]) -> Sequence[object]:
    """A batch function: the names of the models that each runtime serves; None where its snapshot is gone."""
    whole = await with_detail(view, runtimes)
    snapshots = await snapshots_named(view, [snapshot_name(what) for what in whole])
    return [_snapshot_model_names(what, snapshot) for what, snapshot in zip(whole, snapshots, strict=True)]


def _snapshot_model_names(runtime: object, snapshot: Snapshot | AWSError | None) -> object:
    if isinstance(runtime, AWSError):
        return runtime
    if isinstance(snapshot, Snapshot):
        return snapshot.detail.model_names if snapshot.detail else None
    return snapshot
