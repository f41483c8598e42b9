"""gateway.commands.database_check: why a database cannot be worked with, and what helps."""

import pytest

from gateway.commands.database_check import database_fault, explain_registry_error
from gateway.settings.settings import Settings
from registry.errors import RegistryError, RegistryUnavailableError
from registry.schema_versions import upgrade
from tests.databases import on_both_databases
from tests.gateway_client import load_test_settings

MIGRATE = "run `python -m gateway migrate --config FILE` first."


def of(url: str) -> Settings:
    return load_test_settings("http://127.0.0.1:9", database={"url": url})


@on_both_databases
async def test_one_that_is_ready(database_url: str) -> None:
    assert await database_fault(of(database_url)) is None


async def test_one_without_tables(empty_url: str) -> None:
    text = await database_fault(of(empty_url))
    assert text is not None
    assert text.endswith(f"has no tables yet; {MIGRATE}")


async def test_one_without_the_tables_of_durable_work(empty_url: str) -> None:
    await upgrade(empty_url)
    text = await database_fault(of(empty_url))
    assert text == f"The tables of durable work are missing, or of an earlier version; {MIGRATE}"


async def test_one_that_is_away_is_told_without_its_password() -> None:
    url = "postgresql+psycopg://me:what-nobody-should-see@127.0.0.1:1/x"
    text = await database_fault(of(url))
    assert text is not None
    assert text.startswith("The registry (PostgreSQL) does not answer: ")
    assert text.endswith(" See that the database runs, or correct `database`.")
    assert not any(part in text for part in ("what-nobody-should-see", "127.0.0.1", "me:"))


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (RegistryUnavailableError("It is away."), "It is away. See that the database runs, or correct `database`."),
        (RegistryError("It is behind."), "It is behind."),
    ],
)
def test_a_remedy_in_the_words_of_the_settings(error: RegistryError, text: str) -> None:
    assert explain_registry_error(error) == text
