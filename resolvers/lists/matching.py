"""Verdicts on rows that cost calls: the predicates of a filter, and how they are put to rows."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from aws.client.errors import AccessDeniedError, AWSError
from aws.kinds.catalog import AnyResource
from resolvers.views.resource_view import ResourceView

# Whether a row belongs; None if the role may not read the resource that would tell.
Match = bool | None
Fact = TypeVar("Fact")
Predicate = Callable[[ResourceView, Sequence[AnyResource]], Awaitable[Sequence[Match]]]


async def match_rows(
    view: ResourceView, rows: Sequence[AnyResource], predicates: Sequence[Predicate]
) -> Sequence[Match]:
    """A verdict for each row that has already passed `row_matches`.

    Args:
        view: The view that resources are read through.
        rows: The rows.
        predicates: The predicates, of which a row has to pass all; each is put to the rows that passed those before.

    Raises:
        AWSError: A resource that would tell could not be read, for another reason than access denied.
    """
    verdicts: list[Match] = [True] * len(rows)
    for judge in predicates:
        asked = [index for index, verdict in enumerate(verdicts) if verdict]
        answers = await judge(view, [rows[index] for index in asked])
        for index, answer in zip(asked, answers, strict=True):
            verdicts[index] = answer
    return verdicts


def first_failure(facts: Iterable[object]) -> AWSError | None:
    """The first error among facts that is no refusal: a list must not leave out members that come a moment later."""
    errors = (fact for fact in facts if isinstance(fact, AWSError) and not isinstance(fact, AccessDeniedError))
    return next(errors, None)


def readable_or_denied(fact: Fact | AWSError) -> Fact | AccessDeniedError:
    """The fact, or AccessDeniedError as a value. Raises other AWSErrors: a list must not omit slow rows."""
    if isinstance(fact, AWSError) and not isinstance(fact, AccessDeniedError):
        raise fact
    return fact
