"""schema.fields: what is not at hand is asked for once for all parents of a level, and what is, of nobody."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import strawberry
from strawberry.tools import create_type
from strawberry.types import ExecutionResult

from auth.permissions import Permission
from gateway.settings.server import LimitSettings
from resolvers.errors import BadInputError
from resolvers.lists.connections import PageArguments, PageNeeds
from resolvers.mutations.context import MutationContext
from resolvers.registrations.updates import RegistrationResult
from resolvers.views.resource_view import Viewed
from schema import fields
from schema.fields import (
    attribute,
    computed,
    detail,
    guarded_mutation,
    load_detail,
    page_arguments,
    registry_relation,
    relation,
    represents,
    resource_connection,
)
from schema.registrations.mutations import SyncRegistrationInput

Asked = list[tuple[str, str, list[str], tuple[Any, ...]]]


class Batching:
    """Answers at once with what a batch function gives for one parent; keeps what it was asked."""

    def __init__(self, asked: Asked, whole: Any) -> None:
        self._asked = asked
        self._whole = whole

    async def load(self, function: Any, owner: Any, parent: Any, *arguments: Any) -> Any:
        self._asked.append((function.__name__, owner.key, [parent.name], arguments))
        return self._whole if function.__name__ == "with_detail" else (await function(owner, [parent], *arguments))[0]


async def kin(owner: Any, parents: Sequence[Any], *arguments: Any) -> Sequence[str]:
    """A batch function."""
    return [f"{parent.name} of {owner.key}{''.join(f', {argument}' for argument in arguments)}" for parent in parents]


NO_NEEDS = PageNeeds(total=False, coverage=False, next=False)


class Thing:
    """A resource with its detail, or without."""

    def __init__(self, name: str, size: int | None = None) -> None:
        self.name = name
        self.detail = None if size is None else SimpleNamespace(size=size)


class Other(Thing):
    """A value of another type."""


@strawberry.interface
class Named:
    """What has a name."""

    name: str = attribute("Its name")


@represents(Thing)
@strawberry.type(name="Thing")
class ThingType(Named):
    """Shows a thing."""

    size: int | None = detail("size", "Its size")
    relatives: str = relation(kin, "Its relatives")
    own: str = registry_relation(kin, "Its own relatives")
    page: str = resource_connection(kin, "Pages of them")
    shout: str = computed(lambda root: root.name.upper(), "Its name, louder")


@represents(Other)
@strawberry.type(name="Other")
class OtherType(Named):
    """Shows another thing."""


def view_of(value: Thing) -> Any:
    return SimpleNamespace(key=f"view of {value.name}")


async def ask(value: Thing, selection: str, asked: Asked, whole: Any = None) -> ExecutionResult:
    """What a selection on a thing is answered with."""

    def it() -> Any:
        return Viewed(value, view_of(value))

    field: Any = strawberry.field(resolver=it, graphql_type=Named)
    schema = strawberry.Schema(create_type("Query", [field]), types=[ThingType, OtherType])
    request = SimpleNamespace(
        key="the request",
        page_needs={},
        batcher=Batching(asked, whole),
        limits=LimitSettings(),
    )
    execution_result = await schema.execute(f"{{ it {{ {selection} }} }}", context_value=request)
    assert isinstance(execution_result, ExecutionResult)
    return execution_result


async def shows_of(value: Thing, selection: str, asked: Asked, whole: Any = None) -> Any:
    """What a thing shows, without any error."""
    execution_result = await ask(value, f"... on Thing {{ {selection} }}", asked, whole)
    assert execution_result.errors is None
    assert execution_result.data is not None
    return execution_result.data["it"]


async def test_a_known_detail_is_not_read_again() -> None:
    asked: Asked = []
    assert await shows_of(Thing("a", 7), "name size shout", asked) == {"name": "a", "size": 7, "shout": "A"}
    assert asked == []


@pytest.mark.parametrize(("whole", "size"), [(Thing("a", 8), 8), (None, None)])
async def test_a_detail_that_is_not_is_described_in_the_things_own_scope(whole: Thing | None, size: int | None) -> None:
    """Where the thing is gone meanwhile there is none."""
    asked: Asked = []
    assert await shows_of(Thing("a"), "size", asked, whole) == {"size": size}
    assert asked == [("with_detail", "view of a", ["a"], ())]
    request: Any = SimpleNamespace(batcher=Batching(asked, whole))
    detail = await load_detail(request, Viewed(Thing("a"), view_of(Thing("a"))))
    assert (None if detail is None else detail.size) == size
    assert (await load_detail(request, Viewed(Thing("b", 1), view_of(Thing("b"))))).size == 1
    assert len(asked) == 2


async def test_a_relation_is_asked_in_the_scope_or_of_the_request() -> None:
    asked: Asked = []
    result = await shows_of(Thing("a"), "relatives own", asked)
    assert result == {"relatives": "a of view of a", "own": "a of the request"}


async def test_a_page_has_checked_arguments() -> None:
    """Ten where nothing is said; what is no page fails the field, and asks nobody."""
    asked: Asked = []
    assert await shows_of(Thing("a"), "page", asked) == {"page": f"a of view of a, {PageArguments(10, None, NO_NEEDS)}"}
    await shows_of(Thing("a"), 'page(first: 100, after: "c")', asked)
    assert [arguments for *_, arguments in asked] == [
        (PageArguments(10, None, NO_NEEDS),),
        (PageArguments(100, "c", NO_NEEDS),),
    ]
    for first in (0, -1, 101):
        failed = await ask(Thing("a"), f"... on Thing {{ page(first: {first}) }}", asked)
        assert [type(error.original_error) for error in failed.errors or ()] == [BadInputError]
    assert len(asked) == 2


def test_the_most_of_a_page_is_the_settings() -> None:
    request: Any = SimpleNamespace(limits=LimitSettings.model_validate({"pageSize": 3}))
    assert page_arguments(request, 3, None, 2) == PageArguments(3, None)
    assert page_arguments(request, None, "c", 2) == PageArguments(2, "c")
    with pytest.raises(BadInputError):
        page_arguments(request, 4, None, 2)


@pytest.mark.parametrize(("value", "name"), [(Thing("a"), "Thing"), (Other("a"), "Thing"), (Other("a"), "Other")])
def test_a_value_finds_its_type(value: Thing, name: str) -> None:
    shape: Any = ThingType if name == "Thing" else OtherType
    for candidate in (value, Viewed(value, view_of(value))):
        assert shape.__strawberry_definition__.is_type_of(candidate, None)
    assert not OtherType.__strawberry_definition__.is_type_of(Thing("a"), None)  # type: ignore[attr-defined]  # See `represents`.


@strawberry.type
class Done:
    """What the mutation answers with."""

    words: str


async def body(_act: MutationContext, _given: Any) -> Any:
    """Does nothing; `perform` stands in for it here."""


FIELD = guarded_mutation("doIt", body, SyncRegistrationInput, RegistrationResult, Permission.IMPORT, "Does something")


@pytest.fixture
def performed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was performed, which answers with a word."""
    asked: list[tuple[Any, ...]] = []

    async def perform(context: MutationContext, *more: Any) -> Done:
        asked.append((context, *more))
        return Done(words="done")

    monkeypatch.setattr(fields, "run_audited", perform)
    return asked


@strawberry.type
class Query:
    """There must be one."""

    there: bool = True


@strawberry.type
class Mutation:
    """The root."""

    do_it: Done = FIELD


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation)


def test_what_it_takes_is_told_and_kept() -> None:
    assert FIELD.description == "Does something; needs IMPORT"
    assert FIELD.metadata["guard"] is Permission.IMPORT


def test_it_has_one_input_that_must_be_given() -> None:
    assert 'doIt(\n    """The change to make"""\n    input: SyncRegistrationInput!\n  ): Done!' in SCHEMA.as_str()


async def test_the_body_is_given_the_inputs_value(performed: list[tuple[Any, ...]]) -> None:
    request = SimpleNamespace()
    execution_result = await SCHEMA.execute('mutation { doIt(input: {id: "r"}) { words } }', context_value=request)
    assert (execution_result.errors, execution_result.data) == (None, {"doIt": {"words": "done"}})
    ((context, *more),) = performed
    assert (context.request, context.action, context.permission) == (request, "doIt", Permission.IMPORT)
    assert more == [body, "r", RegistrationResult]
    assert (context.group, context.role_arn, context.target, context.hidden_refusal) == (None, None, None, False)


async def test_without_an_input_nothing_is_performed(performed: list[tuple[Any, ...]]) -> None:
    execution_result = await SCHEMA.execute("mutation { doIt { words } }", context_value=SimpleNamespace())
    assert execution_result.errors is not None
    assert performed == []
