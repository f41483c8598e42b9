"""Input and result of imports and syncs."""

from dataclasses import dataclass
from typing import Any

from aws.client.call_stats import CallStats
from aws.scopes import OpenScope
from registry import import_runs, registrations
from registry.enums import ImportRunState
from registry.ids import key_of
from registry.records import ImportRun, Registration
from resolvers.entered_credentials import EnteredCredentials
from resolvers.errors import UserError, UserErrorCode, UserFaultError, user_fault
from resolvers.services import Services
from workflows.imports.plan import PlannedImport, plan_for_missing_model


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportModel:
    """The request for an import (`ImportModelInput`).

    Attributes:
        model_name: The model's name in SageMaker.
        region: Its region; None for the first of the group's role.
        group: The group to import it for; None for the caller's acting group.
        display_name: The registration's name for people; None leaves it as it is.
        description: The registration's description; None leaves it as it is.
        credentials: AWS keys to read with, in place of the group's role.
        dry_run: True to plan the import without doing it.
        create_default_snapshot: True to create a snapshot of a model that has none; None if the settings decide.
        start_deployments: True to deploy new snapshots; None if the settings decide.
        custom_metadata: A merge patch (RFC 7396) of the registration's metadata; None for no change.
    """

    model_name: str
    region: str | None = None
    group: str | None = None
    display_name: str | None = None
    description: str | None = None
    credentials: EnteredCredentials | None = None
    dry_run: bool = False
    create_default_snapshot: bool | None = None
    start_deployments: bool | None = None
    custom_metadata: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """The result of `importModel` and `syncRegistration`.

    Attributes:
        registration: The registration, once the run has made it.
        import_run: The run as it stands; None for a dry run.
        plan: The plan of a dry run.
        user_errors: The faults of the input.
    """

    registration: Registration | None = None
    import_run: ImportRun | None = None
    plan: PlannedImport | None = None
    user_errors: tuple[UserError, ...] = ()


async def import_result(services: Services, run_key: str) -> ImportResult:
    """The present state of the run with this key, with its registration."""
    async with services.database.reading() as connection:
        run = await import_runs.by_key(connection, run_key)
        key = key_of(run.registration_id, "Registration") if run is not None and run.registration_id else None
        registration = None
        if key is not None:
            registration = await registrations.by_key(connection, key, services.required_assets)
    return ImportResult(registration=registration, import_run=run)


def no_such_model_fault(scope: OpenScope, name: str) -> UserFaultError:
    """Build the error of a model that the scope does not have."""
    return user_fault(
        f"SageMaker has no model `{name}` in account {scope.account_id}, {scope.region}.",
        UserErrorCode.NOT_FOUND,
        "modelName",
    )


def plan_without_model(scope: OpenScope, name: str, call_stats: CallStats) -> ImportResult:
    """The answer of a dry run for a name that no model has: the plan says so, and so does the error.

    Args:
        scope: The account and region that were asked.
        name: The name.
        call_stats: The calls that the look took, which the plan shows.
    """
    return ImportResult(
        plan=plan_for_missing_model(name, call_stats), user_errors=no_such_model_fault(scope, name).errors
    )


def failure_reason(payload: ImportResult) -> str | None:
    """The reason why the run of a payload failed; None if it has not, or not yet."""
    run = payload.import_run
    return run.phase if run is not None and run.state is ImportRunState.FAILED else None
