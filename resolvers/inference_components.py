"""Inference components: the models that they serve, their runtimes, and the components of runtimes and models."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from functools import partial

from aws.inventory.link_queries import LinkedQuery, LinkQuery
from aws.inventory.list_cache import EVERY_ROW
from aws.kinds.catalog import AnyResource
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.inference_components import InferenceComponent
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.runtimes import Runtime
from aws.links.component_models import served_models, with_bases
from resolvers.lists.connections import ListCompleteness, PageArguments
from resolvers.lists.linked_pages import LinkedList, LinkedLists, linked_pages
from resolvers.lists.matching import readable_or_denied
from resolvers.lists.pages import page_of_scan
from resolvers.lookups import models_or_errors
from resolvers.views.resource_view import ResourceView, viewed_or_error

_KINDS = (Kind.INFERENCE_COMPONENT,)


async def model_names(view: ResourceView, components: Sequence[InferenceComponent]) -> Sequence[object]:
    """A batch function: the names of the models that each component serves; an adapter serves those of its base."""
    described = await with_bases(view.inventory, components)
    return [served_models(component.name, described) for component in components]


async def models(view: ResourceView, components: Sequence[InferenceComponent]) -> Sequence[object]:
    """A batch function: the models that each component serves; None for one that is gone."""
    return await models_or_errors(view, await model_names(view, components))


async def runtimes(view: ResourceView, components: Sequence[InferenceComponent]) -> Sequence[object]:
    """A batch function: the runtime that hosts each component; None if it is gone."""
    names = [component.runtime_name for component in components]
    hosts = await view.inventory.describe(Kind.RUNTIME, dict.fromkeys(names))
    return [viewed_or_error(view, hosts[name]) for name in names]


async def components_of_runtimes(view: ResourceView, hosts: Sequence[Runtime], page: PageArguments) -> Sequence[object]:
    """A batch function: a page of the components on each of the hosts, newest first; one listing for all of them."""
    listed = await view.inventory.list_all(Kind.INFERENCE_COMPONENT)
    hosted: dict[str, list[InferenceComponent]] = defaultdict(list)
    for row in listed.rows:
        if isinstance(row, InferenceComponent):
            hosted[row.runtime_name].append(row)
    return [
        page_of_scan(
            view,
            own := hosted[host.name],
            ("Runtime.inferenceComponents", host.name),
            page,
            ListCompleteness(total_count=len(own), complete_as_of=listed.complete_as_of),
        )
        for host in hosts
    ]


async def components_of_models(view: ResourceView, served: Sequence[Model], page: PageArguments) -> Sequence[object]:
    """A batch function: a page of the components that serve each model of `served`, and of adapters on those."""
    queries = tuple(LinkQuery((Link(LinkType.MODEL_NAME, model.name),), EVERY_ROW) for model in served)
    named = (await view.inventory.linked(LinkedQuery(_KINDS, queries, whole=True))).pages
    unknown = await _count_unknown_adapters(view)
    lists = [_list_of(view, model, rows, unknown) for model, rows in zip(served, named, strict=True)]
    return await linked_pages(view, LinkedLists(_KINDS, lists, _serves), page)


async def _count_unknown_adapters(view: ResourceView) -> int:
    """The number of adapters whose base is gone or refused: any model may be theirs."""
    adapters = view.inventory.link_counts(Kind.INFERENCE_COMPONENT, LinkType.BASE_COMPONENT)
    if not adapters:
        return 0
    bases = await view.inventory.describe(Kind.INFERENCE_COMPONENT, adapters)
    known = {name for name, base in bases.items() if isinstance(readable_or_denied(base), InferenceComponent)}
    return sum(count for name, count in adapters.items() if name not in known)


def _list_of(view: ResourceView, model: Model, named: Sequence[AnyResource], unknown: int) -> LinkedList:
    links = (Link(LinkType.MODEL_NAME, model.name), *(Link(LinkType.BASE_COMPONENT, row.name) for row in named))
    countable = partial(view.inventory.are_authoritative, named)
    return LinkedList(model.name, ("Model.inferenceComponents", model.name), links, unknown, is_countable=countable)


async def _serves(view: ResourceView, pairs: Sequence[tuple[Hashable, AnyResource]]) -> Sequence[object | None]:
    """Tell whether each component serves the model, by descriptions that may be shown."""
    described = await with_bases(view.inventory, [component for _, component in pairs])
    names = [readable_or_denied(served_models(component.name, described)) for _, component in pairs]
    return [
        (isinstance(served, tuple) and model in served) or None for (model, _), served in zip(pairs, names, strict=True)
    ]
