"""Lists that a filter narrows down to the links of one thing: read from the index instead of row by row."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

from aws.client.errors import AWSError
from aws.kinds.catalog import AnyResource, link_keys
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.kind import Kind
from aws.links.job_matching import artifact_query
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.lists.cursors import CursorCodec
from resolvers.lists.filters import JobFilter, ResourceFilter, RuntimeFilter, SnapshotFilter
from resolvers.lists.job_members import members_of_models
from resolvers.lists.linked_pages import LinkedList, LinkedLists, linked_pages
from resolvers.lists.predicates import footprint_of, models_called, predicates
from resolvers.views.resource_view import ResourceView, Viewed


async def linked_page(
    view: ResourceView, kinds: Sequence[Kind], filter: ResourceFilter, page: PageArguments, cursors: CursorCodec
) -> Connection[Viewed[AnyResource]] | None:
    """The page of the resources that the filter's link leads to, newest first; None if rows have to be tested singly.

    Args:
        view: The view that they are read through.
        kinds: The kinds of the list.
        filter: The filter, of which a link may answer one part.
        page: The page that is asked for.
        cursors: The codec of the list's cursors.

    Raises:
        BadInputError: A cursor of another list.
        AWSError: A listing, or a description that the page needs, could not be read.
    """
    lists = await _lists_of(view, tuple(kinds), filter, cursors)
    if lists is None:
        return None
    (linked,) = await linked_pages(view, lists, page)
    if isinstance(linked, BadInputError | AWSError):
        raise linked
    is_short = len(linked.nodes) < page.first and not linked.page_info.has_next_page
    return None if is_short and _may_rows_tell_more(lists, linked) else linked


def _may_rows_tell_more(lists: LinkedLists, linked: Connection[Viewed[AnyResource]]) -> bool:
    """True if the index was cut short; rows tell nothing more of a list that is open for want of its members."""
    is_whole = all(own.is_whole for own in lists.lists)
    return linked.complete_as_of is None and (is_whole or linked.looked_back_to is not None)


async def _lists_of(
    view: ResourceView, kinds: tuple[Kind, ...], filter: ResourceFilter, cursors: CursorCodec
) -> LinkedLists | None:
    rest: ResourceFilter
    match filter:
        case SnapshotFilter(model_name=str(name)):
            link, rest = Link(LinkType.MODEL_NAME, name), replace(filter, model_name=None)
        case RuntimeFilter(snapshot_name=str(name), model_name=None):
            link, rest = Link(LinkType.SNAPSHOT_NAME, name), replace(filter, snapshot_name=None)
        case JobFilter(model_name=str(name)):
            return await _jobs_of_model(view, kinds, filter, name, cursors)
        case _:
            return None
    lists = [LinkedList(link, cursors, (link,))]
    return LinkedLists(kinds, lists, _has_link, rest, predicates(rest), reads_whole=False)


async def _jobs_of_model(
    view: ResourceView, kinds: tuple[Kind, ...], filter: JobFilter, name: str, cursors: CursorCodec
) -> LinkedLists | None:
    footprint = await footprint_of(view, name)
    if footprint.refusals:
        # A package that may not be read might have shown of any training job that it is the model's.
        return None
    members = await members_of_models(view, [footprint], kinds, await models_called(view, name))
    (own,) = members.lists
    links = footprint.links_of(kinds)
    lists = [
        LinkedList(footprint, cursors, links, own.unreadable, own.members, not own.open_kinds, failure=own.failure)
    ]
    marks, rest = artifact_query([footprint]), replace(filter, model_name=None)
    return LinkedLists(
        kinds, lists, _matches, rest, predicates(rest), marks, coverage=members.coverage, reads_whole=False
    )


async def _has_link(_view: ResourceView, pairs: Sequence[tuple[Hashable, AnyResource]]) -> Sequence[object | None]:
    return [(isinstance(link, Link) and link.key in link_keys(resource, link.type)) or None for link, resource in pairs]


async def _matches(_view: ResourceView, pairs: Sequence[tuple[Any, AnyResource]]) -> Sequence[object | None]:
    return [footprint.match(job) for footprint, job in pairs]
