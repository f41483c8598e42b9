"""Imports and syncs: what is asked for is checked and begun here; the rest is durable work."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from aws.kinds import Kind
from aws.naming import NAME
from aws.resources import Model
from registry.ids import key_of
from registry.import_runs import NewRun
from registry.metadata import patched
from registry.words import ImportRunState
from resolvers.acts import Act, Hand
from resolvers.checks import Checks
from resolvers.entered_imports import import_with_entered
from resolvers.import_payloads import ImportModel, ImportPayload, failure_of, no_model, payload_of, plan_of_nothing
from resolvers.lookups import checked_name, readable
from resolvers.registrations import owned
from resolvers.request import Request, View
from resolvers.user_errors import UserError, UserErrorCode, fault
from resolvers.written_texts import LONGEST_DESCRIPTION, checked_display_name, checked_text
from workflows.imports.importing import BODY
from workflows.imports.planning import no_such_model
from workflows.imports.plans import ImportPlan
from workflows.imports.starting import is_running, run_key_of, start_run, work_id_of
from workflows.imports.wishes import Wishes, wishes_of

PATIENCE: Final = 1.5
"""Seconds for which an import is waited for, so that a quick one is answered whole."""
_OTHER_RUN: Final = UserError(
    "Another import of this model is under way, for something else; ask again when it has ended.",
    UserErrorCode.CONFLICT,
)


async def import_model(act: Act, given: ImportModel) -> ImportPayload:
    """Imports a model for a group, or syncs the import that the group has of it."""
    act.target = f"Model {given.model_name[:63]}"
    act.remark = "A dry run: nothing was imported." if given.dry_run else None
    wishes = _wishes(act.request, given)
    if given.credentials is not None:
        return await import_with_entered(act, given, given.credentials, replace(wishes, entered=True))
    hand = await act.hand(given.group, given.region)
    model = await _model(hand.view, given.model_name)
    if given.dry_run and model is None:
        return plan_of_nothing(hand.view.scope, given.model_name, act.request.tally)
    if model is None:
        raise no_model(hand.view.scope, given.model_name)
    if given.dry_run:
        return ImportPayload(plan=await _plan(act.request, hand.view, hand.group, model, given))
    return await begin(act, hand, model.name, wishes)


async def sync_registration(act: Act, registration_id: str) -> ImportPayload:
    """Looks at AWS again for an imported model, as the group's own role."""
    registration = await owned(act, registration_id)
    act.target = f"Registration {registration.id}"
    hand = await act.hand_for(registration.group, registration.region)
    if hand.view.scope.account_id != registration.account_id:
        raise fault(
            f"The role of the group `{registration.group}` is in another account now than the model, "
            f"{registration.account_id}; import the model that it has there.",
            UserErrorCode.CONFLICT,
            "id",
        )
    sync = Wishes(sync=True)
    return await begin(act, hand, registration.model_name, sync, key_of(registration.id, "Registration"))


async def begin(
    act: Act, hand: Hand, model_name: str, wishes: Wishes, registration_key: str | None = None
) -> ImportPayload:
    """Starts the run, or joins one that is under way for the very same, and waits a moment for it to end.

    Of one model there is one run at a time: one for something else is waited for, and the own run started behind it.
    """
    until = time.monotonic() + PATIENCE
    while True:
        new = _new_run(hand, model_name, wishes, registration_key)
        run_key, is_ours = await _ran(act, new, max(0.0, until - time.monotonic()))
        payload = await payload_of(act.request.services, run_key)
        is_running = payload.import_run is not None and payload.import_run.state is ImportRunState.RUNNING
        if is_ours or is_running:
            break
    act.failure = failure_of(payload)
    if is_running:
        act.remark = "The ImportRun goes on; should it fail, that is an event of its own."
    if is_running and not is_ours and not wishes.sync:
        return replace(payload, user_errors=(_OTHER_RUN,))
    return payload


def _new_run(hand: Hand, model_name: str, wishes: Wishes, registration_key: str | None) -> NewRun:
    return NewRun(
        group=hand.group,
        account_id=hand.view.scope.account_id,
        region=hand.view.scope.region,
        model_name=model_name,
        phase="Looking at the model",
        started_by=hand.subject,
        started_at=datetime.now(UTC),
        wishes=wishes.stored(),
        registration_key=registration_key,
    )


async def _ran(act: Act, new: NewRun, seconds: float) -> tuple[str, bool]:
    """The key of the run that is under way, and whether it is for the very same; it has been waited for."""
    services = act.request.services
    run, started = await start_run(services.database, new)
    run_key = run_key_of(run)
    # An import has no registration before it has looked; a sync has one from the start.
    known = key_of(run.registration_id, "Registration") if run.registration_id else None
    is_same = wishes_of(run).stored() == new.wishes and new.registration_key in (None, known)
    with services.importing.waiting.expecting(run_key) as wait:
        if not wishes_of(run).entered:
            # A run that was found may have been left before its work began; to start it again changes nothing.
            await services.engine.start(BODY, work_id_of(run), run_key)
        # One that was found may also have ended just before it was expected.
        if started or await is_running(services.database, run_key):
            await wait(seconds)
    return run_key, started or is_same


async def import_plan(request: Request, given: ImportModel) -> ImportPlan:
    """What an import would bring in and create."""
    checked_name(Kind.MODEL, given.model_name)
    view = await request.view(given.group, given.region)
    model = await _model(view, given.model_name)
    if model is None:
        return no_such_model(given.model_name, request.tally)
    group = request.policy.seat(request.caller, given.group).group or ""
    return await _plan(request, view, group, model, given)


async def _plan(request: Request, view: View, group: str, model: Model, given: ImportModel) -> ImportPlan:
    wishes = _wishes(request, given)
    return await request.services.planning.plan(view.scope, group, model, request.tally, wishes)


def _wishes(request: Request, given: ImportModel) -> Wishes:
    """What is asked for, checked, and where nothing is said, as the settings have it. Raises UserFaultError."""
    checks, settings = Checks(), request.services.public_settings
    checks.make(_checked_name, given.model_name)
    wishes = Wishes(
        display_name=checks.make(checked_display_name, given.display_name),
        description=checks.make(checked_text, given.description, LONGEST_DESCRIPTION, "description"),
        custom_metadata=None if given.custom_metadata is None else checks.make(patched, {}, given.custom_metadata),
        create_default_snapshot=settings.create_default_snapshot,
        start_deployments=request.services.start_deployments,
    )
    checks.end()
    if given.create_default_snapshot is not None:
        wishes = replace(wishes, create_default_snapshot=given.create_default_snapshot)
    if given.start_deployments is not None:
        wishes = replace(wishes, start_deployments=given.start_deployments)
    return wishes


def _checked_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise fault(
            "This cannot be the name of a model: names are 1 to 63 letters and digits, with hyphens only in between.",
            UserErrorCode.INVALID,
            "modelName",
        )


async def _model(view: View, name: str) -> Model | None:
    what = readable((await view.inventory.describe(Kind.MODEL, [name]))[name])
    return what if isinstance(what, Model) else None
