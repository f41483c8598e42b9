"""Registration and changes of an import run."""

from registry import import_runs, registrations
from registry.ids import key_of
from registry.records import ImportChange, ImportRun, Registration
from resolvers.lists.connections import (
    Connection,
    ListCompleteness,
    PageArguments,
    build_connection,
    build_page_info,
)
from resolvers.lists.cursors import CursorCodec
from resolvers.request import Request


async def registration_of_run(request: Request, run: ImportRun) -> Registration | None:
    """The registration of a run; None if there is none yet, or it was removed."""
    key = key_of(run.registration_id, "Registration") if run.registration_id else None
    if key is None:
        return None
    services = request.services
    async with services.database.reading() as reading:
        return await registrations.by_key(reading, key, services.required_assets)


async def changes_of_run(request: Request, run: ImportRun, page: PageArguments) -> Connection[ImportChange]:
    """The changes that a run found. Raises BadInputError for a cursor of another list."""
    key = str(key_of(run.id, "ImportRun"))
    cursors = CursorCodec(("ImportRun.changes", key))
    after = None if page.after is None else cursors.decode_offset(page.after)
    async with request.services.database.reading() as reading:
        changes, more = await import_runs.changes_page(reading, key, page.first, after)
        total = await import_runs.count_changes(reading, key)
    begin = 0 if after is None else after + 1
    places = [cursors.encode_offset(begin + number) for number in range(len(changes))]
    return build_connection(
        changes, places, build_page_info(places, page.after, more=more), ListCompleteness(total_count=total)
    )
