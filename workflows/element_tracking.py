"""Keep the elements of registrations up to date with the gateway's own changes and readings, between two syncs."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from auth.errors import AuthError
from aws.client.errors import AWSError
from aws.inventory.reader import Reader
from aws.kinds.catalog import AnyResource
from aws.kinds.inference_components import InferenceComponent
from aws.kinds.kind import Kind
from aws.kinds.model_packages import ModelPackage
from aws.kinds.models import Model
from aws.kinds.resource import Tag
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.kinds.transform_jobs import TransformJob
from aws.links.job_matching import MatchReason
from registry import elements, registrations, seen_snapshots
from registry.database import Database
from registry.elements import SeenElement
from registry.enums import ElementKind
from registry.errors import RegistryError
from registry.ids import key_of
from workflows.imports.stored_copies import element_kind_of, stored_copy

_log = logging.getLogger("sagegraph.imports")

_TAGGED: Final = Model | Snapshot | Runtime | InferenceComponent | ModelPackage

MatchedResource = tuple[AnyResource, MatchReason | None]
"""A described resource, and why it belongs to a model if it is a job."""


async def seen_elements(reader: Reader, resources: Sequence[MatchedResource]) -> tuple[SeenElement, ...]:
    """Give described resources as elements of a registration, with their tags.

    Jobs go without tags: each costs a call, and there may be thousands.
    """
    home = next(((model.account_id, model.region) for model, _ in resources if isinstance(model, Model)), None)
    tagged = [resource.arn for resource, _ in resources if isinstance(resource, _TAGGED)]
    answers = await reader.tags(tagged) if tagged else {}
    tags: Mapping[str, tuple[Tag, ...] | None] = {
        arn: None if isinstance(answer, AWSError) else answer for arn, answer in answers.items()
    }
    return tuple(
        SeenElement(
            kind=element_kind_of(resource),
            name=_name(resource, home),
            arn=resource.arn,
            created_at=resource.creation_time or resource.as_of,
            match=None if match is None else match.name,
            stored=stored_copy(resource, tags.get(resource.arn)),
        )
        for resource, match in resources
    )


def _name(resource: AnyResource, home: tuple[str, str] | None) -> str:
    """The name by which it is described: a version of another account or region has none but its ARN."""
    is_foreign = isinstance(resource, ModelPackage) and (resource.account_id, resource.region) != home
    return resource.arn if is_foreign else resource.name


async def track_elements(
    database: Database, reader: Reader, registration_keys: Collection[str], resources: Sequence[AnyResource]
) -> None:
    """Add described resources to registrations, by their keys, or bring them up to date.

    A failure is logged and no more: the work that saw them is done, and the next sync adds them.
    """
    try:
        seen = await seen_elements(reader, [(resource, _match(resource)) for resource in resources])
        async with database.writing() as connection:
            existing = await registrations.by_keys(connection, registration_keys, ())
            for key in existing:
                await elements.upsert(connection, key, seen, datetime.now(UTC))
    except (AWSError, AuthError, RegistryError) as error:
        _log.warning(
            "Changes seen of registered models could not be recorded and are left to their next sync: %s", error
        )


async def track_created(database: Database, reader: Reader, group: str, resource: AnyResource) -> None:
    """Add a resource that was just created to the group's registrations of its models; see `track_elements`.

    A training job belongs to no model before one is made of its artifact.
    """
    try:
        async with database.reading() as connection:
            watched = await seen_snapshots.watched_registrations(
                connection, group, resource.account_id, resource.region
            )
        described = await _described(reader, resource) if watched else None
        if described is None:
            return
        names = await _model_names(reader, described)
        keys = await _current_registrations(
            database, reader, [registration.key for registration in watched if registration.model_name in names]
        )
    except (AWSError, AuthError, RegistryError) as error:
        _log.warning(
            "Resources created for registered models could not be recorded and are left to their next sync: %s", error
        )
        return
    if keys:
        await track_elements(database, reader, keys, [described])


async def track_deleted(database: Database, scope: tuple[str, str, str], kind: ElementKind, name: str) -> None:
    """Note in the registrations of a scope that the resource of this kind and name was just deleted.

    A failure is logged and no more, as in `track_elements`.

    Args:
        database: The registry.
        scope: The group, the account and the region.
        kind: The resource's kind.
        name: The resource's name.
    """
    try:
        async with database.writing() as connection:
            for watched in await seen_snapshots.watched_registrations(connection, *scope):
                gone = await elements.by_names(connection, watched.key, kind, [name])
                keys = [str(key_of(element.id, "ImportedElement")) for element in gone.values()]
                await elements.mark_vanished(connection, watched.key, keys, datetime.now(UTC))
    except RegistryError as error:
        _log.warning(
            "Resources deleted from registered models could not be recorded and are left to their next sync: %s", error
        )


def _match(resource: AnyResource) -> MatchReason | None:
    return MatchReason.MODEL_NAME if isinstance(resource, TransformJob) else None


async def _described(reader: Reader, resource: AnyResource) -> AnyResource | None:
    if resource.detail is not None:
        return resource
    described = (await reader.describe(resource.kind, [resource.name]))[resource.name]
    return None if isinstance(described, AWSError) else described


async def _model_names(reader: Reader, resource: AnyResource) -> set[str]:
    """Give the names of the models that a described resource belongs to by name.

    A runtime on its way to another snapshot belongs to the models of both.
    """
    if isinstance(resource, TransformJob) and resource.detail is not None:
        return {resource.detail.model_name}
    if isinstance(resource, Snapshot) and resource.detail is not None:
        return set(resource.detail.model_names)
    if isinstance(resource, Runtime) and resource.detail is not None:
        names = {resource.detail.snapshot_name, resource.detail.pending_snapshot_name} - {None}
        snapshots = await reader.describe(Kind.SNAPSHOT, [name for name in names if name is not None])
        details = [
            snapshot.detail
            for snapshot in snapshots.values()
            if isinstance(snapshot, Snapshot) and snapshot.detail is not None
        ]
        return {name for detail in details for name in detail.model_names}
    return set()


async def _current_registrations(database: Database, reader: Reader, keys: Collection[str]) -> Sequence[str]:
    """Give the keys of those registrations whose model is still the one that was imported."""
    async with database.reading() as connection:
        rows = await registrations.by_keys(connection, keys, ())
    models = await reader.describe(Kind.MODEL, {row.model_name for row in rows.values()}) if rows else {}
    return [
        key
        for key, row in rows.items()
        if isinstance(model := models.get(row.model_name), Model)
        and (row.model_arn, row.model_created_at) == (model.arn, model.creation_time or row.model_created_at)
    ]
