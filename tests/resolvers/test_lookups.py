"""resolvers.lookups: single things by name, and lists of names, where a part is gone or refused."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, AWSError
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from resolvers.errors import BadInputError
from resolvers.lookups import (
    checked_name,
    describe_by_name,
    model_lists,
    models_named,
    resource_or_raise,
    snapshots_named,
)
from resolvers.views.resource_view import Viewed
from tests.schema.snapshot_row import READ_AT, SNAPSHOT_ROW

MODEL = Model(
    scope="scope",
    name="churn",
    arn="arn:aws:sagemaker:us-east-2:111111111111:model/churn",
    account_id="111111111111",
    region="us-east-2",
    creation_time=READ_AT,
    as_of=READ_AT,
)
REFUSED = AccessDeniedError("No.", operation="DescribeModel")


class Known:
    """An inventory that knows some things, and keeps what it is asked for."""

    def __init__(self, **known: Any) -> None:
        self.known = known
        self.asked: list[tuple[Kind, list[str]]] = []

    async def describe(self, kind: Kind, names: list[str]) -> Mapping[str, Any]:
        self.asked.append((kind, list(names)))
        return {name: self.known.get(name) for name in names}


def view(inventory: Known) -> Any:
    made = SimpleNamespace(inventory=inventory)
    made.view_of = lambda _resource: made
    return made


def values(viewed: Any) -> Any:
    """The resources without their views."""
    if isinstance(viewed, list):
        return [values(part) for part in viewed]
    return viewed.value if isinstance(viewed, Viewed) else viewed


@pytest.mark.parametrize("name", ["a", "A-1", "a" * 63])
def test_a_name_that_something_can_have(name: str) -> None:
    assert checked_name(Kind.MODEL, name) == name


LINE_END, SHOWN = "\n", "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("name", ["", "-a", "a-", "a_b", "a b", "é", "a" * 64, "a\n"])
async def test_a_name_that_nothing_can_have_is_not_asked_for(name: str) -> None:
    inventory = Known()
    with pytest.raises(BadInputError) as caught:
        await describe_by_name(view(inventory), Kind.RUNTIME, name)
    assert str(caught.value).startswith(f"`{name.replace(LINE_END, SHOWN)}` is not a valid name of any endpoint: ")
    assert inventory.asked == []


def test_what_can_be_read() -> None:
    assert (resource_or_raise(MODEL), resource_or_raise(None)) == (MODEL, None)
    with pytest.raises(AccessDeniedError) as caught:
        resource_or_raise(REFUSED)
    assert caught.value is REFUSED


async def test_models_by_name() -> None:
    """For no name nobody is asked; a thing of another sort under the name is no model."""
    inventory = Known(there=MODEL, refused=REFUSED, other=SNAPSHOT_ROW)
    viewed = await models_named(view(inventory), ["there", None, "gone", "refused", "", "other"])
    assert values(viewed) == [MODEL, None, None, REFUSED, None, None]
    assert inventory.asked == [(Kind.MODEL, ["there", "gone", "refused", "other"])]


async def test_snapshots_by_name() -> None:
    inventory = Known(there=SNAPSHOT_ROW)
    assert values(await snapshots_named(view(inventory), [None, "there"])) == [None, SNAPSHOT_ROW]
    assert inventory.asked == [(Kind.SNAPSHOT, ["there"])]


async def test_lists_of_names_are_asked_for_at_once_and_each_name_once() -> None:
    inventory = Known(a=MODEL, b=REFUSED)
    viewed = await model_lists(view(inventory), [["a", "b"], None, [], ["b", "gone", "a", "a"]])
    both: list[AWSError | Any] = [MODEL, REFUSED]
    assert values(viewed) == [both, None, [], [REFUSED, None, MODEL, MODEL]]
    assert inventory.asked == [(Kind.MODEL, ["a", "b", "gone"])]
