"""The default snapshot that an import creates for a model without one: its name, its limits, its audit."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from auth.ownership import group_has_permission
from auth.permissions import Permission
from auth.policy import Policy
from aws.client.call_stats import write_request_ids_so_far
from aws.client.errors import AccessDeniedError, AWSError
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.snapshots import Snapshot
from aws.scopes import OpenScope
from aws.write.errors import WriteRejectedError
from aws.write.instance_limits import check_limits
from aws.write.snapshot_inputs import NewSnapshot, NewVariant
from aws.write.snapshots import instances
from registry import audit, import_runs, snapshot_notes
from registry.database import Database
from registry.enums import AuditOutcome, ElementKind
from registry.ids import key_of
from registry.records import ImportProblem, ImportRun
from registry.snapshot_notes import SnapshotNoteKey
from workflows.group_access import author_for
from workflows.imports.target import is_deployable

MAX_NAME_LENGTH: Final = 63
_SUFFIX: Final = "-default"


def default_snapshot_name(model_name: str) -> str:
    """The name of the snapshot that an import creates for a model; equal for equal names.

    A name that leaves no room is cut, and told from others that begin alike by a digest.
    """
    if len(model_name) + len(_SUFFIX) <= MAX_NAME_LENGTH:
        return model_name + _SUFFIX
    digest = hashlib.blake2s(model_name.encode(), digest_size=4).hexdigest()
    stem = model_name[: MAX_NAME_LENGTH - len(_SUFFIX) - len(digest) - 1].rstrip("-")
    return f"{stem}-{digest}{_SUFFIX}"


WITHOUT_DEPLOY: Final = (
    "The group does not have the permission DEPLOY, so no default snapshot is made; `permissions` would grant it."
)
_CREATING_PHASE: Final = "Making a default snapshot"
_NOT_ALL_VISIBLE: Final = (
    "Not every endpoint configuration or inference component can be seen, so it is unknown whether the model needs a "
    "default snapshot."
)


class DefaultSnapshots:
    """Makes default snapshots.

    Args:
        database: The registry.
        policy: The permissions and limits of groups.
        instance_type: The type of their instances.
    """

    def __init__(self, database: Database, policy: Policy, instance_type: str) -> None:
        self._database = database
        self._policy = policy
        self._instance_type = instance_type

    async def planned_name(
        self, scope: OpenScope, group: str, model: Model
    ) -> tuple[str | None, Sequence[ImportProblem]]:
        """The name of the snapshot that an import for a group is to make for the model.

        Returns:
            The name, None if the model needs none or gets none; and the problems that keep it from getting one.
        """
        try:
            deployable = await is_deployable(scope.reader, model)
        except AccessDeniedError as error:
            return None, [_problem(str(error), "FORBIDDEN")]
        if deployable:
            return None, []
        if deployable is None:
            return None, [_problem(_NOT_ALL_VISIBLE, "FORBIDDEN")]
        if not group_has_permission(self._policy, group, Permission.DEPLOY):
            return None, [_problem(WITHOUT_DEPLOY, "FORBIDDEN")]
        name = default_snapshot_name(model.name)
        against = await self._obstacle(scope, group, model, name)
        return (None, [against]) if against else (name, [])

    async def _obstacle(self, scope: OpenScope, group: str, model: Model, name: str) -> ImportProblem | None:
        """The obstacle that is known without asking AWS for the snapshot; None if there is none."""
        if any(resource.name == name for resource in (await scope.reader.scan(Kind.SNAPSHOT)).resources):
            taken = (
                f"The default snapshot `{name}` was not made: an endpoint configuration of other models has this name."
            )
            return _problem(taken, "ALREADY_EXISTS")
        try:
            check_limits(instances(self._new_snapshot(model, name)), author_for(self._policy, "", group).limits)
        except WriteRejectedError as error:
            return _problem(f"The default snapshot `{name}` is not made: {error}", error.code)
        return None

    def _new_snapshot(self, model: Model, name: str) -> NewSnapshot:
        variant = NewVariant(model_name=model.name, instance_type=self._instance_type, initial_instance_count=1)
        return NewSnapshot(name=name, variants=(variant,))

    async def ensure(self, scope: OpenScope, run: ImportRun, model: Model) -> Sequence[ImportProblem]:
        """Create a default snapshot of a run's model if one is wanted and allowed; returns the problems that prevent
        it.

        The run's phase says so before AWS is asked. A run that is resumed in that phase may find the snapshot there and
        not noted yet: its name and content are unchanged, so to make it again makes nothing, and notes it.

        Raises:
            AWSError: AWS turned calls away, or did not answer.
        """
        if run.phase == _CREATING_PHASE:
            return await self._create(scope, run, model, default_snapshot_name(model.name))
        name, problems = await self.planned_name(scope, run.group, model)
        if name is None:
            return problems
        async with self._database.writing() as connection:
            await import_runs.record_progress(connection, str(key_of(run.id, "ImportRun")), _CREATING_PHASE, 0, None)
        return await self._create(scope, run, model, name)

    async def _create(self, scope: OpenScope, run: ImportRun, model: Model, name: str) -> Sequence[ImportProblem]:
        """Make it, note it and append the audit event; gives the problem that prevents it."""
        before, by = len(write_request_ids_so_far()), author_for(self._policy, run.started_by, run.group)
        try:
            made = await scope.writer.create_snapshot(self._new_snapshot(model, name), by)
        except WriteRejectedError as error:
            return [_problem(f"The default snapshot `{name}` is not made: {error}", error.code)]
        except AccessDeniedError as error:
            async with self._database.writing() as connection:
                await audit.append(connection, _event(scope, run, name, (), error))
            return [_problem(str(error), "FORBIDDEN")]
        await self._record_created(scope, run, made.resource, write_request_ids_so_far()[before:])
        return []

    async def _record_created(
        self, scope: OpenScope, run: ImportRun, snapshot: Snapshot, aws_request_ids: Sequence[str]
    ) -> None:
        """Note that an import has made it, together with the event, so that neither is there without the other."""
        created_at = snapshot.creation_time or snapshot.as_of
        noted = SnapshotNoteKey(run.group, run.account_id, run.region, snapshot.name, created_at)
        async with self._database.writing() as connection:
            notes = await snapshot_notes.of_snapshots(
                connection, run.group, run.account_id, run.region, [(snapshot.name, created_at)]
            )
            if not any(note.created_by_import for note in notes.values()):
                await snapshot_notes.mark_created_by_import(connection, noted)
                await audit.append(connection, _event(scope, run, snapshot.name, aws_request_ids, None))


def _event(
    scope: OpenScope, run: ImportRun, name: str, aws_request_ids: Sequence[str], error: AWSError | None
) -> audit.NewAuditEvent:
    return audit.NewAuditEvent(
        at=datetime.now(UTC),
        actor=run.started_by,
        group=run.group,
        role_arn=scope.role,
        action="createSnapshot",
        target=f"Snapshot {name}",
        outcome=AuditOutcome.SUCCEEDED if error is None else AuditOutcome.REFUSED,
        detail=f"The default snapshot of the import of {run.model_name}." if error is None else str(error),
        aws_request_ids=aws_request_ids,
    )


def _problem(message: str, code: str) -> ImportProblem:
    return ImportProblem(ElementKind.SNAPSHOT, message, code, 1)
