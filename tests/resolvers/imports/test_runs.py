"""resolvers.imports.runs: what a run has come to, and what it has found, page by page."""

from collections.abc import Sequence

import pytest

from registry import import_runs, registrations
from registry.enums import ElementChange, ElementKind
from registry.records import ImportChange, ImportRun
from resolvers.errors import BadInputError
from resolvers.imports.runs import changes_of_run, registration_of_run
from resolvers.lists.connections import PageArguments
from tests.registry.factories import create_registration_key, key_in_id, new_run
from tests.resolvers.harness import MutationHarness

FOUND = [
    ImportChange(ElementKind.TRAINING_JOB, f"job-{number}", f"arn-{number}", ElementChange.ADDED, None)
    for number in range(5)
]


async def begun(desk: MutationHarness, model: str, registration_key: str | None = None) -> ImportRun:
    """A run for a model."""
    async with desk.database.writing() as connection:
        run, _ = await import_runs.start(connection, new_run(model_name=model, registration_key=registration_key))
    return run


async def found(desk: MutationHarness, run: ImportRun, what: Sequence[ImportChange] = FOUND) -> ImportRun:
    """The run, which has found this."""
    async with desk.database.writing() as connection:
        await import_runs.replace_changes(connection, key_in_id(run.id, "ImportRun"), what)
    return run


async def test_what_it_has_come_to(desk: MutationHarness) -> None:
    """As it is now; nothing as long as there is none, and nothing once it was removed."""
    kept = await create_registration_key(desk.database)
    nothing, run = await begun(desk, "fraud"), await begun(desk, "churn", kept)
    async with desk.request("ann", "risk") as request:
        assert await registration_of_run(request, nothing) is None
        made = await registration_of_run(request, run)
        assert made is not None
        assert (key_in_id(made.id), [each.role.value for each in made.required_assets]) == (kept, ["DOCUMENTATION"])
        async with desk.database.writing() as connection:
            await registrations.remove(connection, kept)
        assert await registration_of_run(request, run) is None


@pytest.mark.parametrize("size", [1, 2, 4, 5, 6])
async def test_every_change_comes_once_and_in_its_order(desk: MutationHarness, size: int) -> None:
    run = await found(desk, await begun(desk, "churn"))
    seen: list[ImportChange] = []
    after, more = None, True
    async with desk.request("ann", "risk") as request:
        while more:
            page = await changes_of_run(request, run, PageArguments(size, after))
            assert (page.total_count, page.page_info.has_previous_page) == (5, after is not None)
            assert len(page.nodes) == min(size, 5 - len(seen))
            seen += page.nodes
            after, more = page.page_info.end_cursor, page.page_info.has_next_page
    assert seen == FOUND


async def test_a_run_that_has_found_nothing_has_an_empty_page(desk: MutationHarness) -> None:
    run = await begun(desk, "churn")
    async with desk.request("ann", "risk") as request:
        page = await changes_of_run(request, run, PageArguments(5, None))
    assert (page.nodes, page.total_count, page.page_info.has_next_page) == ((), 0, False)


async def test_a_cursor_is_good_for_its_run_alone(desk: MutationHarness) -> None:
    run, other = await found(desk, await begun(desk, "churn")), await found(desk, await begun(desk, "fraud"))
    async with desk.request("ann", "risk") as request:
        after = (await changes_of_run(request, run, PageArguments(2, None))).page_info.end_cursor
        for given in (after, "nonsense"):
            with pytest.raises(BadInputError, match="`after` is not a cursor of this list"):
                await changes_of_run(request, other, PageArguments(2, given))
