"""aws.write.idempotent_create: exactly one thing, or a clean refusal, whatever happens on the way; of every kind."""

import asyncio

import pytest

from aws.client.errors import AccessDeniedError, CredentialsRejectedError, ThrottledError, UnavailableError
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.write.create_cases import CreateCase, asked


async def test_a_dropped_call_is_made_again(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    """It was not executed: the description says that there is nothing."""
    place.faults.drop(create_case.create, times=1)
    made = await create_case.make(writer, name="One")
    assert made.created is True
    assert create_case.there(place) == ["One"]
    assert asked(place, create_case) == {create_case.create: 2, create_case.describe: 2}


async def test_a_lost_answer_is_looked_into(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    """It was executed: the description and the tags say so, and there is no second try."""
    place.faults.lose(create_case.create, times=1)
    made = await create_case.make(writer, name="One")
    assert made.created is True
    assert create_case.there(place) == ["One"]
    assert asked(place, create_case) == {create_case.create: 1, create_case.describe: 1, "ListTags": 1}


async def test_a_lost_answer_and_a_dropped_look(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    """The look is a reading, and is repeated."""
    place.faults.lose(create_case.create, times=1)
    place.faults.drop(create_case.describe, times=1)
    assert (await create_case.make(writer, name="One")).created is True
    assert create_case.there(place) == ["One"]
    assert asked(place, create_case) == {create_case.create: 1, create_case.describe: 2, "ListTags": 1}


async def test_a_lost_answer_that_nothing_can_tell_of_is_safe_to_repeat(
    create_case: CreateCase, writer: Writer, place: Sandbox
) -> None:
    place.faults.lose(create_case.create, times=1)
    place.faults.drop(create_case.describe, times=2)
    with pytest.raises(UnavailableError):
        await create_case.make(writer, name="One")
    place.faults.clear()
    assert (await create_case.make(writer, name="One")).created is False
    assert create_case.there(place) == ["One"]


async def test_a_description_that_is_none_is_safe_to_repeat(
    create_case: CreateCase, writer: Writer, place: Sandbox
) -> None:
    """It is answered with a success and nothing that a description has, as by a proxy on the way."""
    place.faults.fail(create_case.describe, status=200, times=1)
    with pytest.raises(UnavailableError, match="cannot be read"):
        await create_case.make(writer, name="One")
    assert (await create_case.make(writer, name="One")).created is False
    assert create_case.there(place) == ["One"]


async def test_the_answer_of_the_second_try_is_lost_too(
    create_case: CreateCase, writer: Writer, place: Sandbox
) -> None:
    place.faults.drop(create_case.create, times=1)
    place.faults.lose(create_case.create, times=1)
    assert (await create_case.make(writer, name="One")).created is True
    assert create_case.there(place) == ["One"]
    assert asked(place, create_case) == {create_case.create: 2, create_case.describe: 2, "ListTags": 1}


async def test_made_though_it_was_not_shown_at_first(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    """The answer is lost and the description is behind; the second try finds the name taken, by the first one."""
    place.faults.lose(create_case.create, times=1)
    place.faults.fail(create_case.describe, status=400, code="ResourceNotFound", times=1)
    assert (await create_case.make(writer, name="One")).created is True
    assert create_case.there(place) == ["One"]
    assert asked(place, create_case) == {create_case.create: 2, create_case.describe: 2, "ListTags": 1}


async def test_a_lost_answer_about_something_old_is_not_a_creation(
    create_case: CreateCase, writer: Writer, place: Sandbox
) -> None:
    await create_case.make(writer, name="One")
    place.clock.advance(300)
    place.faults.lose(create_case.create, times=1)
    assert (await create_case.make(writer, name="One")).created is False


@pytest.mark.parametrize("status", [500, 503])
async def test_an_outage_is_told_and_makes_nothing(
    create_case: CreateCase, writer: Writer, place: Sandbox, status: int
) -> None:
    place.faults.fail(create_case.create, status=status)
    with pytest.raises(UnavailableError) as caught:
        await create_case.make(writer, name="One")
    assert "safe to repeat" in str(caught.value)
    assert caught.value.operation == create_case.create
    assert create_case.there(place) == []
    assert asked(place, create_case) == {create_case.create: 2, create_case.describe: 2}


async def test_a_throttled_call_is_made_again(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    place.faults.throttle(create_case.create, times=3)
    assert (await create_case.make(writer, name="One")).created is True
    assert create_case.there(place) == ["One"]
    assert asked(place, create_case) == {create_case.create: 4, create_case.describe: 1}


async def test_throttled_for_good_makes_nothing(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    place.faults.throttle(create_case.create)
    with pytest.raises(ThrottledError):
        await create_case.make(writer, name="One")
    assert create_case.there(place) == []
    assert asked(place, create_case) == {create_case.create: 8}


async def test_throttled_after_it_was_made_is_safe_to_repeat(
    create_case: CreateCase, writer: Writer, place: Sandbox
) -> None:
    place.faults.throttle(create_case.describe)
    with pytest.raises(ThrottledError):
        await create_case.make(writer, idempotency_key="k")
    place.faults.clear()
    assert (await create_case.make(writer, idempotency_key="k")).created is False
    assert len(create_case.there(place)) == 1


async def test_refused_by_the_role_makes_nothing(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    place.faults.refuse(create_case.create)
    with pytest.raises(AccessDeniedError):
        await create_case.make(writer, name="One")
    assert create_case.there(place) == []
    assert asked(place, create_case) == {create_case.create: 1}


async def test_expired_keys_are_taken_anew(
    create_case: CreateCase, writer: Writer, place: Sandbox, rejected: list[str]
) -> None:
    place.faults.fail(create_case.create, status=400, code="ExpiredTokenException", message="expired", times=1)
    assert (await create_case.make(writer, name="One")).created is True
    assert asked(place, create_case) == {create_case.create: 2, create_case.describe: 1}
    place.faults.fail(create_case.create, status=400, code="ExpiredTokenException", message="expired")
    with pytest.raises(CredentialsRejectedError):
        await create_case.make(writer, name="Two")
    assert create_case.there(place) == ["One"]


async def test_the_same_call_five_times_at_once_makes_one(
    create_case: CreateCase, writer: Writer, place: Sandbox
) -> None:
    made = await asyncio.gather(*(create_case.make(writer, idempotency_key="k") for _ in range(5)))
    assert sorted(create_result.created for create_result in made) == [False] * 4 + [True]
    assert len({item.resource.arn for item in made}) == 1
    assert len(create_case.there(place)) == 1
    assert place.calls.count(create_case.create) == 5


async def test_the_same_call_at_once_with_lost_answers_makes_one(
    create_case: CreateCase, writer: Writer, place: Sandbox
) -> None:
    place.faults.lose(create_case.create, times=3)
    made = await asyncio.gather(*(create_case.make(writer, idempotency_key="k") for _ in range(3)))
    assert len({create_result.resource.arn for create_result in made}) == 1
    assert len(create_case.there(place)) == 1


async def test_what_is_made_is_shown_after_a_moment(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    place.faults.fail(create_case.describe, status=400, code="ResourceNotFound", times=2)
    assert (await create_case.make(writer, name="One")).created is True
    assert asked(place, create_case) == {create_case.create: 1, create_case.describe: 3}


async def test_what_is_never_shown_is_told_to_be_safe_to_repeat(
    create_case: CreateCase, writer: Writer, place: Sandbox
) -> None:
    place.faults.fail(create_case.describe, status=400, code="ResourceNotFound")
    with pytest.raises(UnavailableError) as caught:
        await create_case.make(writer, name="One")
    assert "safe to repeat" in str(caught.value)
    assert asked(place, create_case) == {create_case.create: 1, create_case.describe: 3}
