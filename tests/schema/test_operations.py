"""schema.operations: of a document of several operations one must be meant."""

import pytest

from sandbox.server import Sandbox
from tests.asking import GatewayClient, identity_headers

TWO = "query A { me { subject } } query B { a: me { subject } }"
MESSAGE = "`operationName` must say which of the document's operations is meant."


async def test_several_and_none_is_meant(gateway: GatewayClient, sandbox: Sandbox) -> None:
    answer = await gateway.ask(TWO)
    assert (answer.error["message"], answer.codes) == (MESSAGE, ["BAD_USER_INPUT"])
    assert "data" not in answer.body


@pytest.mark.parametrize(("name", "data"), [("A", {"me": {"subject": "ann"}}), ("B", {"a": {"subject": "ann"}})])
async def test_several_and_one_is_meant(gateway: GatewayClient, name: str, data: object) -> None:
    response = await gateway.http.post(
        "/graphql", json={"query": TWO, "operationName": name}, headers=identity_headers("ann", ["risk"])
    )
    assert response.json()["data"] == data


async def test_fragments_are_no_operations(gateway: GatewayClient) -> None:
    answer = await gateway.ask("query A { me { ...Who } } fragment Who on Caller { subject }")
    assert answer.data == {"me": {"subject": "ann"}}


async def test_what_is_not_valid_is_told_instead(gateway: GatewayClient) -> None:
    answer = await gateway.ask(TWO.replace("subject", "subjekt"))
    assert MESSAGE not in [error["message"] for error in answer.errors]
