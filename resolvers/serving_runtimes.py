"""Relation of models to the runtimes that serve them, by a snapshot or by an inference component."""

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import replace

from aws.inventory.link_queries import Coverage, LinkedQuery, LinkQuery
from aws.inventory.list_cache import EVERY_ROW
from aws.inventory.reader_protocol import unlisted
from aws.kinds.catalog import AnyResource
from aws.kinds.descriptor import COMPONENT_HOST_KEY, Link, LinkType
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.snapshots import Snapshot, model_names
from aws.links.related_resources import snapshot_name
from aws.links.runtimes_by_component import Hosts, RuntimesByComponent, runtimes_by_component
from resolvers.lists.connections import Connection, PageArguments
from resolvers.lists.linked_pages import LinkedList, LinkedLists, linked_pages
from resolvers.lists.matching import readable_or_denied
from resolvers.lists.members import Member
from resolvers.views.resource_view import ResourceView, Viewed

_HOSTS = Link(LinkType.COMPONENT_HOST, COMPONENT_HOST_KEY)


async def runtimes(view: ResourceView, models: Sequence[Model], page: PageArguments) -> Sequence[object]:
    """A batch function: a page of the runtimes that serve each of the models, by their snapshot or by a component."""
    links = [LinkQuery((Link(LinkType.MODEL_NAME, model.name),), EVERY_ROW) for model in models]
    snapshots, running = await asyncio.gather(
        view.inventory.linked(LinkedQuery((Kind.SNAPSHOT,), (*links, LinkQuery((_HOSTS,), EVERY_ROW)), whole=True)),
        view.inventory.linked(LinkedQuery((Kind.RUNTIME,), (LinkQuery((_HOSTS,), EVERY_ROW),), whole=True)),
    )
    *by_model, hosting = snapshots.pages
    hosts = await _hosts(view, hosting, running.pages[0])
    hosted = await runtimes_by_component(view.inventory, [model.name for model in models], hosts) if hosts else None
    lists = [_list_of(view, model, named, hosted) for model, named in zip(models, by_model, strict=True)]
    pages = await linked_pages(view, LinkedLists((Kind.RUNTIME,), lists, _serves), page)
    known = (await view.inventory.linked(LinkedQuery((Kind.SNAPSHOT,)))).coverage
    if hosted is not None:
        known = known.and_also(hosted.coverage)
    return [_covered(connection, known) if isinstance(connection, Connection) else connection for connection in pages]


async def _hosts(view: ResourceView, snapshots: Sequence[AnyResource], others: Sequence[AnyResource]) -> Hosts | None:
    """The runtimes that can host inference components: others, and those whose snapshot names no model, or is gone."""
    run = view.inventory.link_counts(Kind.RUNTIME, LinkType.SNAPSHOT_NAME)
    gone = unlisted(view.inventory, Kind.SNAPSHOT, run)
    queries = [
        LinkQuery(tuple(Link(LinkType.SNAPSHOT_NAME, name) for name in names), EVERY_ROW)
        for names in ([snapshot.name for snapshot in snapshots], gone)
    ]
    naming_none, orphaned = (await view.inventory.linked(LinkedQuery((Kind.RUNTIME,), tuple(queries)))).pages
    names = [frozenset(runtime.name for runtime in rows) for rows in ((*naming_none, *others), orphaned)]
    return Hosts(names[0] | names[1], names[1]) if any(names) else None


def _list_of(
    view: ResourceView, model: Model, snapshots: Sequence[AnyResource], hosted: RuntimesByComponent | None
) -> LinkedList:
    def is_countable() -> bool:
        run = view.inventory.link_counts(Kind.RUNTIME, LinkType.SNAPSHOT_NAME)
        return view.inventory.are_authoritative(snapshot for snapshot in snapshots if snapshot.name in run)

    links = tuple(Link(LinkType.SNAPSHOT_NAME, snapshot.name) for snapshot in snapshots)
    bound_to = ("Model.runtimes", model.name)
    if hosted is None:
        return LinkedList(model.name, bound_to, links, is_countable=is_countable)
    members = tuple(Member(runtime, True) for runtime in hosted.of(model.name))
    return LinkedList(model.name, bound_to, links, hosted.unknown, members, is_countable=is_countable)


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
