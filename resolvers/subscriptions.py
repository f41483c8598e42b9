"""Subscriptions: their subjects at the start, and the present state of one subject at each event."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from auth.errors import ForbiddenError
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from registry import deployment_lists
from registry.database import Connection
from registry.deployment_lists import DeploymentCriteria
from registry.deployment_records import Deployment
from registry.ids import key_of
from registry.records import ImportRun
from resolvers.deployments.pages import DeploymentQuery, deployment_criteria
from resolvers.errors import BadInputError
from resolvers.lookups import describe_by_name
from resolvers.node_ids import decode_node_id
from resolvers.nodes import registry_node, registry_nodes, view_of_node
from resolvers.request import Request
from resolvers.subscription_events import (
    RecordSubject,
    ResourceSubject,
    ShownRecord,
    ShownResource,
    Subscribed,
    SubscriptionEvent,
)
from resolvers.views.resource_view import Viewed

RUNTIME_KINDS: Final = frozenset({Kind.RUNTIME})

MAX_MATCHING: Final = 1000
"""The most deployments that pass a filter and are kept from the start. If there are more, the event of every deployment
that does not pass is sent, because it may have passed before."""


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """A resource after a change.

    Attributes:
        resource: The resource; None if it is gone.
        deleted_id: The id of a resource that is gone.
        at: The time at which the change was learnt.
    """

    resource: Viewed[AnyResource] | None
    deleted_id: str | None
    at: datetime

    @property
    def runtime(self) -> Viewed[AnyResource] | None:
        """The resource, if it is a runtime."""
        return self.resource

    @property
    def job(self) -> Viewed[AnyResource] | None:
        """The resource, if it is a job."""
        return self.resource


@dataclass(frozen=True, slots=True)
class ImportRunChange:
    """An import run after a change.

    Attributes:
        import_run: The run.
        at: The time at which the change was learnt.
    """

    import_run: ImportRun
    at: datetime


@dataclass(frozen=True, slots=True)
class DeploymentChange:
    """A deployment after a change.

    Attributes:
        deployment: The deployment.
        at: The time at which the change was learnt.
        matches: True if it passes the filter of the subscription.
    """

    deployment: Deployment
    at: datetime
    matches: bool = True


async def resource_changed(request: Request, ids: Sequence[str], kinds: Collection[Kind]) -> ResourceChange | None:
    """The state of the resource that an event is about; at the start, the subjects are taken from the ids.

    Args:
        request: The request, with its event.
        ids: The ids that the subscription is for.
        kinds: The kinds whose ids are allowed.

    Raises:
        BadInputError: An id of something else, or too many or no ids.
        auth.errors.AuthError: The caller may not see it.
        aws.client.errors.AWSError: It could not be read.
    """
    event = _event(request)
    if event.subject is None:
        for encoded in _checked(request, ids):
            if decode_node_id(encoded).kind not in kinds:
                raise BadInputError(f"`ids` holds an id of another type, `{encoded}`; leave it out.")
        event.subscribed.subjects = tuple(map(ResourceSubject, dict.fromkeys(ids)))
        return None
    assert isinstance(event.subject, ResourceSubject)  # noqa: S101 - as the start has made them.
    encoded = event.subject.id
    node_id = decode_node_id(encoded)
    view = await view_of_node(request, node_id)
    resource = await describe_by_name(view, node_id.kind, node_id.name)
    state = None if resource is None else resource.value
    event.shown = ShownResource(view.scope.key, node_id.kind, node_id.name, state)
    return ResourceChange(resource, encoded if resource is None else None, event.at or request.started)


async def import_run_changed(request: Request, encoded: str) -> ImportRunChange | None:
    """The state of the import run with the encoded id; at the start of the request's subscription, it becomes the
    subject.

    Raises:
        BadInputError: No id of an import run.
        auth.errors.AuthError: There is none that the caller may see.
    """
    event = _event(request)
    run = await registry_node(request, encoded, "ImportRun")
    if run is None:
        raise ForbiddenError("There is no import run of this id that you may see.")
    if event.subject is None:
        event.subscribed.subjects = (RecordSubject("ImportRun", str(key_of(encoded, "ImportRun"))),)
        return None
    event.shown = ShownRecord(run)
    return ImportRunChange(run, event.at or request.started)


async def deployment_changed(request: Request, ids: Sequence[str]) -> DeploymentChange | None:
    """The state of the deployment that an event is about; at the start, the subjects are taken from the ids.

    Raises:
        BadInputError: An id of something else, or too many or no ids.
        auth.errors.AuthError: There is none that the caller may see.
    """
    event = _event(request)
    if event.subject is None:
        keys = [key_of(encoded, "Deployment") for encoded in _checked(request, ids)]
        if None in keys:
            raise BadInputError("`ids` holds an id that is not a deployment's; take it from `Deployment.id`.")
        event.subscribed.subjects = tuple(RecordSubject("Deployment", str(key)) for key in dict.fromkeys(keys))
        return None
    deployment = await _deployment(request, event)
    if deployment is None:
        raise ForbiddenError("There is no deployment of this id that you may see.")
    event.shown = ShownRecord(deployment)
    return DeploymentChange(deployment, event.at or request.started)


async def deployments_changed(request: Request, query: DeploymentQuery) -> DeploymentChange | None:
    """The change of a deployment that passes the query, or may have passed it before; else None.

    Raises:
        auth.errors.AuthError: The caller may see no deployments at all.
    """
    event = _event(request)
    criteria = await deployment_criteria(request, query)
    async with request.services.database.reading() as connection:
        if event.subject is None:
            await _note_matching(connection, event.subscribed, criteria, can_leave=query.can_be_left)
            return None
        key = _record_subject(event).key
        chosen = criteria.keys is None or key in criteria.keys
        matches = chosen and await deployment_lists.count(connection, replace(criteria, keys=(key,))) > 0
    if not _is_sent(event.subscribed, key, matches=matches):
        return None
    deployment = await _deployment(request, event)
    if deployment is None:
        return None
    event.shown = ShownRecord(deployment, matches)
    return DeploymentChange(deployment, event.at or request.started, matches)


async def _note_matching(
    connection: Connection, subscribed: Subscribed, criteria: DeploymentCriteria, *, can_leave: bool
) -> None:
    """Note the deployments that pass the filter at the start, as far as they can leave it."""
    subscribed.every = "Deployment"
    if not can_leave:
        subscribed.matching = None
        return
    keys = await deployment_lists.newest_keys(connection, criteria, MAX_MATCHING + 1)
    subscribed.complete = len(keys) <= MAX_MATCHING
    subscribed.matching = set(keys[:MAX_MATCHING])


def _is_sent(subscribed: Subscribed, key: str, *, matches: bool) -> bool:
    """Tell whether the event of a change is sent: it passes the filter now, or may have passed it before."""
    if subscribed.matching is None:
        return matches
    if matches:
        subscribed.matching.add(key)
        return True
    known = key in subscribed.matching
    subscribed.matching.discard(key)
    return known or not subscribed.complete


async def _deployment(request: Request, event: SubscriptionEvent) -> Deployment | None:
    """The deployment that an event is about; None if there is none that the caller may see."""
    (deployment,) = await registry_nodes(request, [_record_subject(event).key], "Deployment")
    assert deployment is None or isinstance(deployment, Deployment)  # noqa: S101 - as the type's name says.
    return deployment


def _record_subject(event: SubscriptionEvent) -> RecordSubject:
    assert isinstance(event.subject, RecordSubject)  # noqa: S101 - as the start has made them.
    return event.subject


def _event(request: Request) -> SubscriptionEvent:
    assert request.event is not None  # noqa: S101 - the schema runs a subscription for an event alone.
    return request.event


def _checked(request: Request, ids: Sequence[str]) -> Sequence[str]:
    """The ids, if there are some and not too many. Raises BadInputError."""
    most = request.limits.page_size
    if not 0 < len(ids) <= most:
        raise BadInputError(f"`ids` takes 1 to {most} ids, not {len(ids)}.")
    return ids
