"""Registrations of a snapshot's models, and whether the models changed after verification."""

from collections.abc import Mapping, Sequence

from aws.client.errors import AWSError
from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from registry import deployment_lists, registrations
from registry.deployment_rows import DeploymentRow
from registry.records import Registration
from workflows.deployments.deps import DeploymentDeps


async def registrations_of(
    deps: DeploymentDeps, reader: Reader, row: DeploymentRow, model_names: Sequence[str]
) -> Mapping[str, Registration | None]:
    """The group's registration of each model, as the model is now; None where it has none, or the model is gone.

    Raises:
        AWSError: A model could not be read.
    """
    found = await reader.fresh().describe(Kind.MODEL, model_names)
    models: dict[str, Model] = {}
    for name, what in found.items():
        if isinstance(what, AWSError):
            raise what
        if isinstance(what, Model):
            models[name] = what
    required, arns = deps.config.required_assets, [model.arn for model in models.values()]
    async with deps.database.reading() as connection:
        theirs = await registrations.of_models(connection, [row.group], row.account_id, row.region, arns, required)
    by_model = {(each.model_arn, each.model_created_at): each for each in theirs}
    return {
        name: by_model.get((model.arn, model.creation_time or model.as_of)) if (model := models.get(name)) else None
        for name in model_names
    }


async def changed_models(
    deps: DeploymentDeps, reader: Reader, row: DeploymentRow, model_names: Sequence[str]
) -> Sequence[str]:
    """The models that are not those any more that the deployment was verified with, or not registered any more.

    A snapshot only names its models: one that was deleted and made again under its name leaves the snapshot as it was,
    and was neither rehearsed nor approved.

    Raises:
        AWSError: A model could not be read.
    """
    async with deps.database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, row.key)
    verified = frozenset() if deployment is None else frozenset(deployment.registration_ids)
    now = await registrations_of(deps, reader, row, model_names)
    return [name for name, registration in now.items() if registration is None or registration.id not in verified]
