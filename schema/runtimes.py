"""Runtimes (endpoints), and what a query can walk to from one."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from aws import resources
from resolvers import lookups, monitoring, runtimes
from schema.enums import RuntimeStatus
from schema.fields import Info, computed, detail, detail_of, relation, shown, shows
from schema.interfaces import Models, Node, Resource
from schema.monitoring import MetricSeries, MonitoringSchedule, resolve_metrics
from schema.parts import DataCapture, RuntimeVariant

if TYPE_CHECKING:
    from schema.snapshots import Snapshot

OneSnapshot = Annotated["Snapshot", strawberry.lazy("schema.snapshots")] | None


async def _snapshot(root: Any, info: Info) -> Any:
    return await _named(root, info, "snapshot_name")


async def _pending_snapshot(root: Any, info: Info) -> Any:
    return await _named(root, info, "pending_snapshot_name")


async def _named(root: Any, info: Info, attribute: str) -> Any:
    request = info.context
    known = await detail_of(request, root)
    name = getattr(known, attribute) if known else None
    return await request.batcher.load(lookups.snapshots_named, request.view_of(root.scope), name)


async def _models(root: Any, info: Info) -> Any:
    request = info.context
    view = request.view_of(root.scope)
    names = await request.batcher.load(runtimes.model_names, view, root)
    return await request.batcher.load(lookups.lists_of_models, view, names)


@shows(resources.Runtime)
@strawberry.type(description="An endpoint: a snapshot, deployed")
class Runtime(Resource, Node):
    """See aws.resources.Runtime."""

    status: RuntimeStatus = shown("The runtime's status")
    raw_status: str = shown("SageMaker's own word for the status")
    failure_reason: str | None = detail("failure_reason", "Why it failed, in SageMaker's words")
    last_modified_time: datetime | None = shown("When it was last changed")
    snapshot: OneSnapshot = computed(_snapshot, "The snapshot that it runs; null where that is gone", detail=True)
    snapshot_name: str | None = detail("snapshot_name", "The snapshot's name")
    pending_snapshot: OneSnapshot = computed(_pending_snapshot, "Where an update is moving it to", detail=True)
    models: Models = computed(_models, "The models that it serves; null for one that is gone", detail=True)
    model_names: list[str] | None = relation(runtimes.model_names, "The names of the models in its snapshot")
    variants: list[RuntimeVariant] | None = detail("variants", "Its variants, as they run")
    data_capture: DataCapture | None = detail("data_capture", "Whether requests and answers are being kept")
    metrics: list[MetricSeries] | None = computed(
        resolve_metrics, "CloudWatch's metrics, one series for each variant, metric and statistic", detail=True
    )
    monitoring_schedules: list[MonitoringSchedule] | None = relation(
        monitoring.schedules, "The monitoring schedules that watch it, newest first"
    )
