"""clients/: what is committed is what the generators make of the schema, and the compiler takes it."""

import pytest

from clients.generate import behind, check_types

pytestmark = pytest.mark.slow


def test_the_committed_clients_are_those_of_the_schema() -> None:
    assert behind() == [], "run: make clients"


def test_the_compiler_takes_the_typescript_client() -> None:
    check_types()
