"""schema.limits.overlapping_fields: a document whose fields overlap too often is refused early."""

import pytest
from graphql import get_introspection_query
from graphql.validation.rules import overlapping_fields_can_be_merged as library

from gateway.explorer.examples import EXAMPLES
from schema.build import GatewaySchema, build_schema
from schema.errors import format_error
from schema.limits.overlapping_fields import MAX_ANONYMOUS_COMPARISONS, MAX_COMPARISONS

REFUSAL = (
    "The query asks for the same fields so often, side by side or through fragments, that it cannot be checked with "
    "the 20000 comparisons that this gateway makes: ask for each field once, or split the query."
)


@pytest.fixture(scope="module")
def schema() -> GatewaySchema:
    """A schema that has seen no document, so that each is validated."""
    return build_schema()


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What each comparison costs, as graphql-core itself counts it."""
    spent: list[int] = []
    spend = library.spend_complexity_budget

    def counted(context: library.RuleContext, cost: int) -> None:
        spent.append(cost)
        spend(context, cost)

    monkeypatch.setattr(library, "spend_complexity_budget", counted)
    return spent


CONFLICT = "{ z: me { group } z: settings { approval } "
"""Begins a document whose fields do not merge, so that graphql-core has to compare them."""


def fragments(many: int, inner: str) -> str:
    spreads = " ".join(f"...F{n}" for n in range(many))
    return f"{{ {spreads} }} " + " ".join(f"fragment F{n} on Query {{ {inner} }}" for n in range(many))


@pytest.mark.parametrize(
    "query",
    [
        "{ " + "me { subject } " * 330 + "}",
        "{ " + "... { me { subject } } " * 280 + "}",
        "{ ... { " + "me { subject } " * 165 + "} " + "me { subject } " * 165 + "}",
        "{ me { " + "subject " * 1900 + "} }",
        "{ me { roles { " + "group " * 600 + "} } me { roles { " + "group " * 600 + "} } }",
        fragments(115, "me { subject groups } settings { approval }"),
        fragments(2, "me { " + "subject " * 450 + "}"),
    ],
)
async def test_comparing_ends_where_there_is_too_much(schema: GatewaySchema, query: str, steps: list[int]) -> None:
    result = await schema.execute(query.replace("{ ", CONFLICT, 1))
    assert result.data is None
    *_, error = [format_error(item, "id") for item in result.errors or ()]
    assert (error["message"], error["extensions"]["code"]) == (REFUSAL, "LIMIT_EXCEEDED")
    assert MAX_COMPARISONS < sum(steps) <= MAX_COMPARISONS + 2


async def test_a_refusal_costs_no_more_the_next_time(schema: GatewaySchema, steps: list[int]) -> None:
    """Invalid documents are not kept: the same one again is refused with the same words, after as many comparisons."""
    query = "query Twice " + CONFLICT + "me { subject } " * 300 + "}"
    first = await schema.execute(query)
    spent = len(steps)
    second = await schema.execute(query)
    messages = [error.message for error in second.errors or ()]
    assert messages == [error.message for error in first.errors or ()]
    assert messages[-1] == REFUSAL
    assert len(steps) == 2 * spent


@pytest.mark.parametrize(
    "query",
    [
        get_introspection_query(input_value_deprecation=True, specified_by_url=True, directive_is_repeatable=True),
        *(example.query for example in EXAMPLES),
    ],
)
async def test_what_the_explorer_asks_has_nothing_to_compare(
    schema: GatewaySchema, query: str, steps: list[int]
) -> None:
    result = await schema.execute(query, variable_values={"id": "", "status": []})
    assert not [error for error in result.errors or () if error.path is None]
    assert steps == []


async def test_a_page_of_sixty_fragments_is_taken_and_compares_nothing(schema: GatewaySchema, steps: list[int]) -> None:
    shared = (
        "fragment F{n} on Model {{ id name arn creationTime registration {{ id displayName }} "
        "snapshots(first: 5) {{ nodes {{ id name }} }} }}"
    )
    spreads = " ".join(f"...F{n}" for n in range(60))
    query = f"{{ models(first: 5) {{ nodes {{ {spreads} }} }} }} " + " ".join(shared.format(n=n) for n in range(60))
    result = await schema.execute(query)
    assert not [error for error in result.errors or () if error.path is None]
    assert steps == []


async def test_fields_that_conflict_are_still_told(schema: GatewaySchema) -> None:
    result = await schema.execute("{ me { a: subject a: group } }")
    (error,) = list(result.errors or ())
    assert error.message.startswith("Fields 'a' conflict because 'subject' and 'group' are different fields.")


async def test_too_many_conflicts_keep_their_own_end(schema: GatewaySchema) -> None:
    conflicts = "{ " + " ".join(f'model(name: "a{n}") {{ id }}' for n in range(30)) + " }"
    result = await schema.execute(conflicts)
    assert len(result.errors or ()) == 21
    assert list(result.errors or ())[-1].message.startswith("Too many validation errors")


async def test_a_document_without_a_caller_has_fewer_comparisons(schema: GatewaySchema, steps: list[int]) -> None:
    class Anonymous:
        caller = None

    result = await schema.execute(CONFLICT + "me { subject } " * 90 + "}", context_value=Anonymous())
    *_, error = [format_error(item, "id") for item in result.errors or ()]
    assert error["extensions"]["code"] == "LIMIT_EXCEEDED"
    assert MAX_ANONYMOUS_COMPARISONS < sum(steps) <= MAX_ANONYMOUS_COMPARISONS + 2
