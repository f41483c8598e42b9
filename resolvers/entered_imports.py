"""Imports with credentials that somebody enters: the request finishes them itself, and nothing of it can be resumed."""

import re
from datetime import UTC, datetime
from typing import Final

from auth.errors import CredentialsError, CredentialsUnavailableError, ForbiddenError
from auth.permissions import Permission
from auth.policy import Seat
from aws.errors import AWSError
from aws.kinds import Kind
from aws.naming import REGION
from aws.resources import Model
from aws.scopes import OpenScope
from registry.import_runs import NewRun
from registry.journal import ImportRun
from resolvers.acts import Act
from resolvers.entered import EnteredCredentials
from resolvers.import_payloads import ImportModel, ImportPayload, failure_of, no_model, payload_of, plan_of_nothing
from resolvers.lookups import readable
from resolvers.user_errors import UserErrorCode, fault
from workflows.durable.errors import StepFailedError
from workflows.imports.starting import held, run_key_of, start_held_run
from workflows.imports.wishes import Wishes

_KEY_ID: Final = re.compile(r"\w{16,128}")
_SECRET: Final = re.compile(r"[!-~]{16,256}")
_TOKEN: Final = re.compile(r"[!-~]{1,4096}")


async def import_with_entered(
    act: Act, given: ImportModel, credentials: EnteredCredentials, wishes: Wishes
) -> ImportPayload:
    """Imports a model with these credentials, to its end.

    Raises:
        UserFaultError: The settings do not allow it, or the credentials are none, or not taken by AWS.
        auth.errors.ForbiddenError: The group may not enter credentials.
    """
    if not act.request.services.public_settings.enter_credentials:
        raise fault(
            "This gateway takes no entered credentials (`enterCredentials.enabled`).",
            UserErrorCode.DISABLED,
            "credentials",
        )
    seat = act.request.policy.seat(act.request.caller, given.group)
    act.group = seat.group
    for permission in (act.permission, Permission.ENTER_CREDENTIALS):
        act.request.policy.require(act.request.caller, seat.group, permission)
    if seat.group is None:
        raise ForbiddenError("Without a group nothing can be imported; be in one that the settings have.")
    _check(credentials)
    region = _region(given, credentials, seat)
    try:
        async with act.request.services.open_entered(credentials, region) as scope:
            act.role_arn = scope.role
            return await _import(act, scope, seat.group, given, wishes)
    except CredentialsUnavailableError:
        raise
    except CredentialsError as error:
        # What STS says of keys may repeat what was sent; that it does not take them is all there is to know.
        raise fault(
            "AWS does not take these credentials; see that they are whole, and not expired or revoked.",
            UserErrorCode.INVALID,
            "credentials",
        ) from error


async def _import(act: Act, scope: OpenScope, group: str, given: ImportModel, wishes: Wishes) -> ImportPayload:
    services = act.request.services
    what = readable((await scope.reader.describe(Kind.MODEL, [given.model_name]))[given.model_name])
    if given.dry_run and not isinstance(what, Model):
        return plan_of_nothing(scope, given.model_name, act.request.tally)
    if not isinstance(what, Model):
        raise no_model(scope, given.model_name)
    if given.dry_run:
        plan = await services.planning.plan(scope, group, what, act.request.tally, wishes)
        return ImportPayload(plan=plan)
    new = NewRun(
        group=group,
        account_id=scope.account_id,
        region=scope.region,
        model_name=what.name,
        phase="Looking at the model",
        started_by=act.subject,
        started_at=datetime.now(UTC),
        wishes=wishes.stored(),
    )
    run, holding = await start_held_run(services.database, new)
    if holding is None:
        raise fault("Another import of this model is under way; ask again when it has ended.", UserErrorCode.CONFLICT)
    async with held(services.database, holding):
        with services.importing.waiting.expecting(run_key_of(run)):
            await _finish(act, scope, run, wishes)
    payload = await payload_of(services, run_key_of(run))
    act.failure = failure_of(payload)
    return payload


async def _finish(act: Act, scope: OpenScope, run: ImportRun, wishes: Wishes) -> None:
    """Goes through the steps here and now; the run ends with the request, whatever comes."""
    importing, key = act.request.services.importing, run_key_of(run)
    ended = "The gateway failed; its log says why."
    try:
        if wishes.create_default_snapshot:
            await importing.prepare_in(scope, run)
        await importing.look_in(scope, run, waits=False)
        await importing.deploy(key)
    except (StepFailedError, AWSError) as error:
        ended = str(error)
    else:
        await importing.finish(key)
        return
    finally:
        # Of a run that has ended, this changes nothing.
        await importing.fail(key, ended)


def _check(credentials: EnteredCredentials) -> None:
    """Says which part cannot be any key's; never what was given."""
    token = credentials.session_token
    parts = (
        ("accessKeyId", _KEY_ID.fullmatch(credentials.access_key_id)),
        ("secretAccessKey", _SECRET.fullmatch(credentials.secret_access_key)),
        ("sessionToken", token is None or _TOKEN.fullmatch(token)),
    )
    for name, fits in parts:
        if not fits:
            raise fault("This cannot be a part of AWS keys.", UserErrorCode.INVALID, "credentials", name)


def _region(given: ImportModel, credentials: EnteredCredentials, seat: Seat) -> str:
    """The region to look in. It becomes a part of an address, so nothing but a region may pass."""
    region = given.region or credentials.region or (seat.entry.region if seat.entry else None)
    path = ("region",) if given.region else ("credentials", "region")
    if region is None or not REGION.fullmatch(region):
        raise fault("Name the model's region, such as us-east-2.", UserErrorCode.INVALID, *path)
    return region
