"""Imports and syncs: validate, start durable work, wait a moment; plan an import."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from aws.kinds.kind import Kind
from aws.kinds.models import Model
from registry.custom_metadata import merge_patched
from registry.enums import ImportRunState
from registry.ids import key_of
from registry.import_runs import NewImportRun
from resolvers.errors import UserError, UserErrorCode
from resolvers.imports.results import (
    ImportModel,
    ImportResult,
    failure_reason,
    import_result,
    no_such_model_fault,
    plan_without_model,
)
from resolvers.imports.with_entered_credentials import import_with_entered_credentials
from resolvers.lookups import checked_name, resource_or_raise
from resolvers.mutations.context import GroupWriteAccess, MutationContext
from resolvers.mutations.validation import (
    MAX_DESCRIPTION_LENGTH,
    InputChecks,
    check_resource_name,
    checked_display_name,
    checked_text,
)
from resolvers.registrations.updates import require_owner_access, require_registration
from resolvers.request import Request
from resolvers.views.resource_view import LiveView
from workflows.imports.options import ImportOptions, options_of
from workflows.imports.plan import PlannedImport, plan_for_missing_model
from workflows.imports.runner import IMPORT_WORKFLOW
from workflows.imports.runs import run_key_of, start_run, workflow_id_of

WAIT_SECONDS: Final = 1.5
"""Seconds for which an import is waited for, so that a quick one is answered whole."""
_OTHER_RUN_ERROR: Final = UserError(
    "An import of this model with other options is under way; send this one again after its end.",
    UserErrorCode.CONFLICT,
)


async def import_model(context: MutationContext, input: ImportModel) -> ImportResult:
    """Import the input's model for a group, or sync the group's present registration of it.

    Raises:
        UserFaultError: There is no such model, or an option is at fault.
    """
    context.target = f"Model {input.model_name[:63]}"
    context.success_note = "A dry run: nothing was imported." if input.dry_run else None
    options = _options(context.request, input)
    if input.credentials is not None:
        return await import_with_entered_credentials(context, input, input.credentials, replace(options, entered=True))
    access = await context.write_access(input.group, input.region)
    model = await _model(access.view, input.model_name)
    if input.dry_run and model is None:
        return plan_without_model(access.view.scope, input.model_name, context.request.call_stats)
    if model is None:
        raise no_such_model_fault(access.view.scope, input.model_name)
    if input.dry_run:
        return ImportResult(plan=await _plan(context.request, access.view, access.group, model, input))
    return await start_or_join(context, access, model.name, options)


async def sync_registration(context: MutationContext, registration_id: str) -> ImportResult:
    """Look at AWS again for the model of the registration with this id, as the group's own role."""
    registration = await require_registration(context, registration_id)
    context.target = f"Registration {registration.id}"
    access = await require_owner_access(context, registration)
    sync = ImportOptions(sync=True)
    return await start_or_join(context, access, registration.model_name, sync, key_of(registration.id, "Registration"))


async def start_or_join(
    context: MutationContext,
    access: GroupWriteAccess,
    model_name: str,
    options: ImportOptions,
    registration_key: str | None = None,
) -> ImportResult:
    """Start a run, or join the one that is under way with equal options, and wait a moment for it to end.

    A model has one run at a time: one with other options is waited for, and the own run started behind it.

    Args:
        context: The mutation's context.
        access: The group's access to the model's scope.
        model_name: The model's name.
        options: The options of the run.
        registration_key: The registration that is synced; None for an import.
    """
    until = time.monotonic() + WAIT_SECONDS
    while True:
        new = _new_run(access, model_name, options, registration_key)
        run_key, is_ours = await _start_and_wait(context, new, max(0.0, until - time.monotonic()))
        payload = await import_result(context.request.services, run_key)
        is_running = payload.import_run is not None and payload.import_run.state is ImportRunState.RUNNING
        if is_ours or is_running:
            break
    context.failure_reason = failure_reason(payload)
    if is_running:
        context.success_note = "The ImportRun goes on; should it fail, that is an event of its own."
    if is_running and not is_ours and not options.sync:
        return replace(payload, user_errors=(_OTHER_RUN_ERROR,))
    return payload


def _new_run(
    access: GroupWriteAccess, model_name: str, options: ImportOptions, registration_key: str | None
) -> NewImportRun:
    return NewImportRun(
        group=access.group,
        account_id=access.view.scope.account_id,
        region=access.view.scope.region,
        model_name=model_name,
        phase="Looking at the model",
        started_by=access.subject,
        started_at=datetime.now(UTC),
        wishes=options.to_json(),
        registration_key=registration_key,
    )


async def _start_and_wait(context: MutationContext, new: NewImportRun, seconds: float) -> tuple[str, bool]:
    """Start a run, or find the one under way, and wait for it.

    Returns:
        Its key, and True if it is the new run or one with equal options.
    """
    services = context.request.services
    run, started = await start_run(services.database, new)
    run_key = run_key_of(run)
    # An import has no registration before it has looked; a sync has one from the start.
    known = key_of(run.registration_id, "Registration") if run.registration_id else None
    is_same = options_of(run).to_json() == new.wishes and new.registration_key in (None, known)
    with services.importing.completion.waiter(run_key) as wait:
        if not options_of(run).entered:
            # A process may have ended between a run's row and its workflow; to start one twice changes nothing.
            await services.engine.start(IMPORT_WORKFLOW, workflow_id_of(run), run_key)
        await wait(seconds)
    return run_key, started or is_same


async def import_plan(request: Request, input: ImportModel) -> PlannedImport:
    """Plan the import that the input asks for, without a change. Raises UserFaultError for options at fault."""
    checked_name(Kind.MODEL, input.model_name)
    view = await request.view(input.group, input.region)
    model = await _model(view, input.model_name)
    if model is None:
        return plan_for_missing_model(input.model_name, request.call_stats)
    group = request.policy.select_role_for(request.caller, input.group).group or ""
    return await _plan(request, view, group, model, input)


async def _plan(request: Request, view: LiveView, group: str, model: Model, input: ImportModel) -> PlannedImport:
    options = _options(request, input)
    return await request.services.planning.plan(view.scope, group, model, request.call_stats, options)


def _options(request: Request, input: ImportModel) -> ImportOptions:
    """The input's options, checked and filled up with the settings' defaults. Raises UserFaultError."""
    checks, settings = InputChecks(), request.services.settings.imports
    checks.run(check_resource_name, Kind.MODEL, input.model_name, "modelName")
    options = ImportOptions(
        display_name=checks.run(checked_display_name, input.display_name),
        description=checks.run(checked_text, input.description, MAX_DESCRIPTION_LENGTH, "description"),
        custom_metadata=None if input.custom_metadata is None else checks.run(merge_patched, {}, input.custom_metadata),
        create_default_snapshot=settings.create_default_snapshot,
        start_deployments=settings.start_deployments,
    )
    checks.raise_if_any()
    if input.create_default_snapshot is not None:
        options = replace(options, create_default_snapshot=input.create_default_snapshot)
    if input.start_deployments is not None:
        options = replace(options, start_deployments=input.start_deployments)
    return options


async def _model(view: LiveView, name: str) -> Model | None:
    resource = resource_or_raise((await view.inventory.describe(Kind.MODEL, [name]))[name])
    return resource if isinstance(resource, Model) else None
