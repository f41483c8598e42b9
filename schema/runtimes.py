"""Runtimes (endpoints), and what a query can walk to from one."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from aws import resources
from resolvers import lookups, monitoring, runtimes
from schema.enums import RuntimeStatus
from schema.fields import Info, attribute, backed_by, computed, detail, load_detail, relation
from schema.interfaces import LazyModels, Node, Resource
from schema.monitoring import MetricSeries, MonitoringSchedule, resolve_metrics
from schema.parts import DataCapture, RuntimeVariant

if TYPE_CHECKING:
    from schema.snapshots import Snapshot

LazyOptionalSnapshot = Annotated["Snapshot", strawberry.lazy("schema.snapshots")] | None


async def _snapshot(root: Any, info: Info) -> Any:
    return await _snapshot_named(root, info, "snapshot_name")


async def _pending_snapshot(root: Any, info: Info) -> Any:
    return await _snapshot_named(root, info, "pending_snapshot_name")


async def _snapshot_named(root: Any, info: Info, attribute: str) -> Any:
    request = info.context
    known = await load_detail(request, root)
    name = getattr(known, attribute) if known else None
    return await request.batcher.load(lookups.snapshots_named, request.view_of(root.scope), name)


async def _models(root: Any, info: Info) -> Any:
    request = info.context
    view = request.view_of(root.scope)
    names = await request.batcher.load(runtimes.model_names, view, root)
    return await request.batcher.load(lookups.model_lists, view, names)


@backed_by(resources.Runtime)
@strawberry.type(description="An endpoint: a snapshot, deployed")
class Runtime(Resource, Node):
    """See aws.resources.Runtime."""

    status: RuntimeStatus = attribute("The runtime's status")
    raw_status: str = attribute("SageMaker's own word for the status")
    failure_reason: str | None = detail("failure_reason", "Why it failed, in SageMaker's words")
    last_modified_time: datetime | None = attribute("When it was last changed")
    snapshot: LazyOptionalSnapshot = computed(
        _snapshot, "The snapshot that it runs; null where that is gone", detail=True
    )
    snapshot_name: str | None = detail("snapshot_name", "The snapshot's name")
    pending_snapshot: LazyOptionalSnapshot = computed(_pending_snapshot, "Where an update is moving it to", detail=True)
    models: LazyModels = computed(_models, "The models that it serves; null for one that is gone", detail=True)
    model_names: list[str] | None = relation(runtimes.model_names, "The names of the models in its snapshot")
    variants: list[RuntimeVariant] | None = detail("variants", "Its variants, as they run")
    data_capture: DataCapture | None = detail("data_capture", "Whether requests and answers are being kept")
    metrics: list[MetricSeries] | None = computed(
        resolve_metrics, "CloudWatch's metrics, one series for each variant, metric and statistic", detail=True
    )
    monitoring_schedules: list[MonitoringSchedule] | None = relation(
        monitoring.schedules, "The monitoring schedules that watch it, newest first"
    )
