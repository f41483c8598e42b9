"""Imports and syncs, step by step. Each step may run twice, and leaves the same as if it had run once."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

from auth.errors import AuthError, CredentialsUnavailableError
from aws.errors import PASSING, AWSError
from aws.kinds import SPELLING, Kind
from aws.scopes import OpenScope
from registry import elements, import_changes, import_runs, registrations
from registry.database import Connection, Database
from registry.elements import KnownElement, SeenElement
from registry.ids import key_of
from registry.journal import ImportProblem, ImportRun
from registry.registrations import NewRegistration
from registry.words import ElementChange, ImportRunState
from workflows.durable.errors import StepFailedError
from workflows.durable.work import Work
from workflows.groups import Groups
from workflows.imports.defaults import Defaults
from workflows.imports.findings import Findings, Identity, find
from workflows.imports.looks import model_of
from workflows.imports.waiting import Waiting
from workflows.imports.wishes import wishes_of

BODY: Final = "import"
"""The name under which the body of imports is registered."""

_WRITTEN: Final = "What was found is kept"


class Importing:
    """Does imports and syncs.

    Args:
        database: The registry.
        groups: Opens the groups' scopes.
        defaults: Makes default snapshots.
    """

    def __init__(self, database: Database, groups: Groups, defaults: Defaults) -> None:
        self.waiting = Waiting()
        self._database = database
        self._groups = groups
        self._defaults = defaults

    async def body(self, work: Work, run_key: str) -> None:
        """The durable body of one run."""
        try:
            await work.step("prepare", self.prepare, run_key)
            await work.step("look", self.look, run_key)
            await work.step("finish", self.finish, run_key)
        except StepFailedError as error:
            await work.step("fail", self.fail, run_key, error.message)

    async def prepare(self, run_key: str) -> None:
        """Makes a default snapshot where the model has none and one is wanted."""
        run = await self._running(run_key)
        if run is not None and wishes_of(run).create_default_snapshot:
            async with self._scope(run) as scope:
                await self.prepare_in(scope, run)

    async def prepare_in(self, scope: OpenScope, run: ImportRun) -> None:
        """The same, in a scope that is open."""
        model = await model_of(scope.reader, run.model_name)
        problems = await self._defaults.provide(scope, run, model)
        if problems:
            async with self._database.writing() as connection:
                await import_runs.put_problems(connection, _key(run), problems)

    async def look(self, run_key: str) -> None:
        """Looks at the model and all that belongs to it, and keeps what is found, all of it or nothing."""
        run = await self._running(run_key)
        if run is not None and run.phase != _WRITTEN:
            async with self._scope(run) as scope:
                await self.look_in(scope, run)

    async def look_in(self, scope: OpenScope, run: ImportRun) -> None:
        """The same, in a scope that is open."""
        model = await model_of(scope.reader, run.model_name)
        new = _new_registration(run, model.arn, model.creation_time or model.as_of)
        known = await self._known(run, new)
        progress = _Progress(self._database, _key(run))
        findings = await find(scope.reader, model, known, progress.heard)
        async with self._database.writing() as connection:
            await _write(connection, run, new, known, findings)

    async def finish(self, run_key: str) -> None:
        """Ends the run as done."""
        await self._end(run_key, ImportRunState.DONE, "Done")

    async def fail(self, run_key: str, message: str) -> None:
        """Ends the run as failed, with the reason as its phase."""
        await self._end(run_key, ImportRunState.FAILED, message)

    async def _end(self, run_key: str, state: ImportRunState, phase: str) -> None:
        async with self._database.writing() as connection:
            await import_runs.finish(connection, run_key, state, phase, datetime.now(UTC))
        self.waiting.ended(run_key)

    async def _running(self, run_key: str) -> ImportRun | None:
        """The run, where it is still under way."""
        async with self._database.reading() as connection:
            run = await import_runs.by_key(connection, run_key)
        return run if run is not None and run.state is ImportRunState.RUNNING else None

    async def _known(self, run: ImportRun, new: NewRegistration) -> Sequence[KnownElement]:
        """What the registry has of the model. Of a sync whose registration is gone: raises StepFailedError."""
        async with self._database.reading() as connection:
            key = await registration_key(connection, run, new)
            return () if key is None else await elements.known(connection, key)

    @asynccontextmanager
    async def _scope(self, run: ImportRun) -> AsyncIterator[OpenScope]:
        """The group's scope; what is refused or gone fails the step for good, with words for people."""
        try:
            async with self._groups.open(run.group, run.region, run.account_id) as scope:
                yield scope
        except (*PASSING, CredentialsUnavailableError):
            raise
        except (AWSError, AuthError) as error:
            raise StepFailedError("REFUSED", str(error)) from error


async def registration_key(connection: Connection, run: ImportRun, new: NewRegistration) -> str | None:
    """The key of what a run imports into; None where there is none yet. Raises StepFailedError for a removed one."""
    if run.registration_id is not None:
        return key_of(run.registration_id, "Registration")
    if wishes_of(run).sync:
        raise StepFailedError("REMOVED", "The registration was removed before it was synced.")
    found = await registrations.by_models(connection, [run.group], run.account_id, run.region, [new.model_arn], ())
    same = [each for each in found if each.model_created_at == new.model_created_at]
    return key_of(same[0].id, "Registration") if same else None


async def _write(
    connection: Connection,
    run: ImportRun,
    new: NewRegistration,
    known: Sequence[KnownElement],
    findings: Findings,
) -> None:
    """Keeps all of it in one transaction, whose last word is the phase: a step that runs again finds it and stops."""
    key, at = await registration_key(connection, run, new), datetime.now(UTC)
    if key is None:
        registration, _ = await registrations.find_or_create(connection, new, ())
        key = str(key_of(registration.id, "Registration"))
    same, other = _parted(known, findings)
    await elements.put(connection, key, other, at)
    await elements.touch(connection, key, same, at)
    await elements.mark_vanished(connection, key, [each.key for each in findings.vanished], at)
    await registrations.synced(connection, key, at)
    await import_changes.write(connection, _key(run), [each for each in findings.changes if _is_news(each.change)])
    await import_runs.attach(connection, _key(run), key)
    await import_runs.put_problems(connection, _key(run), [*await _problems(connection, run), *findings.problems])
    await import_runs.progress(connection, _key(run), _WRITTEN, len(findings.seen), len(findings.seen))


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


def _is_news(change: ElementChange) -> bool:
    return change is not ElementChange.UNCHANGED


async def _problems(connection: Connection, run: ImportRun) -> Sequence[ImportProblem]:
    """What an earlier step has noted."""
    now = await import_runs.by_key(connection, _key(run))
    return () if now is None else now.problems


def _new_registration(run: ImportRun, arn: str, created_at: datetime) -> NewRegistration:
    wishes = wishes_of(run)
    return NewRegistration(
        group=run.group,
        account_id=run.account_id,
        region=run.region,
        model_name=run.model_name,
        model_arn=arn,
        model_created_at=created_at,
        display_name=wishes.display_name,
        description=wishes.description,
        custom_metadata=wishes.custom_metadata or {},
        imported_by=run.started_by,
        imported_at=datetime.now(UTC),
    )


def _key(run: ImportRun) -> str:
    return str(key_of(run.id, "ImportRun"))


class _Progress:
    """Notes, kind by kind, how much of a model has been found."""

    def __init__(self, database: Database, run_key: str) -> None:
        self._database = database
        self._run_key = run_key
        self._found = 1

    async def heard(self, kind: Kind, found: int) -> None:
        """Keeps the count, with the kind that has just been looked through."""
        self._found += found
        async with self._database.writing() as connection:
            await import_runs.progress(
                connection, self._run_key, f"Looked through every {SPELLING[kind].noun}", self._found, None
            )
