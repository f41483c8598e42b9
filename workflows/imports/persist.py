"""Persist an import's diff in one transaction."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from registry import elements, import_runs, registrations, seen_snapshots
from registry.database import Connection
from registry.elements import KnownElement, SeenElement
from registry.enums import ElementChange, ElementKind
from registry.ids import key_of
from registry.records import ImportRun
from registry.registrations import NewRegistration
from workflows.durable.errors import StepFailedError
from workflows.imports.diff import ElementKey, ImportDiff
from workflows.imports.options import options_of
from workflows.imports.run_context import RunContext, registration_key_of

PERSISTED_PHASE: Final = "What was found is kept"
"""The phase of a run whose findings are kept: a step that runs again finds it and stops."""


async def persist_diff(connection: Connection, run: ImportRun, context: RunContext, diff: ImportDiff) -> None:
    """Write the diff of a run, unless the run has ended or an earlier try of the step has written it.

    Args:
        connection: A transaction.
        run: The run.
        context: The model, the registration and the known elements that were compared.
        diff: The diff.

    Raises:
        StepFailedError: The registration was removed, or made, since it was looked at.
    """
    run_key, at = str(key_of(run.id, "ImportRun")), datetime.now(UTC)
    # It comes first, because with it two steps of one run wait for each other.
    if not await import_runs.record_progress(connection, run_key, PERSISTED_PHASE, len(diff.seen), len(diff.seen)):
        return
    key = await _registration_key(connection, run, context, diff, at)
    same, other = _split_unchanged(context.known, diff)
    await elements.upsert(connection, key, other, at)
    await elements.mark_seen(connection, key, same, at)
    await elements.mark_vanished(connection, key, [element.key for element in diff.vanished], at)
    await registrations.mark_synced(connection, key, at)
    news = [change for change in diff.changes if change.change is not ElementChange.UNCHANGED]
    await import_runs.replace_changes(connection, run_key, news)
    await import_runs.attach_registration(connection, run_key, key)
    now = await import_runs.by_key(connection, run_key)
    # A refusal that prevents a default snapshot is often a problem of the reading, too.
    every = (*(() if now is None else now.problems), *diff.problems)
    await import_runs.replace_problems(connection, run_key, tuple(dict.fromkeys(every)))


async def _registration_key(
    connection: Connection, run: ImportRun, context: RunContext, diff: ImportDiff, at: datetime
) -> str:
    """The registration to write to, made if there is none, with the name, description and metadata of the options."""
    model, options = context.target.model, options_of(run)
    if options.sync:
        key = context.registration_key
        there = key is not None and bool(await registrations.by_key(connection, key, ()))
    else:
        key = await registration_key_of(connection, run, model)
        there = key == context.registration_key
    if not there:
        raise StepFailedError("REMOVED", "The registration was removed while it was read; import it again.")
    if key is None:
        made, _ = await registrations.find_or_create(connection, _new_registration(run, context, at), ())
        key = str(key_of(made.id, "Registration"))
        await seen_snapshots.mark_seen(
            connection, key, [(element.name, element.created_at) for element in diff.seen if _is_snapshot(element)]
        )
        return key
    if options.display_name is not None:
        await registrations.rename(connection, key, options.display_name)
    if options.description is not None:
        await registrations.describe(connection, key, options.description)
    if options.custom_metadata is not None:
        await registrations.patch_metadata(connection, key, options.custom_metadata)
    return key


def _is_snapshot(element: SeenElement) -> bool:
    """Select snapshots: those that an import sees are not new to the watch over the model."""
    return element.kind is ElementKind.SNAPSHOT


def _new_registration(run: ImportRun, context: RunContext, at: datetime) -> NewRegistration:
    model, options = context.target.model, options_of(run)
    return NewRegistration(
        group=run.group,
        account_id=run.account_id,
        region=run.region,
        model_name=run.model_name,
        model_arn=model.arn,
        model_created_at=model.creation_time or model.as_of,
        display_name=options.display_name,
        description=options.description,
        custom_metadata=options.custom_metadata or {},
        imported_by=run.started_by,
        imported_at=at,
    )


def _split_unchanged(known: Sequence[KnownElement], diff: ImportDiff) -> tuple[list[str], list[SeenElement]]:
    """The keys of unchanged elements, and the other elements."""
    keys: dict[ElementKey, str] = {(element.kind, element.arn, element.created_at): element.key for element in known}
    same: list[str] = []
    other: list[SeenElement] = []
    for seen, change in zip(diff.seen, diff.changes[: len(diff.seen)], strict=True):
        if change.change is ElementChange.UNCHANGED:
            same.append(keys[seen.kind, seen.arn, seen.created_at])
        else:
            other.append(seen)
    return same, other
