"""Keeps what a run has found: all of it in one transaction, or nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from registry import elements, import_changes, import_runs, registrations, watch_marks
from registry.database import Connection
from registry.elements import KnownElement, SeenElement
from registry.ids import key_of
from registry.journal import ImportRun
from registry.registrations import NewRegistration
from registry.words import ElementChange, ElementKind
from workflows.durable.errors import StepFailedError
from workflows.imports.findings import Findings, Identity
from workflows.imports.subjects import Subject, registration_of
from workflows.imports.wishes import wishes_of

WRITTEN: Final = "What was found is kept"
"""The phase of a run whose findings are kept: a step that runs again finds it and stops."""


async def keep(connection: Connection, run: ImportRun, subject: Subject, findings: Findings) -> None:
    """Keeps it, unless the run has ended meanwhile, or a step that was given up for dead has kept it already.

    Raises:
        StepFailedError: The registration was removed, or made, since it was looked at.
    """
    run_key, at = str(key_of(run.id, "ImportRun")), datetime.now(UTC)
    # It comes first, because with it two steps of one run wait for each other.
    if not await import_runs.progress(connection, run_key, WRITTEN, len(findings.seen), len(findings.seen)):
        return
    key = await _registration_key(connection, run, subject, findings, at)
    same, other = _parted(subject.known, findings)
    await elements.put(connection, key, other, at)
    await elements.touch(connection, key, same, at)
    await elements.mark_vanished(connection, key, [each.key for each in findings.vanished], at)
    await registrations.synced(connection, key, at)
    news = [each for each in findings.changes if each.change is not ElementChange.UNCHANGED]
    await import_changes.write(connection, run_key, news)
    await import_runs.attach(connection, run_key, key)
    now = await import_runs.by_key(connection, run_key)
    # What keeps a default snapshot from being made is often told of by the looking, too.
    every = (*(() if now is None else now.problems), *findings.problems)
    await import_runs.put_problems(connection, run_key, tuple(dict.fromkeys(every)))


async def _registration_key(
    connection: Connection, run: ImportRun, subject: Subject, findings: Findings, at: datetime
) -> str:
    """The registration to write to, made where there is none; what people say of it is what they last said."""
    model, wishes = subject.target.model, wishes_of(run)
    if wishes.sync:
        key = subject.registration_key
        there = key is not None and bool(await registrations.by_key(connection, key, ()))
    else:
        key = await registration_of(connection, run, model)
        there = key == subject.registration_key
    if not there:
        raise StepFailedError("REMOVED", "The registration was removed while it was being looked at; import it again.")
    if key is None:
        made, _ = await registrations.find_or_create(connection, _new_registration(run, subject, at), ())
        key = str(key_of(made.id, "Registration"))
        await watch_marks.put(
            connection, key, [(each.name, each.created_at) for each in findings.seen if _is_snapshot(each)]
        )
        return key
    if wishes.display_name is not None:
        await registrations.rename(connection, key, wishes.display_name)
    if wishes.description is not None:
        await registrations.describe(connection, key, wishes.description)
    if wishes.custom_metadata is not None:
        await registrations.patch_metadata(connection, key, wishes.custom_metadata)
    return key


def _is_snapshot(element: SeenElement) -> bool:
    """What the import sees of these is not new to the watch over the model."""
    return element.kind is ElementKind.SNAPSHOT


def _new_registration(run: ImportRun, subject: Subject, at: datetime) -> NewRegistration:
    model, wishes = subject.target.model, wishes_of(run)
    return NewRegistration(
        group=run.group,
        account_id=run.account_id,
        region=run.region,
        model_name=run.model_name,
        model_arn=model.arn,
        model_created_at=model.creation_time or model.as_of,
        display_name=wishes.display_name,
        description=wishes.description,
        custom_metadata=wishes.custom_metadata or {},
        imported_by=run.started_by,
        imported_at=at,
    )


def _parted(known: Sequence[KnownElement], findings: Findings) -> tuple[list[str], list[SeenElement]]:
    """The keys of what is as it was, and what is not."""
    keys: dict[Identity, str] = {(each.kind, each.arn, each.created_at): each.key for each in known}
    same: list[str] = []
    other: list[SeenElement] = []
    for seen, change in zip(findings.seen, findings.changes[: len(findings.seen)], strict=True):
        if change.change is ElementChange.UNCHANGED:
            same.append(keys[seen.kind, seen.arn, seen.created_at])
        else:
            other.append(seen)
    return same, other
