"""Search: things of any kind by a part of their name, display name or tags, as known within two seconds."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Final

from aws.inventory.known_lists import KnownList
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from registry import registrations
from registry.storable_text import is_storable
from resolvers.errors import BadInputError
from resolvers.lists.caller_scopes import PROBLEMS, ScopeAnswer, acting_scope, ask_scopes, caller_scopes
from resolvers.lists.connections import Connection, ListedScope, PageArguments, PageInfo, ScopeProblem
from resolvers.lists.cursors import Cursors
from resolvers.lists.filters import NEWEST_FIRST
from resolvers.lists.merged_cursors import MergedCursors, Place, place_of
from resolvers.lists.merged_list import ListScope, shown_by_view
from resolvers.request import Request
from resolvers.views.resource_view import LiveView, Viewed

SECONDS: Final = 2.0
"""The time within which a search is answered."""

MIN_CHARACTERS: Final = 2
MAX_CHARACTERS: Final = 256
# The share of the time that is kept for matching the rows that have come.
_MATCHING_SHARE: Final = 0.1
# Rows that are looked at in one turn of the loop, which takes a millisecond.
_ROWS_OF_A_TURN: Final = 2_000


class SearchField(Enum):
    """The field that a text was found in."""

    NAME = "NAME"
    DISPLAY_NAME = "DISPLAY_NAME"
    TAG = "TAG"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A question to the resources that are known.

    Attributes:
        text: The text, without regard to case.
        kinds: The kinds that are looked through.
        scope: The choice between the caller's scopes and the acting one.
        group: The group that they are narrowed to, or the one to act for.
        region: The region, likewise.
        page: The page that is asked for.

    Raises:
        BadInputError: The text is too short or too long.
    """

    text: str
    kinds: tuple[Kind, ...]
    scope: ListScope
    group: str | None
    region: str | None
    page: PageArguments

    def __post_init__(self) -> None:
        if not MIN_CHARACTERS <= len(self.text) <= MAX_CHARACTERS:
            raise BadInputError(f"`text` takes {MIN_CHARACTERS} to {MAX_CHARACTERS} characters.")


@dataclass(frozen=True, slots=True)
class _Hit:
    """A row that the text was found in."""

    place: Place
    view: LiveView
    row: AnyResource
    matched: tuple[SearchField, ...]


@dataclass(frozen=True, slots=True)
class _Hits:
    """The rows of one scope that the text was found in, and how far its lists are known."""

    hits: Sequence[_Hit]
    complete_as_of: datetime | None
    problem: ScopeProblem | None


async def search(request: Request, query: SearchQuery) -> Connection[Viewed[AnyResource]]:
    """One page of the resources that the query's text is found in, the newest first.

    Raises:
        auth.errors.AuthError: See `caller_scopes`.
        BadInputError: A cursor of another search.
        ScanBoundError: There are too many scopes.
    """
    until = asyncio.get_running_loop().time() + SECONDS
    cursors = _cursors(request, query)
    after = cursors.decode(query.page.after)
    if query.scope is ListScope.MINE:
        scopes = caller_scopes(request, query.group, query.region)
    else:
        scopes = (acting_scope(request, query.group, query.region),)
    ask = partial(_scope_hits, query, request.limits.scan, until - SECONDS * _MATCHING_SHARE)
    answers = await ask_scopes(request, scopes, ask, until)
    hits = _merged(answers)
    behind = [hit for hit in hits if after is None or hit.place < after]
    shown = behind[: query.page.first]
    nodes = await shown_by_view([(hit.view, hit.row) for hit in shown], detailed=False)
    places = Cursors(cursors.encode, [hit.place for hit in shown])
    info = PageInfo(len(behind) > len(shown), after is not None, places)
    listed = tuple(map(_listed, answers))
    moments = [scope.complete_as_of for scope in listed if scope.complete_as_of is not None]
    complete = min(moments) if len(moments) == len(listed) else None
    total = None if complete is None else len(hits)
    return Connection(places, nodes, [hit.matched for hit in shown], info, total, 0, complete, None, listed=listed)


def _cursors(request: Request, query: SearchQuery) -> MergedCursors:
    subject = None if request.caller is None else request.caller.subject
    narrowed = (query.kinds, query.scope, query.group, query.region)
    return MergedCursors(("Query.search", subject, query.text.casefold(), *narrowed), NEWEST_FIRST)


def _listed(answer: ScopeAnswer[_Hits]) -> ListedScope:
    hits = answer.answer
    if hits is None:
        return answer.listed
    return replace(answer.listed, complete_as_of=hits.complete_as_of, problem=hits.problem)


def _merged(answers: Sequence[ScopeAnswer[_Hits]]) -> Sequence[_Hit]:
    """Merge the hits of all scopes, newest first; one ARN once, for the first of the caller's roles that has it."""
    distinct: dict[tuple[str, str, Kind, str], _Hit] = {}
    for hits in (answer.answer for answer in answers if answer.answer is not None):
        for hit in hits.hits:
            distinct.setdefault((hit.row.account_id, hit.row.region, hit.row.kind, hit.row.name), hit)
    return sorted(distinct.values(), key=lambda hit: hit.place, reverse=True)


async def _scope_hits(query: SearchQuery, bound: int, until: float, view: LiveView) -> _Hits:
    """Give the hits of one scope; a list that is refused takes no other along."""
    named, *lists = await asyncio.gather(
        _shown_as(view, query),
        *(view.inventory.known_list(kind, bound, until) for kind in query.kinds),
        return_exceptions=True,
    )
    failures = [failure for failure in (named, *lists) if isinstance(failure, BaseException)]
    for failure in failures:
        if not isinstance(failure, PROBLEMS):
            raise failure
    known = [part for part in lists if isinstance(part, KnownList)]
    shown_as = named if isinstance(named, frozenset) else frozenset[tuple[str, datetime]]()
    hits = [hit async for hit in _hits(view, known, query.text.casefold(), shown_as)]
    moments = [part.complete_as_of for part in known if part.complete_as_of is not None]
    complete = min(moments) if moments and len(moments) == len(query.kinds) and not failures else None
    problems = [ScopeProblem(failure.code, str(failure)) for failure in failures if isinstance(failure, PROBLEMS)]
    return _Hits(hits, complete, next(iter(problems), None))


async def _shown_as(view: LiveView, query: SearchQuery) -> frozenset[tuple[str, datetime]]:
    """The ARN and creation time of the models that the group has registered under a name with the text in it."""
    if Kind.MODEL not in query.kinds or view.group is None or not is_storable(query.text):
        return frozenset()
    async with view.services.database.reading() as connection:
        return await registrations.models_shown_as(connection, [view.group], view.account_id, view.region, query.text)


async def _hits(
    view: LiveView, lists: Sequence[KnownList], text: str, shown_as: frozenset[tuple[str, datetime]]
) -> AsyncIterator[_Hit]:
    for number, row in enumerate(row for part in lists for row in part.rows):
        if number % _ROWS_OF_A_TURN == _ROWS_OF_A_TURN - 1:
            await asyncio.sleep(0)
        if matched := _matched(view, row, text, shown_as):
            yield _Hit(place_of(view, row), view, row, matched)


def _matched(
    view: LiveView, row: AnyResource, text: str, shown_as: frozenset[tuple[str, datetime]]
) -> tuple[SearchField, ...]:
    matched = [SearchField.NAME] if text in row.name.casefold() else []
    if row.creation_time is not None and (row.arn, row.creation_time) in shown_as:
        matched.append(SearchField.DISPLAY_NAME)
    if any(text in tag.value.casefold() for tag in view.inventory.known_tags(row.arn)):
        matched.append(SearchField.TAG)
    return tuple(matched)
