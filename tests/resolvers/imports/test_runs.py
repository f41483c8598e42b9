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


async def begun(harness: MutationHarness, model: str, registration_key: str | None = None) -> ImportRun:
    """A run for a model."""
    async with harness.database.writing() as connection:
        run, _ = await import_runs.start(connection, new_run(model_name=model, registration_key=registration_key))
    return run


async def found(harness: MutationHarness, run: ImportRun, changes: Sequence[ImportChange] = FOUND) -> ImportRun:
    """The run, which has found this."""
    async with harness.database.writing() as connection:
        await import_runs.replace_changes(connection, key_in_id(run.id, "ImportRun"), changes)
    return run


async def test_what_it_has_come_to(harness: MutationHarness) -> None:
    """As it is now; nothing as long as there is none, and nothing once it was removed."""
    registration_key = await create_registration_key(harness.database)
    nothing, run = await begun(harness, "fraud"), await begun(harness, "churn", registration_key)
    async with harness.request("ann", "risk") as request:
        assert await registration_of_run(request, nothing) is None
        made = await registration_of_run(request, run)
        assert made is not None
        assert (key_in_id(made.id), [asset.role.value for asset in made.required_assets]) == (
            registration_key,
            ["DOCUMENTATION"],
        )
        async with harness.database.writing() as connection:
            await registrations.remove(connection, registration_key)
        assert await registration_of_run(request, run) is None


@pytest.mark.parametrize("size", [1, 2, 4, 5, 6])
async def test_every_change_comes_once_and_in_its_order(harness: MutationHarness, size: int) -> None:
    run = await found(harness, await begun(harness, "churn"))
    seen: list[ImportChange] = []
    after, more = None, True
    async with harness.request("ann", "risk") as request:
        while more:
            page = await changes_of_run(request, run, PageArguments(size, after))
            assert (page.total_count, page.page_info.has_previous_page) == (5, after is not None)
            assert len(page.nodes) == min(size, 5 - len(seen))
            seen += page.nodes
            after, more = page.page_info.end_cursor, page.page_info.has_next_page
    assert seen == FOUND


async def test_a_run_that_has_found_nothing_has_an_empty_page(harness: MutationHarness) -> None:
    run = await begun(harness, "churn")
    async with harness.request("ann", "risk") as request:
        page = await changes_of_run(request, run, PageArguments(5, None))
    assert (page.nodes, page.total_count, page.page_info.has_next_page) == ((), 0, False)


async def test_a_cursor_is_good_for_its_run_alone(harness: MutationHarness) -> None:
    run, other = (
        await found(harness, await begun(harness, "churn")),
        await found(harness, await begun(harness, "fraud")),
    )
    async with harness.request("ann", "risk") as request:
        after = (await changes_of_run(request, run, PageArguments(2, None))).page_info.end_cursor
        for value in (after, "nonsense"):
            with pytest.raises(BadInputError, match="`after` is not a cursor of this list"):
                await changes_of_run(request, other, PageArguments(2, value))
