"""resolvers.imports.pages: import runs that the caller may see, in lists and by registration."""

from typing import Any

import pytest

from auth.errors import ForbiddenError, UnauthenticatedError
from registry import import_runs
from registry.enums import ImportRunState
from registry.ids import encode_own_id, new_key
from registry.records import ImportRun
from resolvers.errors import BadInputError
from resolvers.imports.pages import ImportRunQuery, list_import_runs, runs_of_registrations
from resolvers.lists.connections import Connection, PageArguments
from tests.registry.factories import create_registration, key_in_id, minutes_after_noon, new_run
from tests.resolvers.harness import MutationHarness

ALL = ImportRunQuery()


async def start(harness: MutationHarness, number: int, **changed: Any) -> ImportRun:
    """A run of its own model, so many minutes after noon."""
    async with harness.database.writing() as connection:
        new = new_run(**{"model_name": f"model-{number}", "started_at": minutes_after_noon(number), **changed})
        run, started = await import_runs.start(connection, new)
    assert started
    return run


async def end(harness: MutationHarness, run: ImportRun) -> None:
    async with harness.database.writing() as connection:
        key = key_in_id(run.id, "ImportRun")
        assert await import_runs.finish(connection, key, ImportRunState.DONE, "Done", minutes_after_noon(30))


def read(page: Connection[ImportRun] | BadInputError) -> tuple[list[str], bool, int | None]:
    """The ids of a page, whether there is more, and how many there are in all."""
    assert isinstance(page, Connection)
    return [run.id for run in page.nodes], page.page_info.has_next_page, page.total_count


async def listed(harness: MutationHarness, *groups: str, which: ImportRunQuery = ALL) -> list[str]:
    """The ids of the runs that somebody of these groups sees, all in one page."""
    async with harness.request("ann", *groups) as request:
        result, more, total = read(await list_import_runs(request, PageArguments(50, None), which))
    assert (more, total) == (False, len(result))
    return result


async def test_a_reloaded_page_finds_its_running_import(harness: MutationHarness) -> None:
    ended, running = await start(harness, 0), await start(harness, 1)
    await end(harness, ended)
    assert await listed(harness, "risk") == [running.id, ended.id]
    assert await listed(harness, "risk", which=ImportRunQuery(states=(ImportRunState.RUNNING,))) == [running.id]
    assert await listed(harness, "risk", which=ImportRunQuery(states=())) == []


async def test_nobody_sees_the_runs_of_others(harness: MutationHarness) -> None:
    own = await start(harness, 0)
    await start(harness, 1, group="stranger")
    assert await listed(harness, "risk") == [own.id]
    assert await listed(harness, "mlops", which=ImportRunQuery(group="risk")) == [own.id]
    with pytest.raises(ForbiddenError):
        await listed(harness, "risk", which=ImportRunQuery(group="stranger"))
    with pytest.raises(ForbiddenError):
        await listed(harness, "stranger")
    async with harness.request(None) as request:
        with pytest.raises(UnauthenticatedError):
            await list_import_runs(request, PageArguments(50, None), ALL)


async def test_the_runs_of_a_registration(harness: MutationHarness) -> None:
    """Each registration's own, newest first; a cursor is good for one registration alone."""
    registrations = [await create_registration(harness.database, name, group="risk") for name in ("a", "b")]
    first, second = [key_in_id(registration.id) for registration in registrations]
    runs = [await start(harness, number, registration_key=first) for number in range(3)]
    await start(harness, 4)
    only = await start(harness, 5, registration_key=second)
    async with harness.request("ann", "risk") as request:
        pages = await runs_of_registrations(request, registrations, PageArguments(2, None))
        assert [read(page) for page in pages] == [
            ([runs[2].id, runs[1].id], True, 3),
            ([only.id], False, 1),
        ]
        assert isinstance(pages[0], Connection)
        behind = PageArguments(2, pages[0].page_info.end_cursor)
        rest, foreign = await runs_of_registrations(request, registrations, behind)
        assert read(rest) == ([runs[0].id], False, 3)
        assert isinstance(foreign, BadInputError)
    assert await listed(harness, "risk", which=ImportRunQuery(registration_id=registrations[1].id)) == [only.id]


async def test_a_cursor_is_good_for_its_filter_alone(harness: MutationHarness) -> None:
    for number in range(2):
        await start(harness, number)
    async with harness.request("ann", "risk") as request:
        page = await list_import_runs(request, PageArguments(1, None), ALL)
        behind = PageArguments(1, page.page_info.end_cursor)
        assert len((await list_import_runs(request, behind, ALL)).nodes) == 1
        with pytest.raises(BadInputError):
            await list_import_runs(request, behind, ImportRunQuery(group="risk"))


def test_an_id_of_something_else() -> None:
    with pytest.raises(BadInputError):
        ImportRunQuery(registration_id=encode_own_id("Asset", new_key()))
