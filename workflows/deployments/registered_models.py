"""Registrations of a snapshot's models, and whether the models changed after verification."""

from collections.abc import Mapping, Sequence

from aws.client.errors import AWSError
from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from registry import deployment_lists, registrations
from registry.database import Connection
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole
from registry.records import Registration
from workflows.deployments.deps import DeploymentDeps


async def describe_models(reader: Reader, names: Sequence[str]) -> Mapping[str, Model]:
    """Describe the models of these names as they are now; those that are gone are left out. Raises AWSError."""
    models: dict[str, Model] = {}
    for name, described in (await reader.fresh().describe(Kind.MODEL, names)).items():
        if isinstance(described, AWSError):
            raise described
        if isinstance(described, Model):
            models[name] = described
    return models


async def find_registrations(
    connection: Connection, deps: DeploymentDeps, row: DeploymentRow, names: Sequence[str], models: Mapping[str, Model]
) -> Mapping[str, Registration | None]:
    """The group's registration of each model name; None if it has none, or the model is gone.

    Args:
        connection: The registry.
        deps: Dependencies of deployments.
        row: The deployment.
        names: The names of the snapshot's models.
        models: Those of them that exist, described.
    """
    arns = [model.arn for model in models.values()]
    rows = await registrations.of_models(
        connection, [row.group], row.account_id, row.region, arns, deps.config.required_assets
    )
    by_model = {(registration.model_arn, registration.model_created_at): registration for registration in rows}
    return {
        name: by_model.get((model.arn, model.creation_time or model.as_of)) if (model := models.get(name)) else None
        for name in names
    }


async def registrations_of(
    deps: DeploymentDeps, reader: Reader, row: DeploymentRow, model_names: Sequence[str]
) -> Mapping[str, Registration | None]:
    """The registration that a deployment's group has of each model name as it is now; None if it has none.

    A model that is gone has none, either.

    Raises:
        AWSError: A model could not be read.
    """
    models = await describe_models(reader, model_names)
    async with deps.database.reading() as connection:
        return await find_registrations(connection, deps, row, model_names, models)


def missing_assets(required: Sequence[AssetRole], registrations: Sequence[Registration]) -> str | None:
    """A sentence that names the required assets which registrations lack, with the remedy; None if none is missing."""
    missing = [
        f"{role.value} of `{registration.model_name}`"
        for registration in registrations
        for role in required
        if not has_asset(registration, role)
    ]
    if not missing:
        return None
    return f"These assets are missing: {', '.join(missing)}. Add them with putAsset, and the deployment continues."


def has_asset(registration: Registration, role: AssetRole) -> bool:
    """Tell whether a registration has an asset of this role."""
    return any(asset.role is role for asset in registration.assets)


async def changed_models(
    deps: DeploymentDeps, reader: Reader, row: DeploymentRow, model_names: Sequence[str]
) -> Sequence[str]:
    """The models that are not those any more that the deployment was verified with, or not registered any more.

    A snapshot only names its models: one that was deleted and made again under its name leaves the snapshot as it was,
    and was neither rehearsed nor approved.

    Args:
        deps: Dependencies of deployments.
        reader: The reader of the group's scope.
        row: The deployment.
        model_names: The names of the snapshot's models.

    Raises:
        AWSError: A model could not be read.
    """
    async with deps.database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, row.key)
    verified = frozenset() if deployment is None else frozenset(deployment.registration_ids)
    now = await registrations_of(deps, reader, row, model_names)
    return [name for name, registration in now.items() if registration is None or registration.id not in verified]
