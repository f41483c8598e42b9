"""Relations that the index of links knows: first pages of many parents, kept ready if everything is known."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from aws.inventory.known_pages import PageQuestion
from aws.inventory.search import ArtifactQuery
from aws.kinds.catalog import AnyResource
from aws.kinds.descriptor import Link
from aws.kinds.kind import Kind
from resolvers.lists.connections import PageArguments
from resolvers.lists.filters import ResourceFilter, row_matches
from resolvers.lists.known_connections import KnownConnections
from resolvers.lists.linked_pages import NO_FILTERS, LinkedList, LinkedLists, Reason, linked_kinds, linked_pages
from resolvers.lists.members import NO_MEMBERS, ListMembers, MembersOfLists
from resolvers.lists.predicates import predicates
from resolvers.views.resource_view import ResourceView


@dataclass(frozen=True, slots=True)
class LinkedRelation:
    """A relation whose lists hold every resource that has a link.

    Attributes:
        name: Its name, by which its cursors are told from others.
        kinds: The kinds of the resources in the lists.
        links: Gives the links of a parent.
        reason: Gives the reason for which a described resource belongs to a parent, by nothing but these two; None if
            it does not.
        parent_name: Gives the name of a parent, by which the cursors of its list are told from others.
        unreadable: Gives the number of things that could not be read that might have shown more of a parent's list.
        filter: Leaves out the rows that do not pass.
        marks: Gives the marks of the training jobs in question, by which Search may find them.
        shows_reasons: True if edges tell the reason.
        members: The resources that belong to the lists besides, in the order of the parents.
    """

    name: str
    kinds: tuple[Kind, ...]
    links: Callable[[Any], tuple[Link, ...]]
    reason: Callable[[Any, AnyResource], Reason]
    parent_name: Callable[[Any], str] = str
    unreadable: Callable[[Any], int] = lambda _parent: 0
    filter: ResourceFilter | None = None
    marks: Callable[[], ArtifactQuery] | None = None
    shows_reasons: bool = False
    members: MembersOfLists | None = None

    def cursor_owner(self, parent: Any) -> Hashable:
        """A key for the list of a parent; a cursor is valid only for the list that gave it."""
        name = self.parent_name(parent)
        return (self.name, name) if self.filter is None else (self.name, name, self.filter)


async def relation_pages(
    view: ResourceView, relation: LinkedRelation, parents: Sequence[Hashable], page: PageArguments
) -> Sequence[object]:
    """The page of each parent's list, newest first; a cursor of another list comes back as an error in the page's
    place.

    Args:
        view: The view that the resources are read through.
        relation: The relation.
        parents: The parents.
        page: The page that is asked for, of each list.

    Raises:
        AWSError: See `linked_pages`.
    """
    if not _may_be_known(relation, page):
        return await linked_pages(view, _lists(relation, parents), page)
    if relation.members is None or relation.members.are_empty:
        connections = await _known_connections(view, relation, parents, page)
        return await linked_pages(view, _lists(relation, parents), page) if connections is None else connections
    members = relation.members.lists
    alone = [index for index, own in enumerate(members) if own.is_empty]
    connections = await _known_connections(view, relation, [parents[index] for index in alone], page) if alone else None
    if connections is None:
        return await linked_pages(view, _lists(relation, parents), page)
    others = [index for index, own in enumerate(members) if not own.is_empty]
    of_others = replace(relation, members=MembersOfLists([members[index] for index in others]))
    read = await linked_pages(view, _lists(of_others, [parents[index] for index in others]), page)
    pages: dict[int, object] = {**dict(zip(alone, connections, strict=True)), **dict(zip(others, read, strict=True))}
    return [pages[index] for index in range(len(parents))]


async def _known_connections(
    view: ResourceView, relation: LinkedRelation, parents: Sequence[Hashable], page: PageArguments
) -> KnownConnections | None:
    """The connections of parents without members; None if a page takes a call. Raises AWSError."""
    known = await view.inventory.known_pages(_question(relation, page), parents)
    return None if known is None else KnownConnections(view, relation, parents, page, known)


def _may_be_known(relation: LinkedRelation, page: PageArguments) -> bool:
    """True if pages of parents without members may be kept ready."""
    is_filtered = relation.filter is not None and bool(predicates(relation.filter))
    is_covered = relation.members is None or relation.members.coverage is None
    return page.after is None and not page.needs.whole and not is_filtered and is_covered


def _question(relation: LinkedRelation, page: PageArguments) -> PageQuestion:
    passes = None if relation.filter in NO_FILTERS else partial(row_matches, relation.filter)
    key, kinds = (relation.name, relation.filter), linked_kinds(relation.kinds)
    return PageQuestion(key, kinds, page.first + page.needs.next, relation.links, relation.reason, passes)


def _lists(relation: LinkedRelation, parents: Sequence[Hashable]) -> LinkedLists:
    async def reasons(_view: ResourceView, pairs: Sequence[tuple[Any, AnyResource]]) -> Sequence[Reason]:
        return [relation.reason(parent, resource) for parent, resource in pairs]

    lists = [
        LinkedList(
            parent,
            relation.cursor_owner(parent),
            relation.links(parent),
            relation.unreadable(parent) + own.unreadable,
            own.members,
            not own.open_kinds,
            failure=own.failure,
        )
        for parent, own in zip(parents, _members(relation, len(parents)), strict=True)
    ]
    marks = None if relation.marks is None else relation.marks()
    judges = () if relation.filter is None else predicates(relation.filter)
    coverage = None if relation.members is None else relation.members.coverage
    return LinkedLists(relation.kinds, lists, reasons, relation.filter, judges, marks, relation.shows_reasons, coverage)


def _members(relation: LinkedRelation, count: int) -> Sequence[ListMembers]:
    return [NO_MEMBERS] * count if relation.members is None else relation.members.lists
