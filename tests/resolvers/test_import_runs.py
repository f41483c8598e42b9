"""resolvers.import_runs: what a run has come to, and what it has found, page by page."""

from collections.abc import Sequence

import pytest

from registry import import_changes, import_runs, registrations
from registry.journal import ImportChange, ImportRun
from registry.words import ElementChange, ElementKind
from resolvers.connections import PageArguments
from resolvers.errors import BadInputError
from resolvers.import_runs import changes, registration
from tests.registry.making import key, key_of_new, new_run
from tests.resolvers.desks import Desk

FOUND = [
    ImportChange(ElementKind.TRAINING_JOB, f"job-{number}", f"arn-{number}", ElementChange.ADDED, None)
    for number in range(5)
]


async def begun(desk: Desk, model: str, registration_key: str | None = None) -> ImportRun:
    """A run for a model."""
    async with desk.database.writing() as connection:
        run, _ = await import_runs.start(connection, new_run(model_name=model, registration_key=registration_key))
    return run


async def found(desk: Desk, run: ImportRun, what: Sequence[ImportChange] = FOUND) -> ImportRun:
    """The run, which has found this."""
    async with desk.database.writing() as connection:
        await import_changes.write(connection, key(run.id, "ImportRun"), what)
    return run


async def test_what_it_has_come_to(desk: Desk) -> None:
    """As it is now; nothing as long as there is none, and nothing once it was removed."""
    kept = await key_of_new(desk.database)
    nothing, run = await begun(desk, "fraud"), await begun(desk, "churn", kept)
    async with desk.request("ann", "risk") as request:
        assert await registration(request, nothing) is None
        made = await registration(request, run)
        assert made is not None
        assert (key(made.id), [each.role.value for each in made.required_assets]) == (kept, ["DOCUMENTATION"])
        async with desk.database.writing() as connection:
            await registrations.remove(connection, kept)
        assert await registration(request, run) is None


@pytest.mark.parametrize("size", [1, 2, 4, 5, 6])
async def test_every_change_comes_once_and_in_its_order(desk: Desk, size: int) -> None:
    run = await found(desk, await begun(desk, "churn"))
    seen: list[ImportChange] = []
    after, more = None, True
    async with desk.request("ann", "risk") as request:
        while more:
            page = await changes(request, run, PageArguments(size, after))
            assert (page.total_count, page.page_info.has_previous_page) == (5, after is not None)
            assert len(page.nodes) == min(size, 5 - len(seen))
            seen += page.nodes
            after, more = page.page_info.end_cursor, page.page_info.has_next_page
    assert seen == FOUND


async def test_a_run_that_has_found_nothing_has_an_empty_page(desk: Desk) -> None:
    run = await begun(desk, "churn")
    async with desk.request("ann", "risk") as request:
        page = await changes(request, run, PageArguments(5, None))
    assert (page.nodes, page.total_count, page.page_info.has_next_page) == ((), 0, False)


async def test_a_cursor_is_good_for_its_run_alone(desk: Desk) -> None:
    run, other = await found(desk, await begun(desk, "churn")), await found(desk, await begun(desk, "fraud"))
    async with desk.request("ann", "risk") as request:
        after = (await changes(request, run, PageArguments(2, None))).page_info.end_cursor
        for given in (after, "nonsense"):
            with pytest.raises(BadInputError, match="`after` is no cursor of this list"):
                await changes(request, other, PageArguments(2, given))
