"""The snapshot that an import makes of a model without any, so that it can be deployed at all."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from auth.ownership import may
from auth.permissions import Permission
from auth.policy import Policy
from aws.errors import AccessDeniedError, AWSError
from aws.resources import Model
from aws.scopes import OpenScope
from aws.writing.errors import NotDoneError
from aws.writing.inputs import Author, NewSnapshot, NewVariant
from registry import audit, snapshot_notes
from registry.database import Database
from registry.journal import ImportProblem, ImportRun
from registry.snapshot_notes import NotedSnapshot
from registry.words import AuditOutcome, ElementKind
from workflows.imports.looks import has_snapshot
from workflows.imports.plans import default_snapshot_name

WITHOUT_DEPLOY: Final = (
    "The group does not have the permission DEPLOY, so no default snapshot was made; `permissions` would grant it."
)
_UNSEEN: Final = "Not every endpoint configuration can be seen, so it is unknown whether the model needs a default one."


class Defaults:
    """Makes default snapshots.

    Args:
        database: The registry.
        policy: What groups may do.
        instance_type: What they run on.
    """

    def __init__(self, database: Database, policy: Policy, instance_type: str) -> None:
        self._database = database
        self._policy = policy
        self._instance_type = instance_type

    async def name_for(self, scope: OpenScope, group: str, model: Model) -> tuple[str | None, Sequence[ImportProblem]]:
        """The name of the snapshot that the model is to get, if any; and why it does not get one that it needs."""
        try:
            has = await has_snapshot(scope.reader, model)
        except AccessDeniedError as error:
            return None, [_problem(str(error), "FORBIDDEN")]
        if has:
            return None, []
        if has is None:
            return None, [_problem(_UNSEEN, "FORBIDDEN")]
        if not may(self._policy, group, Permission.DEPLOY):
            return None, [_problem(WITHOUT_DEPLOY, "FORBIDDEN")]
        return default_snapshot_name(model.name), []

    async def provide(self, scope: OpenScope, run: ImportRun, model: Model) -> Sequence[ImportProblem]:
        """Makes a default snapshot where one is needed and may be made; gives what stands against it.

        Raises:
            AWSError: AWS turned calls away, or did not answer.
        """
        name, problems = await self.name_for(scope, run.group, model)
        if name is None:
            return problems
        try:
            await self._make(scope, run, model, name)
        except NotDoneError as error:
            return [_problem(f"The default snapshot `{name}` was not made: {error}", error.code)]
        except AccessDeniedError as error:
            await self._audit(scope, run, name, error)
            return [_problem(str(error), "FORBIDDEN")]
        return []

    async def _make(self, scope: OpenScope, run: ImportRun, model: Model, name: str) -> None:
        variant = NewVariant(model_name=model.name, instance_type=self._instance_type, initial_instance_count=1)
        wanted = NewSnapshot(name=name, variants=(variant,))
        made = await scope.writer.create_snapshot(wanted, Author(run.started_by, run.group))
        noted = NotedSnapshot(
            run.group, run.account_id, run.region, name, made.resource.creation_time or made.resource.as_of
        )
        async with self._database.writing() as connection:
            await snapshot_notes.mark_created_by_import(connection, noted)
        if made.created:
            await self._audit(scope, run, name, None)

    async def _audit(self, scope: OpenScope, run: ImportRun, name: str, error: AWSError | None) -> None:
        event = audit.NewEvent(
            at=datetime.now(UTC),
            actor=run.started_by,
            group=run.group,
            role_arn=scope.role,
            action="createSnapshot",
            target=f"Snapshot {name}",
            outcome=AuditOutcome.SUCCEEDED if error is None else AuditOutcome.REFUSED,
            detail=f"The default snapshot of the import of {run.model_name}." if error is None else str(error),
        )
        async with self._database.writing() as connection:
            await audit.append(connection, event)


def _problem(message: str, code: str) -> ImportProblem:
    return ImportProblem(ElementKind.SNAPSHOT, message, code, 1)
