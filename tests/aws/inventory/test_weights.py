"""aws.inventory.weights: the bytes of what is known, and of an inventory as it learns and forgets."""

import sys
from enum import Enum

from aws.inventory.inventory import Inventory
from aws.inventory.weights import ENTRY_BYTES, weigh, weigh_alike, weigh_rows
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.describe_cache_harness import model
from tests.aws.sandbox_account import NOON, make_models, reader_of


class Word(Enum):
    """A word that every holder shares."""

    ONE = "one"


def test_a_value_weighs_what_it_holds() -> None:
    assert weigh("a" * 1000) == sys.getsizeof("") + 1000
    assert weigh(("a", NOON)) == sys.getsizeof((1, 2)) + sys.getsizeof("a") + sys.getsizeof(NOON)
    assert (weigh(None), weigh(Word.ONE), weigh(True)) == (0, 0, 0)
    assert weigh(model("a" * 50)) - weigh(model("a")) >= 49


def test_values_of_one_size_are_weighed_by_the_first() -> None:
    assert weigh_alike({}) == 0
    assert weigh_alike({"a": "x", "b": "y"}) == 2 * (weigh("x") + ENTRY_BYTES)


def test_rows_are_weighed_by_the_first() -> None:
    assert weigh_rows([]) == 0
    assert weigh_rows(["x", "y"]) == 2 * weigh("x")


async def test_an_inventory_weighs_more_as_it_learns_and_nothing_once_it_has_forgotten(
    still: Sandbox, inventory: Inventory
) -> None:
    assert inventory.bytes == 0
    make_models(still, *"abcdefgh")
    await reader_of(inventory).listing(Kind.MODEL).ensure(1)
    listed = inventory.bytes
    await reader_of(inventory).scan(Kind.MODEL)
    described = inventory.bytes
    assert 0 < 2 * listed < described
    # What is described again takes the place of what it was.
    await reader_of(inventory, max_age=0).scan(Kind.MODEL)
    assert inventory.bytes == described
    reader_of(inventory).projection("a selection").keep(["a model"], [{"name": "a"}], 1)
    assert inventory.bytes > described
    inventory.forget(Kind.MODEL)
    assert inventory.bytes == 0
    assert reader_of(inventory).projection("a selection").of(["a model"]) is None
