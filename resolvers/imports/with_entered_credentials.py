"""Imports with entered credentials, finished within the request."""

import re
from datetime import UTC, datetime
from typing import Final

from auth.errors import CredentialsError, CredentialsUnavailableError, ForbiddenError
from auth.permissions import Permission
from auth.policy import RoleSelection
from aws.client.errors import AWSError
from aws.ids import REGION_PATTERN
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.scopes import OpenScope
from registry.import_runs import NewImportRun
from registry.records import ImportRun
from resolvers.entered_credentials import EnteredCredentials
from resolvers.errors import UserErrorCode, user_fault
from resolvers.imports.results import (
    ImportModel,
    ImportResult,
    failure_reason,
    import_result,
    no_such_model_fault,
    plan_without_model,
)
from resolvers.lookups import resource_or_raise
from resolvers.mutations.context import MutationContext
from workflows.durable.errors import StepFailedError
from workflows.imports.options import ImportOptions
from workflows.imports.runs import keep_lease, run_key_of, start_leased_run

_KEY_ID: Final = re.compile(r"\w{16,128}")
_SECRET: Final = re.compile(r"[!-~]{16,256}")
_SESSION_TOKEN: Final = re.compile(r"[!-~]{1,4096}")


async def import_with_entered_credentials(
    context: MutationContext, input: ImportModel, credentials: EnteredCredentials, options: ImportOptions
) -> ImportResult:
    """Import a model with the entered credentials, to its end.

    Raises:
        UserFaultError: The settings do not allow it, or the credentials are none, or not taken by AWS.
        auth.errors.ForbiddenError: The group may not enter credentials.
    """
    if not context.request.services.settings.enter_credentials.enabled:
        raise user_fault(
            "Entered credentials are off (`enterCredentials.enabled`); leave them out to import with the group's role.",
            UserErrorCode.DISABLED,
            "credentials",
        )
    selection, group = _permitted_role(context, input.group)
    _check_credentials(credentials)
    region = _region(input, credentials, selection)
    try:
        async with context.request.services.open_entered(credentials, region) as scope:
            context.role_arn = scope.role
            return await _import_in(context, scope, group, input, options)
    except CredentialsUnavailableError:
        raise
    except CredentialsError as error:
        # The message of STS may repeat the keys, so the caller learns no more than that it refuses them.
        raise user_fault(
            "AWS refuses these credentials; check that they are complete, and neither expired nor revoked.",
            UserErrorCode.INVALID,
            "credentials",
        ) from error


def _permitted_role(context: MutationContext, group: str | None) -> tuple[RoleSelection, str]:
    """The group's role and the group, if it may import and enter credentials. Raises ForbiddenError."""
    selection = context.request.policy.select_role_for(context.request.caller, group)
    context.group = selection.group
    for permission in (context.permission, Permission.ENTER_CREDENTIALS):
        context.request.policy.require(context.request.caller, selection.group, permission)
    if selection.group is None:
        raise ForbiddenError("Only members of a group can import; join a group that the settings name.")
    return selection, selection.group


async def _import_in(
    context: MutationContext, scope: OpenScope, group: str, input: ImportModel, options: ImportOptions
) -> ImportResult:
    services = context.request.services
    resource = resource_or_raise((await scope.reader.describe(Kind.MODEL, [input.model_name]))[input.model_name])
    if input.dry_run and not isinstance(resource, Model):
        return plan_without_model(scope, input.model_name, context.request.call_stats)
    if not isinstance(resource, Model):
        raise no_such_model_fault(scope, input.model_name)
    if input.dry_run:
        plan = await services.planning.plan(scope, group, resource, context.request.call_stats, options)
        return ImportResult(plan=plan)
    return await _import_to_end(context, scope, _new_run(context, scope, group, resource, options), options)


def _new_run(
    context: MutationContext, scope: OpenScope, group: str, model: Model, options: ImportOptions
) -> NewImportRun:
    return NewImportRun(
        group=group,
        account_id=scope.account_id,
        region=scope.region,
        model_name=model.name,
        phase="Looking at the model",
        started_by=context.subject,
        started_at=datetime.now(UTC),
        wishes=options.to_json(),
    )


async def _import_to_end(
    context: MutationContext, scope: OpenScope, new: NewImportRun, options: ImportOptions
) -> ImportResult:
    services = context.request.services
    run, holding = await start_leased_run(services.database, new)
    if holding is None:
        raise user_fault(
            "Another import of this model is under way; send this one again after its end.", UserErrorCode.CONFLICT
        )
    async with keep_lease(services.database, holding):
        with services.importing.completion.waiter(run_key_of(run)):
            await _run_steps(context, scope, run, options)
    payload = await import_result(services, run_key_of(run))
    context.failure_reason = failure_reason(payload)
    return payload


async def _run_steps(context: MutationContext, scope: OpenScope, run: ImportRun, options: ImportOptions) -> None:
    """Run the steps of an import now; the run ends with the request, however that ends."""
    importing, key = context.request.services.importing, run_key_of(run)
    ended = "The gateway failed; its log says why."
    try:
        if options.create_default_snapshot:
            await importing.prepare_in(scope, run)
        await importing.read_model_in(scope, run, retry_transient=False)
        await importing.deploy(key)
    except (StepFailedError, AWSError) as error:
        ended = str(error)
    else:
        await importing.finish(key)
        return
    finally:
        # Of a run that has ended, this changes nothing.
        await importing.fail(key, ended)


def _check_credentials(credentials: EnteredCredentials) -> None:
    """Raise UserFaultError for a part that no AWS key can have; the message does not repeat it."""
    token = credentials.session_token
    parts = (
        ("accessKeyId", _KEY_ID.fullmatch(credentials.access_key_id)),
        ("secretAccessKey", _SECRET.fullmatch(credentials.secret_access_key)),
        ("sessionToken", token is None or _SESSION_TOKEN.fullmatch(token)),
    )
    for name, fits in parts:
        if not fits:
            raise user_fault(
                "This is not valid in AWS keys; copy the value again.", UserErrorCode.INVALID, "credentials", name
            )


def _region(input: ImportModel, credentials: EnteredCredentials, role_selection: RoleSelection) -> str:
    """The region to look in. It becomes a part of an address, so nothing but a region may pass."""
    region = input.region or credentials.region or (role_selection.entry.region if role_selection.entry else None)
    path = ("region",) if input.region else ("credentials", "region")
    if region is None or not REGION_PATTERN.fullmatch(region):
        raise user_fault("Name the model's region, such as us-east-2.", UserErrorCode.INVALID, *path)
    return region
