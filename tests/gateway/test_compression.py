"""gateway.compression: what is compressed, for whom, and what never is."""

import gzip

import pytest

from sandbox.estate import Estate
from tests.gateway_client import OpenGateway, identity_headers

RESPONSE = "application/graphql-response+json"
MODELS = "{ models(first: 20) { nodes { name arn creationTime containers { environment { key value } } } } }"
KEYS = MODELS.replace("key value", "key")
SEES = [{"group": "*", "allow": ["READ", "SEE_SECRETS"]}]


async def encoding_of(open_gateway: OpenGateway, query: str, accept: str, **blocks: object) -> str | None:
    """The Content-Encoding of the answer to a query."""
    async with open_gateway(**blocks) as gateway:
        headers = {**identity_headers("ann", ["risk"]), "Accept-Encoding": accept, "Accept": RESPONSE}
        async with gateway.http.stream("POST", "/graphql", json={"query": query}, headers=headers) as response:
            raw = b"".join([part async for part in response.aiter_raw()])
            assert response.headers["content-type"].startswith(RESPONSE)
            encoding: str | None = response.headers.get("content-encoding")
    if encoding == "gzip":
        assert b'"models"' in gzip.decompress(raw)
    elif encoding is None:
        assert b'"models"' in raw
    return encoding


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("gzip;q=0", None),
        ("identity", None),
    ],
)
async def test_the_best_that_the_client_takes(
    open_gateway: OpenGateway, estate: Estate, accept: str, encoding: str | None
) -> None:
    assert await encoding_of(open_gateway, MODELS, accept) == encoding


async def test_an_answer_with_secret_values_stays_as_it_is(open_gateway: OpenGateway, estate: Estate) -> None:
    assert await encoding_of(open_gateway, MODELS, "gzip", permissions=SEES) is None


async def test_a_caller_who_may_see_secrets_and_asks_for_none_is_answered_compressed(
    open_gateway: OpenGateway, estate: Estate
) -> None:
    without = "{ models(first: 20) { nodes { name arn creationTime executionRoleArn } } }"
    assert await encoding_of(open_gateway, without, "gzip", permissions=SEES) == "gzip"


async def test_compression_can_be_off(open_gateway: OpenGateway, estate: Estate) -> None:
    assert await encoding_of(open_gateway, MODELS, "gzip", server={"compression": False}) is None
