"""Changes in AWS: where they are asked for, and what all that make something have in common."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from aws.writing.creating import Made, Sort
from aws.writing.inputs import Author, Named
from aws.writing.writer import Writer
from resolvers.acts import Act, Hand
from workflows.authors import author

What = TypeVar("What")
Wanted = TypeVar("Wanted", bound=Named)
# The longest name that SageMaker gives; more of a name that cannot be one is not kept in the audit.
_NAME_LENGTH = 63


@dataclass(frozen=True, slots=True)
class Asked(Generic[What]):
    """What is asked for, and where.

    Attributes:
        what: It; it may hold secrets.
        group: The group that it is done for; None for the acting one.
        region: The region; None for the first of that group's role.
    """

    what: What = field(repr=False)
    group: str | None = None
    region: str | None = None


async def take(act: Act, asked: Asked[Any], sort: type[Sort], name: str | None) -> Hand:
    """The power to do what is asked, once it is noted for the audit what it is about.

    Raises:
        auth.errors.AuthError: The caller may not, or the group has no role; see `Act.hand`.
    """
    act.target = sort.__name__ if name is None else f"{sort.__name__} {name[:_NAME_LENGTH]}"
    return await act.hand(asked.group, asked.region)


async def make(
    act: Act, asked: Asked[Wanted], sort: type[Sort], how: Callable[[Writer, Wanted, Author], Awaitable[Made[Sort]]]
) -> Made[Sort]:
    """What is asked for, made now or before.

    Args:
        act: Who asks.
        asked: For what.
        sort: Of which sort it is.
        how: The writer's method that makes it.

    Raises:
        aws.writing.errors.NotDoneError: The content is at fault.
        aws.errors.AWSError: AWS did not answer, or refuses the role.
        auth.errors.AuthError: See `Act.hand`.
    """
    hand = await take(act, asked, sort, asked.what.name)
    made = await how(hand.writer, asked.what, author_of(act, hand))
    act.target = f"{sort.__name__} {made.resource.name}"
    return made


def author_of(act: Act, hand: Hand) -> Author:
    """For whom something is made."""
    return author(act.request.policy, hand.subject, hand.group)
