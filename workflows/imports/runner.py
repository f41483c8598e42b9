"""Import and sync workflows; every step is idempotent."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Final

from aws.client.errors import TRANSIENT_ERRORS
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import Kind
from aws.scopes import OpenScope
from registry import elements, import_runs
from registry.database import Database
from registry.enums import ElementKind, ImportRunState
from registry.ids import key_of
from registry.records import ImportProblem, ImportRun
from workflows.deployments.start import DeploymentStarter
from workflows.durable.context import WorkflowContext
from workflows.durable.errors import StepFailedError
from workflows.group_access import GroupScopeOpener, final_errors_fail_step
from workflows.imports.completion import RunCompletion, fail_run
from workflows.imports.default_snapshot import DefaultSnapshots
from workflows.imports.diff import diff_model
from workflows.imports.options import options_of
from workflows.imports.persist import PERSISTED_PHASE, persist_diff
from workflows.imports.run_context import load_run_context
from workflows.imports.target import existing_model

IMPORT_WORKFLOW: Final = "import"
"""The name under which the body of imports is registered."""

_TRANSIENT_ERRORS: Final = frozenset(kind.__name__ for kind in TRANSIENT_ERRORS)
# Without its last step a run would stand in the way of the next one for a day. This many tries take an hour.
_FINISH_ATTEMPTS: Final = 12


class ImportRunner:
    """Runs imports and syncs.

    Args:
        database: The registry.
        group_scopes: Opens the groups' scopes.
        default_snapshots: Makes default snapshots.
        deployment_starter: Starts deployments.
    """

    def __init__(
        self,
        database: Database,
        group_scopes: GroupScopeOpener,
        default_snapshots: DefaultSnapshots,
        deployment_starter: DeploymentStarter,
    ) -> None:
        self.completion = RunCompletion(database)
        self._database = database
        self._group_scopes = group_scopes
        self._default_snapshots = default_snapshots
        self._deployment_starter = deployment_starter

    async def run(self, context: WorkflowContext, run_key: str) -> None:
        """The durable body of the run with this key."""
        try:
            await context.step("prepare", self.prepare, run_key)
            await self._read_steps(context, run_key)
            await self._deploy_step(context, run_key)
            await context.step("finish", self.finish, run_key, attempts=_FINISH_ATTEMPTS)
        except StepFailedError as error:
            await context.step("fail", self.fail, run_key, error.message, attempts=_FINISH_ATTEMPTS)

    async def _read_steps(self, context: WorkflowContext, run_key: str) -> None:
        """Wait for failures that AWS may heal; leave out elements that it does not answer after that."""
        try:
            await context.step("look", self.read_model, run_key)
        except StepFailedError as error:
            if error.kind not in _TRANSIENT_ERRORS:
                raise
            await context.step("look at what can be seen", self.read_readable_parts, run_key, attempts=1)

    async def _deploy_step(self, context: WorkflowContext, run_key: str) -> None:
        """Start deployments; an import does not fail for it."""
        try:
            await context.step("deploy", self.deploy, run_key)
        except StepFailedError as error:
            await context.step("not deployed", self.note_deploy_failure, run_key, error.message)

    async def prepare(self, run_key: str) -> None:
        """Make a default snapshot if the model of the run with this key has none and one is wanted."""
        run = await self._running_run(run_key)
        if run is not None and options_of(run).create_default_snapshot:
            async with self._scope(run) as scope:
                await self.prepare_in(scope, run)

    async def prepare_in(self, scope: OpenScope, run: ImportRun) -> None:
        """Prepare a run, as `prepare`, in an open scope."""
        model = await existing_model(scope.reader, run.model_name)
        problems = await self._default_snapshots.ensure(scope, run, model)
        if problems:
            async with self._database.writing() as connection:
                await import_runs.replace_problems(connection, _run_key(run), problems)

    async def read_model(self, run_key: str) -> None:
        """Read the model of the run with this key and all that belongs to it, and write all of it or nothing.

        Raises:
            AWSError: AWS does not answer for some of it, and may do so later; nothing is kept then.
        """
        await self._read_once(run_key, retry_transient=True)

    async def read_readable_parts(self, run_key: str) -> None:
        """Read the model as `read_model`, but record parts that AWS does not answer as problems of the run."""
        await self._read_once(run_key, retry_transient=False)

    async def _read_once(self, run_key: str, *, retry_transient: bool) -> None:
        run = await self._running_run(run_key)
        if run is not None and run.phase != PERSISTED_PHASE:
            async with self._scope(run) as scope:
                await self.read_model_in(scope, run, retry_transient=retry_transient)

    async def read_model_in(self, scope: OpenScope, run: ImportRun, *, retry_transient: bool) -> None:
        """Read the model, as `read_model`, in an open scope."""
        subject = await load_run_context(self._database, scope, run)
        findings = await diff_model(
            scope.reader, subject.target, subject.known, _Progress(self._database, _run_key(run)).report
        )
        if retry_transient and findings.transient_error is not None:
            raise findings.transient_error
        async with self._database.writing() as connection:
            await persist_diff(connection, run, subject, findings)

    async def deploy(self, run_key: str) -> None:
        """Start deployments of the new snapshots if the run wants them; record the problems that prevent one."""
        run = await self._running_run(run_key)
        registration = None if run is None else run.registration_id
        if run is None or registration is None or not options_of(run).start_deployments:
            return
        async with self._database.reading() as connection:
            result = await elements.known_elements(connection, str(key_of(registration, "Registration")))
        names = [element.name for element in result if element.kind is ElementKind.SNAPSHOT and not element.vanished]
        if against := self._deployment_starter.import_problems(run.group, len(names), entered=options_of(run).entered):
            await self._add_problems(run, against)
            return
        async with self._scope(run) as scope:
            await self._deployment_starter.start_for_import(scope, run, run_key, names)

    async def note_deploy_failure(self, run_key: str, message: str) -> None:
        """Note in the run with this key why not every deployment could be started; the import itself stands."""
        run = await self._running_run(run_key)
        if run is not None:
            text = f"Not every deployment was started: {message}"
            await self._add_problems(run, [ImportProblem(ElementKind.SNAPSHOT, text, "UPSTREAM_UNAVAILABLE", 1)])

    async def _add_problems(self, run: ImportRun, problems: Sequence[ImportProblem]) -> None:
        new = [problem for problem in problems if problem not in run.problems]
        if new:
            async with self._database.writing() as connection:
                await import_runs.replace_problems(connection, _run_key(run), [*run.problems, *new])

    async def finish(self, run_key: str) -> None:
        """End the run with this key as done."""
        async with self._database.writing() as connection:
            await import_runs.finish(connection, run_key, ImportRunState.DONE, "Done", datetime.now(UTC))
        self.completion.notify(run_key)

    async def fail(self, run_key: str, message: str) -> None:
        """End the run with this key as failed, with a message as its phase."""
        with self.completion.ending(run_key) as awaited:
            async with self._database.writing() as connection:
                await fail_run(connection, run_key, message, awaited=awaited)

    async def _running_run(self, run_key: str) -> ImportRun | None:
        """The run, if it is still under way."""
        async with self._database.reading() as connection:
            run = await import_runs.by_key(connection, run_key)
        return run if run is not None and run.state is ImportRunState.RUNNING else None

    def _scope(self, run: ImportRun) -> AbstractAsyncContextManager[OpenScope]:
        """The group's scope; a refusal, or a model that is gone, fails the step for good, with words for people."""
        return final_errors_fail_step(self._group_scopes.open(run.group, run.region, run.account_id, run.started_at))


def _run_key(run: ImportRun) -> str:
    return str(key_of(run.id, "ImportRun"))


class _Progress:
    """Notes, kind by kind, how much of a model has been read."""

    def __init__(self, database: Database, run_key: str) -> None:
        self._database = database
        self._run_key = run_key
        self._found = 1

    async def report(self, kind: Kind, count: int) -> None:
        """Keep the count, with the kind that has just been looked through."""
        self._found += count
        async with self._database.writing() as connection:
            await import_runs.record_progress(
                connection, self._run_key, f"Looked through every {API_NAMES[kind].noun}", self._found, None
            )
