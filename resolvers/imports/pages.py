"""Import runs that the caller may see, in lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from auth.errors import ForbiddenError
from registry import import_run_lists
from registry.enums import ImportRunState
from registry.ids import key_of
from registry.import_run_lists import ImportRunCriteria
from registry.records import ImportRun, Registration
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.lists.cursors import CursorCodec
from resolvers.lists.pages import page_of_records
from resolvers.request import Request
from resolvers.visibility import is_visible, visible_owners

_OF_REGISTRATION: Final = "Registration.importRuns"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRunQuery:
    """The filter of a list of import runs (`ImportRunFilter`). None lets every run through.

    Attributes:
        states: Any of these states.
        group: The group that owns the registration.
        registration_id: The id of the registration.

    Raises:
        BadInputError: An id of something else.
    """

    states: tuple[ImportRunState, ...] | None = None
    group: str | None = None
    registration_id: str | None = None

    def __post_init__(self) -> None:
        if self.registration_id is not None and key_of(self.registration_id, "Registration") is None:
            raise BadInputError(
                "`filter.registrationId` is not the id of a registration; take it from `Registration.id`."
            )


async def list_import_runs(request: Request, page: PageArguments, query: ImportRunQuery) -> Connection[ImportRun]:
    """A page of the import and sync runs that the caller may see, the last started first.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see none at all, or not those of the group that is asked for.
        BadInputError: A cursor of another list.
    """
    groups = visible_owners(request)
    if query.group is not None:
        if not is_visible(query.group, groups):
            raise ForbiddenError(f"None of your groups may READ the imports of the group `{query.group}`.")
        groups = frozenset({query.group})
    registration = None if query.registration_id is None else key_of(query.registration_id, "Registration")
    wanted = ImportRunCriteria(groups=groups, states=query.states, registration_key=registration)
    cursors = CursorCodec(("Query.importRuns", None if groups is None else tuple(sorted(groups)), query))
    return await _page(request, wanted, cursors, page)


async def runs_of_registrations(
    request: Request, registrations: Sequence[Registration], page: PageArguments
) -> Sequence[Connection[ImportRun] | BadInputError]:
    """A batch function: a page of the runs that imported or synced each registration."""
    keys = [str(key_of(registration.id, "Registration")) for registration in registrations]
    codecs = [CursorCodec((_OF_REGISTRATION, registration.id)) for registration in registrations]
    if page.after is not None:
        return [await _page_or_fault(request, key, codec, page) for key, codec in zip(keys, codecs, strict=True)]
    async with request.services.database.reading() as connection:
        pages = await import_run_lists.first_pages_of_registrations(connection, keys, page.first)
    return [
        page_of_records(pages[key].page, codec, None, pages[key].total) for key, codec in zip(keys, codecs, strict=True)
    ]


async def _page_or_fault(
    request: Request, key: str, cursors: CursorCodec, page: PageArguments
) -> Connection[ImportRun] | BadInputError:
    """A page behind a cursor, which is one registration's; for the others it is a fault."""
    try:
        return await _page(request, ImportRunCriteria(groups=None, registration_key=key), cursors, page)
    except BadInputError as error:
        return error


async def _page(
    request: Request, wanted: ImportRunCriteria, cursors: CursorCodec, page: PageArguments
) -> Connection[ImportRun]:
    after = cursors.decode_record(page.after)
    async with request.services.database.reading() as connection:
        result = await import_run_lists.page(connection, wanted, page.first, after)
        total = await import_run_lists.count(connection, wanted)
    return page_of_records(result, cursors, page.after, total)
