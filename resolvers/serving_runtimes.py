"""Relation of models to the runtimes that serve them, by a snapshot or by an inference component."""

import asyncio
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import replace

from aws.inventory.link_queries import Coverage, LinkedQuery, LinkQuery
from aws.inventory.list_cache import EVERY_ROW
from aws.kinds.catalog import AnyResource
from aws.kinds.descriptor import COMPONENT_HOST_KEY, Link, LinkType
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot, model_names
from aws.links.hosted_models import HostedModels, hosted_models, scanned_snapshots
from aws.links.related_resources import snapshot_name
from resolvers.lists.connections import Connection, ListCompleteness, PageArguments
from resolvers.lists.linked_pages import LinkedList, LinkedLists, linked_pages
from resolvers.lists.matching import readable_or_denied
from resolvers.lists.pages import completeness_of, page_of_scan
from resolvers.views.resource_view import ResourceView, Viewed

_HOSTS = Link(LinkType.COMPONENT_HOST, COMPONENT_HOST_KEY)


async def runtimes(view: ResourceView, models: Sequence[Model], page: PageArguments) -> Sequence[object]:
    """A batch function: the runtimes that serve each model, by their present snapshot or by an inference component."""
    links = [LinkQuery((Link(LinkType.MODEL_NAME, model.name),), EVERY_ROW) for model in models]
    snapshots, running = await asyncio.gather(
        view.inventory.linked(LinkedQuery((Kind.SNAPSHOT,), (*links, LinkQuery((_HOSTS,), EVERY_ROW)), whole=True)),
        view.inventory.linked(LinkedQuery((Kind.RUNTIME,), (LinkQuery((_HOSTS,), 1),), whole=True)),
    )
    *by_model, hosts = snapshots.pages
    if running.pages[0] or _run_gone_snapshots(view) or await _are_run(view, hosts):
        return await _with_components(view, models, page)
    lists = [_list_of(view, model, named) for model, named in zip(models, by_model, strict=True)]
    pages = await linked_pages(view, LinkedLists((Kind.RUNTIME,), lists, _serves), page)
    known = (await view.inventory.linked(LinkedQuery((Kind.SNAPSHOT,)))).coverage
    return [_covered(connection, known) if isinstance(connection, Connection) else connection for connection in pages]


async def _are_run(view: ResourceView, snapshots: Sequence[AnyResource]) -> bool:
    """True if any runtime runs one of these snapshots."""
    links = tuple(Link(LinkType.SNAPSHOT_NAME, snapshot.name) for snapshot in snapshots)
    linked = await view.inventory.linked(LinkedQuery((Kind.RUNTIME,), (LinkQuery(links, 1),)))
    return bool(linked.pages[0])


def _run_gone_snapshots(view: ResourceView) -> bool:
    """True if a runtime's snapshot is gone: only its inference components, if it has any, tell what it serves."""
    run = view.inventory.link_counts(Kind.RUNTIME, LinkType.SNAPSHOT_NAME)
    return bool(view.inventory.unlisted(Kind.SNAPSHOT, run))


def _list_of(view: ResourceView, model: Model, snapshots: Sequence[AnyResource]) -> LinkedList:
    def is_countable() -> bool:
        run = view.inventory.link_counts(Kind.RUNTIME, LinkType.SNAPSHOT_NAME)
        return view.inventory.are_authoritative(snapshot for snapshot in snapshots if snapshot.name in run)

    links = tuple(Link(LinkType.SNAPSHOT_NAME, snapshot.name) for snapshot in snapshots)
    return LinkedList(model.name, ("Model.runtimes", model.name), links, is_countable=is_countable)


async def _serves(view: ResourceView, pairs: Sequence[tuple[Hashable, AnyResource]]) -> Sequence[object | None]:
    """Tell whether each runtime runs a snapshot that names the model, by descriptions that may be shown."""
    names = [snapshot_name(runtime) for _, runtime in pairs]
    snapshots = await view.inventory.describe(Kind.SNAPSHOT, dict.fromkeys(filter(None, names)))
    result: list[object | None] = []
    for (model, _), name in zip(pairs, names, strict=True):
        snapshot = readable_or_denied(snapshots.get(name or ""))
        result.append((isinstance(snapshot, Snapshot) and model in model_names(snapshot)) or None)
    return result


def _covered(connection: Connection[Viewed[AnyResource]], snapshots: Coverage) -> Connection[Viewed[AnyResource]]:
    """The connection, whose completeness rests on snapshots too."""
    moments = [connection.complete_as_of, snapshots.complete_as_of]
    known = [moment for moment in moments if moment is not None]
    complete = len(known) == len(moments)
    return replace(
        connection,
        total_count=connection.total_count if complete else None,
        unreadable_count=connection.unreadable_count + snapshots.refused,
        complete_as_of=min(known) if complete else None,
    )


async def _with_components(view: ResourceView, models: Sequence[Model], page: PageArguments) -> Sequence[object]:
    """The same where a runtime may host inference components, which name the models that it serves besides."""
    running, configured = await asyncio.gather(view.inventory.scan(Kind.RUNTIME), view.inventory.scan(Kind.SNAPSHOT))
    by_model: dict[str, list[Runtime]] = defaultdict(list)
    snapshots = {snapshot.name: snapshot for snapshot in configured.resources if isinstance(snapshot, Snapshot)}
    runtimes = [runtime for runtime in running.resources if isinstance(runtime, Runtime)]
    hosted = await hosted_models(view.inventory, runtimes, scanned_snapshots(configured))
    # One whose snapshot is refused is counted as such.
    unknown = len(hosted.unknown) + len(hosted.unseen)
    for runtime in runtimes:
        snapshot = snapshots.get(snapshot_name(runtime) or "")
        named = model_names(snapshot) if snapshot is not None else ()
        for model_name in dict.fromkeys((*named, *hosted.of(runtime.name))):
            by_model[model_name].append(runtime)
    return [
        page_of_scan(
            view,
            served := by_model.get(model.name, []),
            ("Model.runtimes", model.name),
            page,
            _runtimes_completeness(hosted, completeness_of(len(served), running, configured, unreadable=unknown)),
        )
        for model in models
    ]


def _runtimes_completeness(hosted: HostedModels, completeness: ListCompleteness) -> ListCompleteness:
    """No count and no completeness if a runtime's inference components are unknown: any may serve the model."""
    return replace(completeness, total_count=None, complete_as_of=None) if hosted.unknown else completeness
