"""Pipeline executions: their steps with the resources that these made, and the executions of jobs and models."""

from collections import defaultdict
from collections.abc import Sequence

from aws.client.errors import AWSError
from aws.ids import PIPELINE_NAME_PATTERN, split_arn
from aws.inventory.listings import order_key
from aws.kinds.catalog import API_NAMES, AnyJob, kind_and_name
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.pipeline_executions import PipelineExecution
from aws.kinds.resource import build_arn
from aws.links.job_matching import footprints
from aws.links.origins import described_in_arns
from aws.links.pipelines import executions_of_jobs
from aws.pipeline_steps import ExecutionSteps, PipelineStep
from resolvers.errors import BadInputError
from resolvers.lists.connections import ListCompleteness, PageArguments
from resolvers.lists.model_executions import ModelExecutions, executions_of_models
from resolvers.lists.model_training_jobs import training_jobs_of
from resolvers.lists.pages import page_of_scan
from resolvers.lookups import with_detail
from resolvers.views.resource_view import ResourceView, Viewed, viewed_or_error


def checked_pipeline_name(name: str) -> str:
    """The name, if a pipeline can have it. Raises BadInputError otherwise."""
    if PIPELINE_NAME_PATTERN.fullmatch(name) is None:
        raise BadInputError(
            "`pipelineName` is not the name of a pipeline; names have 1 to 256 letters and digits, with "
            "hyphens only in between."
        )
    return name


async def execution_arns(view: ResourceView, jobs: Sequence[AnyJob]) -> Sequence[object]:
    """A batch function: the ARN of the execution that has started each of the jobs; None for none."""
    names = await executions_of_jobs(view.inventory, await with_detail(view, jobs))
    api = API_NAMES[Kind.PIPELINE_EXECUTION]
    return [
        build_arn(api, job.region, job.account_id, name) if isinstance(name, str) else name
        for job, name in zip(jobs, names, strict=True)
    ]


async def executions(view: ResourceView, jobs: Sequence[AnyJob]) -> Sequence[object]:
    """A batch function: the execution that has started each of the jobs; None for none."""
    names = await executions_of_jobs(view.inventory, await with_detail(view, jobs))
    known = [name for name in names if isinstance(name, str)]
    described = await view.inventory.describe(Kind.PIPELINE_EXECUTION, dict.fromkeys(known)) if known else {}
    return [viewed_or_error(view, described[name]) if isinstance(name, str) else name for name in names]


async def steps(view: ResourceView, shown: Sequence[PipelineExecution]) -> Sequence[object]:
    """A batch function: the steps of each execution that is shown, those that began first first; None if it is gone."""
    answers = await view.inventory.job_facts.steps(shown)
    return [_viewed_steps(view, answers[execution.name]) for execution in shown]


def _viewed_steps(view: ResourceView, read: ExecutionSteps | AWSError | None) -> object:
    return [Viewed(step, view) for step in read.steps] if isinstance(read, ExecutionSteps) else read


async def resources_of_steps(view: ResourceView, made: Sequence[PipelineStep]) -> Sequence[object]:
    """A batch function: the resource that each of the steps has made; None if it is gone, or none that is shown."""
    places = [_place(view, step.resource_arn) if step.resource_arn else None for step in made]
    wanted: dict[Kind, dict[str, None]] = defaultdict(dict)
    for place in places:
        if place is not None:
            wanted[place[0]][place[1]] = None
    described = {kind: await described_in_arns(view.inventory, kind, names) for kind, names in wanted.items()}
    return [None if place is None else viewed_or_error(view, described[place[0]][place[1]]) for place in places]


def _place(view: ResourceView, arn: str) -> tuple[Kind, str] | None:
    """The kind and name in an ARN of the view's own account and region."""
    is_own = split_arn(arn)[1:] == (view.region, view.account_id)
    return kind_and_name(arn) if is_own else None


async def executions_of_each_model(
    view: ResourceView, models: Sequence[Model], page: PageArguments
) -> Sequence[object]:
    """A batch function: a page of the executions that have trained or registered each of the models, newest first.

    Unless the page tells how many there are, it shows those of versions and of the jobs that the artifacts' addresses
    name, which cost a description each, however many jobs the account holds.
    """
    whole = await with_detail(view, models)
    readable = [model for model in whole if isinstance(model, Model)]
    prints = await footprints(view.inventory, readable)
    training = await training_jobs_of(view, prints, whole=page.needs.whole)
    known = iter(await executions_of_models(view, list(zip(readable, prints, strict=True)), training))
    return [_page(view, model, next(known), page) if isinstance(model, Model) else model for model in whole]


def _page(view: ResourceView, model: Model, known: ModelExecutions, page: PageArguments) -> object:
    if known.failure is not None:
        return known.failure
    ordered = sorted(known.executions, key=order_key, reverse=True)
    completeness = ListCompleteness(
        total_count=None if known.complete_as_of is None else len(ordered),
        unreadable_count=known.unreadable,
        complete_as_of=known.complete_as_of,
    )
    return page_of_scan(view, ordered, ("Model.pipelineExecutions", model.name), page, completeness)
