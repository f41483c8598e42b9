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
from resolvers.views.resource_view import ResourceView
from resolvers.views.stored import owner_view

# The group and region whose role reads a registration's model, and the account that it must be in.
_Owner = tuple[str, str, str]


async def models_of_registrations(
    request: Request, imported: Sequence[Registration]
) -> Sequence[Model | Exception | None]:
    """A batch function: the model of each registration, read as the group that owns it.

    None where the model is gone, also where another one has its name now.
    """
    by_owner: dict[_Owner, list[Registration]] = defaultdict(list)
    for each in imported:
        by_owner[each.group, each.region, each.account_id].append(each)
    found = await asyncio.gather(*(_describe_models(request, theirs) for theirs in by_owner.values()))
    known = dict(zip(by_owner, found, strict=True))
    return [_model(each, known[each.group, each.region, each.account_id]) for each in imported]


async def _describe_models(request: Request, theirs: Sequence[Registration]) -> Mapping[str, Described] | AuthError:
    try:
        view = await owner_view(request, theirs[0])
        return await view.inventory.describe(Kind.MODEL, [each.model_name for each in theirs])
    except AuthError as error:
        return error


def _model(registration: Registration, found: Mapping[str, Described] | AuthError) -> Model | Exception | None:
    if isinstance(found, AuthError):
        return found
    what = found[registration.model_name]
    if isinstance(what, AWSError):
        return what
    if not isinstance(what, Model) or what.creation_time not in {None, registration.model_created_at}:
        return None
    return what


async def registrations_of_models(view: ResourceView, imported: Sequence[Model]) -> Sequence[Registration | None]:
    """A batch function: the view's group's own registration of each model; None where it has none."""
    if view.group is None:
        return [None] * len(imported)
    services = view.services
    async with services.database.reading() as connection:
        found = await registrations.of_models(
            connection,
            [view.group],
            view.account_id,
            view.region,
            [model.arn for model in imported],
            services.required_assets,
        )
    known = {(each.model_arn, each.model_created_at): each for each in found}
    return [known.get((model.arn, model.creation_time or model.as_of)) for model in imported]


async def are_imported(view: ResourceView, models: Sequence[AnyResource]) -> Sequence[bool]:
    """Whether the view's group has a registration of each model."""
    if view.group is None:
        return [False] * len(models)
    async with view.services.database.reading() as connection:
        found = await registrations.imported_models(connection, [view.group], view.account_id, view.region)
    return [(model.arn, model.creation_time or model.as_of) in found for model in models]
