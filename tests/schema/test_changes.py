"""schema.changes: one form for every mutation: its input, its guard, its action, and what its body is given."""

from types import SimpleNamespace
from typing import Any

import pytest
import strawberry

from auth.permissions import Permission
from resolvers.acts import MutationContext
from resolvers.registrations import RegistrationResult
from schema import changes
from schema.changes import guarded_mutation
from schema.registration_inputs import SyncRegistrationInput


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

    async def perform(act: MutationContext, *more: Any) -> Done:
        asked.append((act, *more))
        return Done(words="done")

    monkeypatch.setattr(changes, "perform", perform)
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
    assert FIELD.description == "Does something; takes IMPORT"
    assert FIELD.metadata["guard"] is Permission.IMPORT


def test_it_has_one_input_that_must_be_given() -> None:
    assert 'doIt(\n    """What is to be done"""\n    input: SyncRegistrationInput!\n  ): Done!' in SCHEMA.as_str()


async def test_the_body_is_given_the_inputs_value(performed: list[tuple[Any, ...]]) -> None:
    request = SimpleNamespace()
    found = await SCHEMA.execute('mutation { doIt(input: {id: "r"}) { words } }', context_value=request)
    assert (found.errors, found.data) == (None, {"doIt": {"words": "done"}})
    ((act, *more),) = performed
    assert (act.request, act.action, act.permission) == (request, "doIt", Permission.IMPORT)
    assert more == [body, "r", RegistrationResult]
    assert (act.group, act.role_arn, act.target, act.refused) == (None, None, None, False)


async def test_without_an_input_nothing_is_performed(performed: list[tuple[Any, ...]]) -> None:
    found = await SCHEMA.execute("mutation { doIt { words } }", context_value=SimpleNamespace())
    assert found.errors is not None
    assert performed == []
