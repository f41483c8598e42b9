"""aws.write.idempotent_create: exactly one thing, or a clean refusal, whatever happens on the way; of every kind."""

import asyncio

import pytest

from aws.client.errors import AccessDeniedError, CredentialsRejectedError, ThrottledError, UnavailableError
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.write.create_cases import CreateCase, asked


async def test_a_dropped_call_is_made_again(wish: CreateCase, writer: Writer, place: Sandbox) -> None:
    """It was not executed: the description says that there is nothing."""
    place.faults.drop(wish.create, times=1)
    made = await wish.make(writer, name="One")
    assert made.created is True
    assert wish.there(place) == ["One"]
    assert asked(place, wish) == {wish.create: 2, wish.describe: 2}


async def test_a_lost_answer_is_looked_into(wish: CreateCase, writer: Writer, place: Sandbox) -> None:
    """It was executed: the description and the tags say so, and there is no second try."""
    place.faults.lose(wish.create, times=1)
    made = await wish.make(writer, name="One")
    assert made.created is True
    assert wish.there(place) == ["One"]
    assert asked(place, wish) == {wish.create: 1, wish.describe: 1, "ListTags": 1}


async def test_a_lost_answer_and_a_dropped_look(wish: CreateCase, writer: Writer, place: Sandbox) -> None:
    """The look is a reading, and is repeated."""
    place.faults.lose(wish.create, times=1)
    place.faults.drop(wish.describe, times=1)
    assert (await wish.make(writer, name="One")).created is True
    assert wish.there(place) == ["One"]
    assert asked(place, wish) == {wish.create: 1, wish.describe: 2, "ListTags": 1}


async def test_a_lost_answer_that_nothing_can_tell_of_is_safe_to_repeat(
    wish: CreateCase, writer: Writer, place: Sandbox
) -> None:
    place.faults.lose(wish.create, times=1)
    place.faults.drop(wish.describe, times=2)
    with pytest.raises(UnavailableError):
        await wish.make(writer, name="One")
    place.faults.clear()
    assert (await wish.make(writer, name="One")).created is False
    assert wish.there(place) == ["One"]


async def test_a_description_that_is_none_is_safe_to_repeat(wish: CreateCase, writer: Writer, place: Sandbox) -> None:
    """It is answered with a success and nothing that a description has, as by a proxy on the way."""
    place.faults.fail(wish.describe, status=200, times=1)
    with pytest.raises(UnavailableError, match="cannot be read"):
        await wish.make(writer, name="One")
    assert (await wish.make(writer, name="One")).created is False
    assert wish.there(place) == ["One"]


async def test_the_answer_of_the_second_try_is_lost_too(wish: CreateCase, writer: Writer, place: Sandbox) -> None:
    place.faults.drop(wish.create, times=1)
    place.faults.lose(wish.create, times=1)
    assert (await wish.make(writer, name="One")).created is True
    assert wish.there(place) == ["One"]
    assert asked(place, wish) == {wish.create: 2, wish.describe: 2, "ListTags": 1}


async def test_made_though_it_was_not_shown_at_first(wish: CreateCase, writer: Writer, place: Sandbox) -> None:
    """The answer is lost and the description is behind; the second try finds the name taken, by the first one."""
    place.faults.lose(wish.create, times=1)
    place.faults.fail(wish.describe, status=400, code="ResourceNotFound", times=1)
    assert (await wish.make(writer, name="One")).created is True
    assert wish.there(place) == ["One"]
    assert asked(place, wish) == {wish.create: 2, wish.describe: 2, "ListTags": 1}


async def test_a_lost_answer_about_something_old_is_not_a_creation(
    wish: CreateCase, writer: Writer, place: Sandbox
) -> None:
    await wish.make(writer, name="One")
    place.clock.advance(300)
    place.faults.lose(wish.create, times=1)
    assert (await wish.make(writer, name="One")).created is False


@pytest.mark.parametrize("status", [500, 503])
async def test_an_outage_is_told_and_makes_nothing(
    wish: CreateCase, writer: Writer, place: Sandbox, status: int
) -> None:
    place.faults.fail(wish.create, status=status)
    with pytest.raises(UnavailableError) as caught:
        await wish.make(writer, name="One")
    assert "safe to repeat" in str(caught.value)
    assert caught.value.operation == wish.create
    assert wish.there(place) == []
    assert asked(place, wish) == {wish.create: 2, wish.describe: 2}


async def test_a_throttled_call_is_made_again(wish: CreateCase, writer: Writer, place: Sandbox) -> None:
    place.faults.throttle(wish.create, times=3)
    assert (await wish.make(writer, name="One")).created is True
    assert wish.there(place) == ["One"]
    assert asked(place, wish) == {wish.create: 4, wish.describe: 1}


async def test_throttled_for_good_makes_nothing(wish: CreateCase, writer: Writer, place: Sandbox) -> None:
    place.faults.throttle(wish.create)
    with pytest.raises(ThrottledError):
        await wish.make(writer, name="One")
    assert wish.there(place) == []
    assert asked(place, wish) == {wish.create: 8}


async def test_throttled_after_it_was_made_is_safe_to_repeat(wish: CreateCase, writer: Writer, place: Sandbox) -> None:
    place.faults.throttle(wish.describe)
    with pytest.raises(ThrottledError):
        await wish.make(writer, idempotency_key="k")
    place.faults.clear()
    assert (await wish.make(writer, idempotency_key="k")).created is False
    assert len(wish.there(place)) == 1


async def test_refused_by_the_role_makes_nothing(wish: CreateCase, writer: Writer, place: Sandbox) -> None:
    place.faults.refuse(wish.create)
    with pytest.raises(AccessDeniedError):
        await wish.make(writer, name="One")
    assert wish.there(place) == []
    assert asked(place, wish) == {wish.create: 1}


async def test_expired_keys_are_taken_anew(
    wish: CreateCase, writer: Writer, place: Sandbox, rejected: list[str]
) -> None:
    place.faults.fail(wish.create, status=400, code="ExpiredTokenException", message="expired", times=1)
    assert (await wish.make(writer, name="One")).created is True
    assert asked(place, wish) == {wish.create: 2, wish.describe: 1}
    place.faults.fail(wish.create, status=400, code="ExpiredTokenException", message="expired")
    with pytest.raises(CredentialsRejectedError):
        await wish.make(writer, name="Two")
    assert wish.there(place) == ["One"]


async def test_the_same_call_five_times_at_once_makes_one(wish: CreateCase, writer: Writer, place: Sandbox) -> None:
    made = await asyncio.gather(*(wish.make(writer, idempotency_key="k") for _ in range(5)))
    assert sorted(each.created for each in made) == [False] * 4 + [True]
    assert len({each.resource.arn for each in made}) == 1
    assert len(wish.there(place)) == 1
    assert place.calls.count(wish.create) == 5


async def test_the_same_call_at_once_with_lost_answers_makes_one(
    wish: CreateCase, writer: Writer, place: Sandbox
) -> None:
    place.faults.lose(wish.create, times=3)
    made = await asyncio.gather(*(wish.make(writer, idempotency_key="k") for _ in range(3)))
    assert len({each.resource.arn for each in made}) == 1
    assert len(wish.there(place)) == 1


async def test_what_is_made_is_shown_after_a_moment(wish: CreateCase, writer: Writer, place: Sandbox) -> None:
    place.faults.fail(wish.describe, status=400, code="ResourceNotFound", times=2)
    assert (await wish.make(writer, name="One")).created is True
    assert asked(place, wish) == {wish.create: 1, wish.describe: 3}


async def test_what_is_never_shown_is_told_to_be_safe_to_repeat(
    wish: CreateCase, writer: Writer, place: Sandbox
) -> None:
    place.faults.fail(wish.describe, status=400, code="ResourceNotFound")
    with pytest.raises(UnavailableError) as caught:
        await wish.make(writer, name="One")
    assert "safe to repeat" in str(caught.value)
    assert asked(place, wish) == {wish.create: 1, wish.describe: 3}
