"""BASIC."""

from auth.credentials.keys import Keys
from auth.credentials.stored_keys import StoredKeysStrategy
from tests.auth.estate import SECRET, stored


async def test_the_keys_are_everyones_and_do_not_expire() -> None:
    strategy = StoredKeysStrategy(stored())
    assert await strategy.fetch("alice") == Keys("AKIASCIENCE", SECRET)
    assert await strategy.fetch("bo") == Keys("AKIASCIENCE", SECRET)
