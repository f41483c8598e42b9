"""Plan an import without writing anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from auth.policy import Policy
from aws.client.call_stats import CallStats
from aws.kinds.models import Model
from aws.scopes import OpenScope
from registry import elements, registrations
from registry.database import Database
from registry.elements import KnownElement
from registry.enums import ElementKind
from registry.ids import key_of
from registry.records import ImportChange, ImportProblem
from workflows.deployments.start import deployment_problems
from workflows.imports.default_snapshot import DefaultSnapshots
from workflows.imports.diff import diff_model
from workflows.imports.options import ImportOptions
from workflows.imports.target import ImportTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedImport:
    """The plan of an import.

    Attributes:
        model_name: The model's name.
        exists: True if the role can see such a model.
        already_imported: True if the group has a registration of it, so that the import would be a sync.
        will_create_snapshot: The name of the snapshot that would be made; None for none.
        changes: The change of each element.
        problems: The elements that could not be read, and the steps that would be left out.
        aws_calls: The number of calls that the plan took, and of those that the import would add.
    """

    model_name: str
    exists: bool
    already_imported: bool
    will_create_snapshot: str | None
    changes: tuple[ImportChange, ...]
    problems: tuple[ImportProblem, ...]
    aws_calls: int


_CALLS_PER_SNAPSHOT: Final = 2
"""The calls of a default snapshot: CreateEndpointConfig, and DescribeEndpointConfig to read it back."""


@dataclass(frozen=True, slots=True)
class ImportPlanner:
    """Plans imports.

    Attributes:
        database: The registry, which is only read.
        policy: The permissions of groups.
        default_snapshots: Tells which models need a default snapshot.
    """

    database: Database
    policy: Policy
    default_snapshots: DefaultSnapshots

    async def plan(
        self, scope: OpenScope, group: str, model: Model, stats: CallStats, options: ImportOptions
    ) -> PlannedImport:
        """The plan of an import of this model for this group.

        Args:
            scope: The scope that it would be read through.
            group: The group.
            model: The model, described.
            stats: The counter of the calls that the plan takes.
            options: The options of the import.

        Raises:
            AWSError: AWS turned calls away, or did not answer.
        """
        known = await self._known(scope, group, model)
        name, problems = None, []
        if options.create_default_snapshot:
            name, result = await self.default_snapshots.planned_name(scope, group, model)
            problems = list(result)
        findings = await diff_model(scope.reader, ImportTarget(model), known or ())
        snapshots = sum(element.kind is ElementKind.SNAPSHOT for element in findings.seen) + (name is not None)
        against = self._deployment_problems(group, snapshots, options)
        return PlannedImport(
            model_name=model.name,
            exists=True,
            already_imported=known is not None,
            will_create_snapshot=name,
            changes=findings.changes,
            problems=tuple(dict.fromkeys((*problems, *findings.problems, *against))),
            aws_calls=sum(stats.calls.values()) + (_CALLS_PER_SNAPSHOT if name else 0),
        )

    def _deployment_problems(self, group: str, snapshots: int, options: ImportOptions) -> Sequence[ImportProblem]:
        """The problems of the deployments that the import would start."""
        if not options.start_deployments:
            return []
        return deployment_problems(self.policy, group, snapshots, entered=options.entered)

    async def _known(self, scope: OpenScope, group: str, model: Model) -> tuple[KnownElement, ...] | None:
        """The elements of the group's registration of the model; None if there is no registration."""
        async with self.database.reading() as connection:
            result = await registrations.of_models(connection, [group], scope.account_id, scope.region, [model.arn], ())
            same = [
                registration
                for registration in result
                if registration.model_created_at == (model.creation_time or model.as_of)
            ]
            key = key_of(same[0].id, "Registration") if same else None
            return None if key is None else await elements.known_elements(connection, key)


def plan_for_missing_model(model_name: str, stats: CallStats) -> PlannedImport:
    """The plan of importing a model of this name that does not exist; `stats` counted the calls that it took."""
    return PlannedImport(
        model_name=model_name,
        exists=False,
        already_imported=False,
        will_create_snapshot=None,
        changes=(),
        problems=(),
        aws_calls=sum(stats.calls.values()),
    )
