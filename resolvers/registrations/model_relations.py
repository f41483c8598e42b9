"""Relations between models and their registrations."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence

from auth.errors import AuthError
from aws.client.errors import AWSError
from aws.inventory.describe_cache import Described
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from registry import registrations
from registry.records import Registration
from resolvers.request import Request
from resolvers.views.resource_view import LiveView, ResourceView, Viewed, viewed
from resolvers.views.stored import owner_view

# The group and region whose role reads a registration's model, and the account that it must be in.
_Owner = tuple[str, str, str]


async def models_of_registrations(
    request: Request, imported: Sequence[Registration]
) -> Sequence[Viewed[Model] | Exception | None]:
    """A batch function: the model of each imported registration, read as the group that owns it.

    None if the model is gone, also if another one has its name now.
    """
    by_owner: dict[_Owner, list[Registration]] = defaultdict(list)
    for registration in imported:
        by_owner[_owner(registration)].append(registration)
    result = await asyncio.gather(*(_describe_models(request, registrations) for registrations in by_owner.values()))
    known = dict(zip(by_owner, result, strict=True))
    return [_model(registration, known[_owner(registration)]) for registration in imported]


def _owner(registration: Registration) -> _Owner:
    return registration.group, registration.region, registration.account_id


async def _describe_models(
    request: Request, registrations: Sequence[Registration]
) -> tuple[LiveView, Mapping[str, Described]] | AuthError:
    try:
        view = await owner_view(request, registrations[0])
        return view, await view.inventory.describe(
            Kind.MODEL, [registration.model_name for registration in registrations]
        )
    except AuthError as error:
        return error


def _model(
    registration: Registration, models: tuple[LiveView, Mapping[str, Described]] | AuthError
) -> Viewed[Model] | Exception | None:
    if isinstance(models, AuthError):
        return models
    view, by_name = models
    described = by_name[registration.model_name]
    if isinstance(described, AWSError):
        return described
    if not isinstance(described, Model) or described.creation_time not in {None, registration.model_created_at}:
        return None
    return viewed(view, described)


async def registrations_of_models(view: ResourceView, imported: Sequence[Model]) -> Sequence[Registration | None]:
    """A batch function: the registration that the view's group has of each of the models; None if it has none."""
    if view.group is None:
        return [None] * len(imported)
    services = view.services
    async with services.database.reading() as connection:
        result = await registrations.of_models(
            connection,
            [view.group],
            view.account_id,
            view.region,
            [model.arn for model in imported],
            services.required_assets,
        )
    known = {(registration.model_arn, registration.model_created_at): registration for registration in result}
    return [known.get((model.arn, model.creation_time or model.as_of)) for model in imported]


async def are_imported(view: ResourceView, models: Sequence[AnyResource]) -> Sequence[bool]:
    """Tell for each model whether the view's group has registered it."""
    if view.group is None:
        return [False] * len(models)
    async with view.services.database.reading() as connection:
        result = await registrations.imported_models(connection, [view.group], view.account_id, view.region)
    return [(model.arn, model.creation_time or model.as_of) in result for model in models]
