"""Imports and syncs, step by step. Each step may run twice, and leaves the same as if it had run once."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

from auth.errors import AuthError, CredentialsUnavailableError
from aws.errors import PASSING, AWSError
from aws.kinds import SPELLING, Kind
from aws.scopes import OpenScope
from registry import elements, import_runs
from registry.database import Database
from registry.ids import key_of
from registry.journal import ImportProblem, ImportRun
from registry.words import ElementKind, ImportRunState
from workflows.deployments.starting import Starting
from workflows.durable.errors import StepFailedError
from workflows.durable.work import Work
from workflows.groups import Groups
from workflows.imports.defaults import Defaults
from workflows.imports.failing import end_as_failed
from workflows.imports.findings import find
from workflows.imports.keeping import WRITTEN, keep
from workflows.imports.looks import model_of
from workflows.imports.subjects import subject_of
from workflows.imports.waiting import Waiting
from workflows.imports.wishes import wishes_of

BODY: Final = "import"
"""The name under which the body of imports is registered."""

_PASSING: Final = frozenset(kind.__name__ for kind in PASSING)
# Without its last step a run would stand in the way of the next one for a day. So many tries take an hour.
_PATIENT: Final = 12


class Importing:
    """Does imports and syncs.

    Args:
        database: The registry.
        groups: Opens the groups' scopes.
        defaults: Makes default snapshots.
        starting: Starts deployments.
    """

    def __init__(self, database: Database, groups: Groups, defaults: Defaults, starting: Starting) -> None:
        self.waiting = Waiting()
        self._database = database
        self._groups = groups
        self._defaults = defaults
        self._starting = starting

    async def body(self, work: Work, run_key: str) -> None:
        """The durable body of one run."""
        try:
            await work.step("prepare", self.prepare, run_key)
            await self._look(work, run_key)
            await self._deploy(work, run_key)
            await work.step("finish", self.finish, run_key, attempts=_PATIENT)
        except StepFailedError as error:
            await work.step("fail", self.fail, run_key, error.message, attempts=_PATIENT)

    async def _look(self, work: Work, run_key: str) -> None:
        """Waits for what AWS does not answer now; what it does not answer after that is left out."""
        try:
            await work.step("look", self.look, run_key)
        except StepFailedError as error:
            if error.kind not in _PASSING:
                raise
            await work.step("look at what can be seen", self.look_at_what_can_be_seen, run_key, attempts=1)

    async def _deploy(self, work: Work, run_key: str) -> None:
        """Starts deployments; an import does not fail for it."""
        try:
            await work.step("deploy", self.deploy, run_key)
        except StepFailedError as error:
            await work.step("not deployed", self.not_deployed, run_key, error.message)

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
        """Looks at the model and all that belongs to it, and keeps what is found, all of it or nothing.

        Raises:
            AWSError: AWS does not answer for some of it, and may do so later; nothing is kept then.
        """
        await self._look_once(run_key, waits=True)

    async def look_at_what_can_be_seen(self, run_key: str) -> None:
        """The same, but what AWS does not answer is left out, and is among the run's problems."""
        await self._look_once(run_key, waits=False)

    async def _look_once(self, run_key: str, *, waits: bool) -> None:
        run = await self._running(run_key)
        if run is not None and run.phase != WRITTEN:
            async with self._scope(run) as scope:
                await self.look_in(scope, run, waits=waits)

    async def look_in(self, scope: OpenScope, run: ImportRun, *, waits: bool) -> None:
        """The same, in a scope that is open."""
        subject = await subject_of(self._database, scope, run)
        findings = await find(scope.reader, subject.target, subject.known, _Progress(self._database, _key(run)).heard)
        if waits and findings.passing is not None:
            raise findings.passing
        async with self._database.writing() as connection:
            await keep(connection, run, subject, findings)

    async def deploy(self, run_key: str) -> None:
        """Starts deployments of what was found, where that is wanted; what stands against it is one of the problems."""
        run = await self._running(run_key)
        registration = None if run is None else run.registration_id
        if run is None or registration is None or not wishes_of(run).start_deployments:
            return
        async with self._database.reading() as connection:
            found = await elements.known(connection, str(key_of(registration, "Registration")))
        names = [each.name for each in found if each.kind is ElementKind.SNAPSHOT and not each.vanished]
        if against := self._starting.against_import(run.group, len(names), entered=wishes_of(run).entered):
            await self._add_problems(run, against)
            return
        async with self._scope(run) as scope:
            await self._starting.of_import(scope, run, run_key, names)

    async def not_deployed(self, run_key: str, message: str) -> None:
        """Notes why no deployment could be started; the import itself stands."""
        run = await self._running(run_key)
        if run is not None:
            told = f"Not every deployment was started: {message}"
            await self._add_problems(run, [ImportProblem(ElementKind.SNAPSHOT, told, "UPSTREAM_UNAVAILABLE", 1)])

    async def _add_problems(self, run: ImportRun, problems: Sequence[ImportProblem]) -> None:
        new = [problem for problem in problems if problem not in run.problems]
        if new:
            async with self._database.writing() as connection:
                await import_runs.put_problems(connection, _key(run), [*run.problems, *new])

    async def finish(self, run_key: str) -> None:
        """Ends the run as done."""
        async with self._database.writing() as connection:
            await import_runs.finish(connection, run_key, ImportRunState.DONE, "Done", datetime.now(UTC))
        self.waiting.ended(run_key)

    async def fail(self, run_key: str, message: str) -> None:
        """Ends the run as failed, with the reason as its phase."""
        async with self._database.writing() as connection:
            await end_as_failed(connection, run_key, message, awaited=self.waiting.is_awaited(run_key))
        self.waiting.ended(run_key)

    async def _running(self, run_key: str) -> ImportRun | None:
        """The run, where it is still under way."""
        async with self._database.reading() as connection:
            run = await import_runs.by_key(connection, run_key)
        return run if run is not None and run.state is ImportRunState.RUNNING else None

    @asynccontextmanager
    async def _scope(self, run: ImportRun) -> AsyncIterator[OpenScope]:
        """The group's scope; what is refused or gone fails the step for good, with words for people."""
        try:
            async with self._groups.open(run.group, run.region, run.account_id, run.started_at) as scope:
                yield scope
        except (*PASSING, CredentialsUnavailableError):
            raise
        except (AWSError, AuthError) as error:
            raise StepFailedError("REFUSED", str(error)) from error


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
