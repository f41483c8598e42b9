"""SageMaker's front desk: which operation is answered by which handler, and where."""

import threading
from typing import Any

from moto.utilities.utils import get_partition

from sandbox import service_errors
from sandbox.clock import Clock
from sandbox.sagemaker import (
    endpoint_configs,
    endpoints,
    lists,
    model_packages,
    models,
    monitoring_schedules,
    search,
    tags,
    training_jobs,
    transform_jobs,
    validation,
)
from sandbox.sagemaker.context import Handler, OperationContext, OperationOutput
from sandbox.sagemaker.objects import MotoObjects
from sandbox.sagemaker.quotas import Quotas
from sandbox.sagemaker.store import (
    ENDPOINT,
    ENDPOINT_CONFIG,
    MODEL,
    MONITORING_SCHEDULE,
    TRAINING_JOB,
    TRANSFORM_JOB,
    AccountRegion,
)
from sandbox.sagemaker.timeline import Durations, Timeline

HANDLERS: dict[str, Handler] = {
    "CreateModel": models.create,
    "DescribeModel": models.describe,
    "DeleteModel": models.delete,
    "ListModels": lists.list_handler(MODEL),
    "CreateEndpointConfig": endpoint_configs.create,
    "DescribeEndpointConfig": endpoint_configs.describe,
    "DeleteEndpointConfig": endpoint_configs.delete,
    "ListEndpointConfigs": lists.list_handler(ENDPOINT_CONFIG),
    "CreateEndpoint": endpoints.create,
    "DescribeEndpoint": endpoints.describe,
    "UpdateEndpoint": endpoints.update,
    "DeleteEndpoint": endpoints.delete,
    "ListEndpoints": lists.list_handler(ENDPOINT),
    "CreateTrainingJob": training_jobs.create,
    "DescribeTrainingJob": training_jobs.describe,
    "StopTrainingJob": training_jobs.stop,
    "DeleteTrainingJob": training_jobs.delete,
    # "The default is Ascending." (ListTrainingJobsRequest.SortOrder; its prose says newest first)
    "ListTrainingJobs": lists.list_handler(TRAINING_JOB, default_order="Ascending"),
    "CreateTransformJob": transform_jobs.create,
    "DescribeTransformJob": transform_jobs.describe,
    "StopTransformJob": transform_jobs.stop,
    "ListTransformJobs": lists.list_handler(TRANSFORM_JOB),
    "CreateModelPackageGroup": model_packages.create_group,
    "CreateModelPackage": model_packages.create,
    "DescribeModelPackage": model_packages.describe,
    "BatchDescribeModelPackage": model_packages.describe_batch,
    "CreateMonitoringSchedule": monitoring_schedules.create,
    "DescribeMonitoringSchedule": monitoring_schedules.describe,
    "DeleteMonitoringSchedule": monitoring_schedules.delete,
    "ListMonitoringSchedules": lists.list_handler(MONITORING_SCHEDULE),
    "Search": search.search,
    "ListTags": tags.list_tags,
    "AddTags": tags.add_tags,
    "DeleteTags": tags.delete_tags,
}
READS = ("Describe", "List", "Search", "BatchDescribe")


class SageMakerService:
    """SageMaker in every account and region; one request at a time, so each sees a whole state."""

    def __init__(self, clock: Clock, pace: Durations | None = None) -> None:
        self.clock = clock
        self.life = Timeline(clock, pace)
        self.quotas = Quotas()
        self.objects = MotoObjects()
        self._places: dict[tuple[str, str], AccountRegion] = {}
        self._lock = threading.RLock()
        self.life.on_change = self._record_views

    def account_region(self, account: str, region: str) -> AccountRegion:
        """What an account has in a region."""
        with self._lock:
            found = self._places.get((account, region))
            if found is None:
                found = self._places[account, region] = AccountRegion(account, region, get_partition(region))
            return found

    def answer(
        self, operation: str, ask: dict[str, Any], account: str, region: str, most_rows: int | None = None
    ) -> OperationOutput:
        """Do what is asked; a listing's page holds ``most_rows`` at most, where that is given.

        Raises:
            AWSError: where SageMaker would answer with an error.
        """
        handler = HANDLERS.get(operation)
        if handler is None:
            raise service_errors.not_in_sandbox(f"SageMaker {operation}")
        validation.validate(operation, ask)
        with self._lock:
            self.life.run_due()
            desk = self.context(account, region, most_rows)
            if self.life.durations.search_delay and not operation.startswith(READS):
                return self._write(handler, desk, ask)
            return handler(desk, ask)

    def context(self, account: str, region: str, most_rows: int | None = None) -> OperationContext:
        """The surroundings of a request there."""
        return OperationContext(self.account_region(account, region), self.life, self.objects, self.quotas, most_rows)

    def _write(self, handler: Handler, desk: OperationContext, ask: dict[str, Any]) -> OperationOutput:
        """Change something, and keep for Search how it was before."""
        if not len(desk.account_region.views):
            desk.account_region.views.record(0.0, desk.account_region)
        try:
            return handler(desk, ask)
        finally:
            desk.account_region.views.record(desk.now, desk.account_region)

    def _record_views(self, at: float) -> None:
        if self.life.durations.search_delay:
            for place in self._places.values():
                place.views.record(at, place)

    def run_due(self) -> None:
        """Let happen what has fallen due, before someone looks at S3."""
        with self._lock:
            self.life.run_due()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._places.clear()
            self.life.clear()
            self.quotas.clear()
