"""The pipeline executions that have trained or registered models, by the models' training jobs and packages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described
from aws.kinds.kind import Kind
from aws.kinds.model_packages import ModelPackage, package_keys
from aws.kinds.models import Model
from aws.kinds.pipeline_executions import PipelineExecution
from aws.links.job_matching import Footprint
from aws.links.pipelines import Origin, UnknownOriginError, executions_of_jobs, executions_of_packages
from resolvers.lists.matching import first_failure
from resolvers.lists.model_training_jobs import ModelTrainingJobs, OwnTrainingJobs
from resolvers.views.resource_view import ResourceView


@dataclass(frozen=True, slots=True)
class ModelExecutions:
    """The executions of one model.

    Attributes:
        executions: The executions, described.
        unreadable: The number of things that might have led to more and may not be read, training jobs among them.
        refused: The number of these that are steps, packages or executions.
        are_traceable: False if SageMaker does not tell the execution of a tuned training job of the model.
        complete_as_of: When all training jobs were seen, if the execution of each of them and of each package is known.
        failure: The reason why they are not known, if it is no refusal.
    """

    executions: tuple[PipelineExecution, ...]
    unreadable: int
    refused: int
    are_traceable: bool
    complete_as_of: datetime | None
    failure: AWSError | None = None


async def executions_of_models(
    view: ResourceView, models: Sequence[tuple[Model, Footprint]], training: ModelTrainingJobs
) -> Sequence[ModelExecutions]:
    """The executions of each described model.

    Args:
        view: The view that they are read through.
        models: The models, each with its footprint.
        training: Their training jobs.
    """
    by_package = await _origins_of_packages(view, [model for model, _ in models])
    jobs = {job.name: job for own in training.lists for job, _ in own.jobs}
    origins = dict(zip(jobs, await executions_of_jobs(view.inventory, list(jobs.values())), strict=True))
    by_model = [
        (*(origins[job.name] for job, _ in own.jobs), *packages)
        for own, packages in zip(training.lists, by_package, strict=True)
    ]
    names = list(dict.fromkeys(origin for own in by_model for origin in own if isinstance(origin, str)))
    described = await view.inventory.describe(Kind.PIPELINE_EXECUTION, names) if names else {}
    hidden, complete_as_of = training.coverage.refused, training.coverage.complete_as_of
    return [
        _executions(of_model, described, replace(own, unreadable=own.unreadable + hidden), complete_as_of)
        for of_model, own in zip(by_model, training.lists, strict=True)
    ]


async def _origins_of_packages(view: ResourceView, models: Sequence[Model]) -> Sequence[tuple[Origin, ...]]:
    """The origins of the packages that each model is made from."""
    keys = [package_keys(model) for model in models]
    wanted = list(dict.fromkeys(key for own in keys for key in own))
    packages = await view.inventory.describe(Kind.MODEL_PACKAGE, wanted) if wanted else {}
    claimed = {key: package for key, package in packages.items() if isinstance(package, ModelPackage)}
    names = await executions_of_packages(view.inventory, list(claimed.values()))
    origins = dict(zip(claimed, names, strict=True))
    return [tuple(_package_origin(packages[key], origins.get(key)) for key in own) for own in keys]


def _package_origin(package: Described, origin: Origin) -> Origin:
    return package if isinstance(package, AWSError) else origin


def _executions(
    origins: Sequence[Origin],
    executions: Mapping[str, Described],
    own: OwnTrainingJobs,
    complete_as_of: datetime | None,
) -> ModelExecutions:
    known = [origin for origin in origins if not isinstance(origin, UnknownOriginError)]
    names = dict.fromkeys(origin for origin in known if isinstance(origin, str))
    described = [executions[name] for name in names]
    denied = sum(isinstance(part, AccessDeniedError) for part in (*known, *described))
    is_complete = all(isinstance(origin, str) for origin in origins)
    return ModelExecutions(
        tuple(execution for execution in described if isinstance(execution, PipelineExecution)),
        own.unreadable + denied,
        denied,
        len(known) == len(origins),
        complete_as_of if is_complete else None,
        own.failure or first_failure((*known, *described)),
    )
