"""Snapshots (endpoint configurations), and what a query can walk to from one."""

from typing import Any

import strawberry

from aws import resources
from aws.kinds import Kind
from resolvers import lookups, snapshot_notes, snapshots
from resolvers.deployments import deployments_of_snapshots, test_results_of_snapshots
from schema.connections import RuntimeConnection
from schema.deployments import DeploymentConnection
from schema.fields import Info, backed_by, computed, detail, load_detail, resource_connection
from schema.interfaces import LazyModels, Node, Resource
from schema.pages import registry_connection
from schema.parts import AsyncInference, DataCapture, Network, Variant
from schema.rehearsals import TestResultConnection
from schema.scalars import JSON


async def _models(root: Any, info: Info) -> Any:
    request = info.context
    known = await load_detail(request, root)
    names = known.model_names if known else None
    return await request.batcher.load(lookups.model_lists, request.view_of(root.scope), names)


async def _note(root: Any, info: Info) -> Any:
    request = info.context
    return await request.batcher.load(snapshot_notes.snapshot_notes_of, request.view_of(root.scope), root)


async def _custom_metadata(root: Any, info: Info) -> Any:
    note = await _note(root, info)
    return note.custom_metadata if note else None


async def _created_by_import(root: Any, info: Info) -> Any:
    note = await _note(root, info)
    return note.created_by_import if note else None


@backed_by(resources.Snapshot)
@strawberry.type(description="An endpoint configuration: a deployable version of one model or more")
class Snapshot(Resource, Node):
    """See aws.resources.Snapshot."""

    variants: list[Variant] | None = detail("variants", "The production variants")
    shadow_variants: list[Variant] | None = detail(
        "shadow_variants", "The shadow variants, which get copies of requests"
    )
    models: LazyModels = computed(
        _models, "The models, one for each of modelNames; null for one that is gone", detail=True
    )
    model_names: list[str] | None = detail("model_names", "The names of the models in all variants and instance pools")
    kms_key_id: str | None = detail("kms_key_id", "The key that encrypts the instances' storage")
    execution_role_arn: str | None = detail("execution_role_arn", "The role, where the snapshot has one of its own")
    network: Network | None = detail("network", "Where inference components run")
    data_capture: DataCapture | None = detail("data_capture", "Whether requests and answers are to be kept")
    async_inference: AsyncInference | None = detail("async_inference", "How to answer, where it is asynchronous")
    runtimes: RuntimeConnection | None = resource_connection(
        snapshots.runtimes_of_snapshots, "The runtimes that run it now, newest first", Kind.RUNTIME
    )
    deployments: DeploymentConnection | None = registry_connection(
        deployments_of_snapshots, "Its deployments, newest first"
    )
    test_results: TestResultConnection | None = registry_connection(
        test_results_of_snapshots, "The outcomes of its rehearsals, newest first"
    )
    custom_metadata: JSON | None = computed(
        _custom_metadata, "What people of the acting group keep with it, as a JSON object"
    )
    created_by_import: bool | None = computed(
        _created_by_import, "True where an import of the acting group made this snapshot because the model had none"
    )
