"""SageMaker: dispatch of operations to handlers, per account and region."""

import threading
from typing import Any

from moto.utilities.utils import get_partition

from sandbox import service_errors
from sandbox.clock import Clock
from sandbox.iam.principals import Principal
from sandbox.sagemaker import (
    endpoint_configs,
    endpoints,
    inference_components,
    lists,
    model_packages,
    models,
    monitoring_schedules,
    pipeline_executions,
    pipelines,
    processing_jobs,
    search,
    tags,
    training_jobs,
    transform_jobs,
    tuning_jobs,
    validation,
)
from sandbox.sagemaker.context import Handler, OperationContext, OperationOutput
from sandbox.sagemaker.objects import MotoObjects
from sandbox.sagemaker.quotas import Quotas
from sandbox.sagemaker.store import (
    ENDPOINT,
    ENDPOINT_CONFIG,
    INFERENCE_COMPONENT,
    MODEL,
    MONITORING_SCHEDULE,
    PROCESSING_JOB,
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
    "UpdateEndpointWeightsAndCapacities": endpoints.update_weights,
    "DeleteEndpoint": endpoints.delete,
    "ListEndpoints": lists.list_handler(ENDPOINT),
    "CreateInferenceComponent": inference_components.create,
    "DescribeInferenceComponent": inference_components.describe,
    "UpdateInferenceComponent": inference_components.update,
    "UpdateInferenceComponentRuntimeConfig": inference_components.update_runtime_config,
    "DeleteInferenceComponent": inference_components.delete,
    "ListInferenceComponents": lists.list_handler(INFERENCE_COMPONENT),
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
    "CreateProcessingJob": processing_jobs.create,
    "DescribeProcessingJob": processing_jobs.describe,
    "StopProcessingJob": processing_jobs.stop,
    "DeleteProcessingJob": processing_jobs.delete,
    "ListProcessingJobs": lists.list_handler(PROCESSING_JOB),
    "CreateHyperParameterTuningJob": tuning_jobs.create,
    "DescribeHyperParameterTuningJob": tuning_jobs.describe,
    "StopHyperParameterTuningJob": tuning_jobs.stop,
    "DeleteHyperParameterTuningJob": tuning_jobs.delete,
    "ListHyperParameterTuningJobs": tuning_jobs.list_jobs,
    "ListTrainingJobsForHyperParameterTuningJob": tuning_jobs.list_training_jobs,
    "CreatePipeline": pipelines.create,
    "DescribePipeline": pipelines.describe,
    "UpdatePipeline": pipelines.update,
    "DeletePipeline": pipelines.delete,
    "ListPipelines": pipelines.list_pipelines,
    "StartPipelineExecution": pipeline_executions.start,
    "StopPipelineExecution": pipeline_executions.stop,
    "DescribePipelineExecution": pipeline_executions.describe,
    "DescribePipelineDefinitionForExecution": pipeline_executions.describe_definition,
    "ListPipelineExecutions": pipeline_executions.list_executions,
    "ListPipelineExecutionSteps": pipeline_executions.list_steps,
    "ListPipelineParametersForExecution": pipeline_executions.list_parameters,
    "CreateModelPackageGroup": model_packages.create_group,
    "DescribeModelPackageGroup": model_packages.describe_group,
    "ListModelPackageGroups": model_packages.list_groups,
    "DeleteModelPackageGroup": model_packages.delete_group,
    "CreateModelPackage": model_packages.create,
    "DescribeModelPackage": model_packages.describe,
    "BatchDescribeModelPackage": model_packages.describe_batch,
    "ListModelPackages": model_packages.list_packages,
    "UpdateModelPackage": model_packages.update,
    "DeleteModelPackage": model_packages.delete,
    "CreateMonitoringSchedule": monitoring_schedules.create,
    "DescribeMonitoringSchedule": monitoring_schedules.describe,
    "UpdateMonitoringSchedule": monitoring_schedules.update,
    "StopMonitoringSchedule": monitoring_schedules.stop,
    "StartMonitoringSchedule": monitoring_schedules.start,
    "DeleteMonitoringSchedule": monitoring_schedules.delete,
    "ListMonitoringExecutions": monitoring_schedules.list_executions,
    "ListMonitoringSchedules": lists.list_handler(MONITORING_SCHEDULE),
    # The sandbox cannot create these, so their listings are empty.
    "ListDomains": lists.empty_list_handler("Domains"),
    "ListUserProfiles": lists.empty_list_handler("UserProfiles"),
    "ListNotebookInstances": lists.empty_list_handler("NotebookInstances"),
    "Search": search.search,
    "ListTags": tags.list_tags,
    "AddTags": tags.add_tags,
    "DeleteTags": tags.delete_tags,
}
READS = ("Describe", "List", "Search", "BatchDescribe")


class SageMakerService:
    """SageMaker in every account and region; it answers one request at a time, so that each sees a whole state.

    Args:
        clock: The sandbox's time.
        pace: The durations of creations, updates and jobs; None for the usual ones.
    """

    def __init__(self, clock: Clock, pace: Durations | None = None) -> None:
        self.clock = clock
        self.timeline = Timeline(clock, pace)
        self.quotas = Quotas()
        self.objects = MotoObjects()
        self._account_regions: dict[tuple[str, str], AccountRegion] = {}
        self._lock = threading.RLock()
        self.timeline.on_change = self._record_views

    def account_region(self, account: str, region: str) -> AccountRegion:
        """The resources of an account in a region."""
        with self._lock:
            result = self._account_regions.get((account, region))
            if result is None:
                result = self._account_regions[account, region] = AccountRegion(account, region, get_partition(region))
            return result

    def answer(
        self,
        operation: str,
        request: dict[str, Any],
        account: str,
        region: str,
        most_rows: int | None = None,
        caller: Principal | None = None,
    ) -> OperationOutput:
        """Answer a request for an operation.

        Args:
            operation: The operation, such as ``CreateModel``.
            request: Its input; times are seconds since the epoch.
            account: The caller's account.
            region: The region of the resources.
            most_rows: The most rows of a page; None for no limit.
            caller: The caller; None if it is unknown, as without HTTP.

        Raises:
            ServiceError: SageMaker's error answer, or the operation is not modelled.
        """
        handler = HANDLERS.get(operation)
        if handler is None:
            raise service_errors.not_in_sandbox(f"SageMaker {operation}")
        request = validation.without_nulls(request)
        validation.validate(operation, request)
        with self._lock:
            self.timeline.run_due()
            context = self.context(account, region, most_rows, caller)
            if self.timeline.durations.search_delay and not operation.startswith(READS):
                return self._write(handler, context, request)
            return handler(context, request)

    def context(
        self, account: str, region: str, most_rows: int | None = None, caller: Principal | None = None
    ) -> OperationContext:
        """The surroundings of a request of the caller in this account and region; see :class:`OperationContext`."""
        return OperationContext(
            self.account_region(account, region), self.timeline, self.objects, self.quotas, most_rows, caller
        )

    def _write(self, handler: Handler, context: OperationContext, request: dict[str, Any]) -> OperationOutput:
        """Carry out a change, and keep the states before and after it for Search."""
        if not len(context.account_region.views):
            context.account_region.views.record(0.0, context.account_region)
        try:
            return handler(context, request)
        finally:
            context.account_region.views.record(context.now, context.account_region)

    def _record_views(self, at: float) -> None:
        if self.timeline.durations.search_delay:
            for account_region in self._account_regions.values():
                account_region.views.record(at, account_region)

    def run_due(self) -> None:
        """Apply the changes that have fallen due, before S3 is read."""
        with self._lock:
            self.timeline.run_due()

    def clear(self) -> None:
        """Forget all resources, scheduled changes and limits."""
        with self._lock:
            self._account_regions.clear()
            self.timeline.clear()
            self.quotas.clear()
