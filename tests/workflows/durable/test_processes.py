"""Processes that are killed, paused and ended: what was done is not done again, and what was not is done by another."""

from asyncio import gather, sleep, timeout

import pytest

from tests.workflows.durable.dbos_state import end_leases, step_names, workflow_statuses
from tests.workflows.durable.processes import Worker, Workers

pytestmark = pytest.mark.crash

GATES = ("open first", "open between", "open second", "open third")
BEGAN_B = ("began first b", "began second b", "began third b")
# A lease of three seconds, and dead half a second after it.
QUICK = (3, 0.5)
# Nobody who takes so long to die is recovered from in a test.
SLOW = (30, 60)


def said(word: str, *those: Worker) -> list[str]:
    """What they said that begins so, all in one list."""
    return sorted(line for one in those for line in one.said if line.startswith(word))


async def kill(victim: Worker, database_url: str) -> None:
    """Kills a process, and ends its lease before its time."""
    await victim.kill()
    await end_leases(database_url, victim.lease)


async def test_work_of_a_process_that_is_killed_inside_a_step_goes_on_in_another_one(
    database_url: str, workers: Workers
) -> None:
    first, second = await gather(workers.begin(*QUICK), workers.begin(*QUICK))
    first.tell("start three a", "open first", "open between")
    await first.hears("began second a")
    second.tell(*GATES)

    await kill(first, database_url)

    await second.hears("finished a first second third")
    await second.close()
    assert said("began", first) == ["began first a", "began second a"]
    assert said("began", second) == ["began second a", "began third a"]
    assert step_names(database_url, "a") == ["first", "second", "third"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS"}


async def test_work_of_a_process_that_is_killed_between_steps_repeats_none(database_url: str, workers: Workers) -> None:
    first, second = await gather(workers.begin(*QUICK), workers.begin(*QUICK))
    first.tell("start three a", "open first")
    await first.hears("between a")
    second.tell(*GATES)

    await kill(first, database_url)

    await second.hears("finished a first second third")
    await second.close()
    assert said("began", first, second) == ["began first a", "began second a", "began third a"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS"}


async def test_work_that_a_process_has_no_access_for_is_handed_to_one_that_has(
    database_url: str, workers: Workers
) -> None:
    """Its first step is done here, and kept; the second one fails here for want of access, and goes on elsewhere."""
    first, second = await gather(workers.begin(*QUICK), workers.begin(*QUICK))
    second.tell(*GATES)
    first.tell("start three a", "open first")
    await first.hears("between a")
    first.tell("lack", "open between")

    await second.hears("finished a first second third")
    await second.close()
    await first.close()
    assert said("began", first) == ["began first a", "began second a"]
    assert said("began", second) == ["began second a", "began third a"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS"}


async def test_work_that_nobody_has_access_for_fails_where_it_was_tried_last(
    database_url: str, workers: Workers
) -> None:
    first, second = await gather(workers.begin(*QUICK), workers.begin(*QUICK))
    for worker in (first, second):
        worker.tell("lack")
    first.tell("start three a")
    await second.hears("began first a")
    async with timeout(30):
        while workflow_statuses(database_url) != {"a": "ERROR"}:  # noqa: ASYNC110 - the database tells nobody.
            await sleep(0.1)
    await first.close()
    await second.close()
    assert said("began", first, second) == ["began first a"] * 2


async def test_running_work_is_not_taken_over_by_a_process_that_starts_meanwhile(
    database_url: str, workers: Workers
) -> None:
    first = await workers.begin(*SLOW)
    first.tell("start three a")
    await first.hears("began first a")

    # Its short lease makes it look for the dead three times a second.
    late = await workers.begin(1, 0)
    late.tell(*GATES, "start three a", "start three b")
    await late.hears("finished b first second third")
    await late.close()

    first.tell(*GATES)
    await first.hears("finished a first second third")
    await first.close()
    assert [line for line in late.said if line.endswith(" a")] == []
    assert said("began", first) == ["began first a", "began second a", "began third a"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS", "b": "SUCCESS"}


async def test_a_paused_process_is_taken_over_from_and_starts_no_step_when_it_wakes(
    database_url: str, workers: Workers
) -> None:
    paused, other = await gather(workers.begin(*QUICK), workers.begin(*QUICK))
    paused.tell("start three a", "open first", "open between")
    await paused.hears("began second a")
    other.tell(*GATES)

    paused.pause()
    await other.hears("finished a first second third")
    # What it reads first when it wakes: the step that it was in ends at once, and nothing holds up the next one.
    paused.tell(*GATES)
    paused.wake()
    paused.tell("start three b")
    await paused.hears("finished b first second third")
    await paused.close()
    await other.close()

    assert said("began", paused) == [
        "began first a",
        "began first b",
        "began second a",
        "began second b",
        "began third b",
    ]
    assert said("began", other) == ["began second a", "began third a"]
    assert said("finished", paused, other) == ["finished a first second third", "finished b first second third"]
    assert step_names(database_url, "a") == ["first", "second", "third"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS", "b": "SUCCESS"}


async def test_what_a_process_leaves_at_its_end_goes_on_at_once_in_the_next_one(
    database_url: str, workers: Workers
) -> None:
    first = await workers.begin(*SLOW)
    first.tell("start three a", "open first", "open between")
    await first.hears("began second a")
    await first.close()
    assert workflow_statuses(database_url) == {"a": "PENDING"}

    second = await workers.begin(*SLOW)
    second.tell(*GATES)
    await second.hears("finished a first second third")
    await second.close()
    assert said("began", second) == ["began second a", "began third a"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS"}


async def test_a_running_step_ends_before_its_process_and_is_not_repeated(database_url: str, workers: Workers) -> None:
    first = await workers.begin(*SLOW)
    first.tell("start three a")
    await first.hears("began first a")
    first.tell("open first", "close")
    await first.close()
    assert step_names(database_url, "a") == ["first"]

    second = await workers.begin(*SLOW)
    second.tell(*GATES)
    await second.hears("finished a first second third")
    await second.close()
    assert said("began", second) == ["began second a", "began third a"]


async def test_one_process_of_all_takes_turns_and_another_one_when_it_is_killed(
    database_url: str, workers: Workers
) -> None:
    first, second = await gather(workers.begin(*QUICK), workers.begin(*QUICK))
    first.tell("turns")
    await first.hears("turn")
    second.tell("turns", "start three a", *GATES)
    await second.hears("finished a first second third")

    await kill(first, database_url)
    await end_leases(database_url, "loop/turns")
    await second.hears("turn")

    second.tell("open turn")
    await second.hears("turn")
    await second.close()
    assert "turn" not in second.said[: second.said.index("finished a first second third")]
