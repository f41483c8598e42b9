"""Context of a run: its model, its registration and the elements already registered."""

from dataclasses import dataclass

from aws.kinds.models import Model
from aws.scopes import OpenScope
from registry import elements, registrations
from registry.database import Connection, Database
from registry.elements import ElementCriteria, KnownElement
from registry.enums import ElementKind
from registry.ids import key_of
from registry.records import ImportRun, Registration
from workflows.durable.errors import StepFailedError
from workflows.imports.errors import UnreadableCopyError
from workflows.imports.options import options_of
from workflows.imports.stored_copies import resource_from_copy
from workflows.imports.target import ImportTarget, current_model, existing_model


@dataclass(frozen=True, slots=True)
class RunContext:
    """The subject of a run.

    Attributes:
        target: The model.
        registration_key: The key of the registration; None if there is none yet.
        known: The elements that the registration has.
    """

    target: ImportTarget
    registration_key: str | None
    known: tuple[KnownElement, ...]


async def load_run_context(database: Database, scope: OpenScope, run: ImportRun) -> RunContext:
    """Load the present subject of a run.

    Args:
        database: The registry.
        scope: The scope that the model is read through.
        run: The run.

    Raises:
        StepFailedError: The model of an import, or the registration of a sync, is gone.
        AWSError: The model could not be read.
    """
    if not options_of(run).sync:
        model = await existing_model(scope.reader, run.model_name)
        async with database.reading() as connection:
            key = await registration_key_of(connection, run, model)
            return RunContext(
                ImportTarget(model), key, () if key is None else await elements.known_elements(connection, key)
            )
    async with database.reading() as connection:
        registration = await _registration(connection, run)
        key = str(key_of(registration.id, "Registration"))
        known = await elements.known_elements(connection, key)
    return RunContext(await _target(database, scope, registration), key, known)


async def registration_key_of(connection: Connection, run: ImportRun, model: Model) -> str | None:
    """The key of the registration that a run's group has of this model; None if it has none."""
    result = await registrations.of_models(connection, [run.group], run.account_id, run.region, [model.arn], ())
    same = [
        registration for registration in result if registration.model_created_at == (model.creation_time or model.as_of)
    ]
    return key_of(same[0].id, "Registration") if same else None


async def _registration(connection: Connection, run: ImportRun) -> Registration:
    key = None if run.registration_id is None else key_of(run.registration_id, "Registration")
    registration = None if key is None else await registrations.by_key(connection, key, ())
    if registration is None:
        raise StepFailedError("REMOVED", "The registration was removed before it was synced.")
    return registration


async def _target(database: Database, scope: OpenScope, registration: Registration) -> ImportTarget:
    """The registration's own model: as it is, or if it is gone, as it was last read."""
    now = await current_model(scope.reader, registration.model_name)
    if now is not None and (now.creation_time or registration.model_created_at) == registration.model_created_at:
        return ImportTarget(now)
    was = await _last_known_model(database, scope, registration)
    return ImportTarget(was, exists=False, is_replaced=now is not None)


async def _last_known_model(database: Database, scope: OpenScope, registration: Registration) -> Model:
    models = ElementCriteria(str(key_of(registration.id, "Registration")), [ElementKind.MODEL])
    async with database.reading() as connection:
        (element,) = (await elements.page(connection, models, 1)).records
    try:
        was = resource_from_copy(element.kind, element.stored, scope.key, element.last_seen_at)
    except UnreadableCopyError as error:
        raise StepFailedError("MODEL_GONE", f"SageMaker has no model `{element.name}` any more.") from error
    assert isinstance(was, Model)  # noqa: S101 - of this kind there is nothing else.
    return was
