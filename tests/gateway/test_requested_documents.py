"""Documents by id over HTTP: trusted ones run, others are told as clients expect it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.observability.documents import DocumentNames
from tests.gateway_client import GatewayClient, OpenGateway, identity_headers

ME = "query Me { me { subject } }"
DIGEST = hashlib.sha256(ME.encode()).hexdigest()
UNKNOWN = "e" * 64


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A manifest with one document."""
    (tmp_path / "manifest.json").write_text(json.dumps({"me-1": ME}))
    return str(tmp_path / "manifest.json")


async def post(gateway: GatewayClient, user: str | None = "ann", **body: Any) -> tuple[int, Any]:
    """Post a body, and give the status and what came back: data, or the codes and messages."""
    response = await gateway.http.post("/graphql", json=body, headers=identity_headers(user, ["risk"]))
    answer = response.json()
    if "errors" in answer:
        return response.status_code, [(error["extensions"]["code"], error["message"]) for error in answer["errors"]]
    return response.status_code, answer["data"]


def hashed(digest: str) -> dict[str, Any]:
    """The extensions of Apollo's link."""
    return {"persistedQuery": {"version": 1, "sha256Hash": digest}}


@pytest.mark.parametrize(
    "named",
    [
        {"documentId": "me-1"},
        {"documentId": DIGEST},
        {"documentId": f"sha256:{DIGEST}"},
        {"extensions": hashed(DIGEST)},
        {"extensions": hashed("me-1")},
        {"documentId": "me-1", "query": ""},
        {"query": ME},
        # A client's own print of the document, beside the hash that the compiler has given it.
        {"query": "query Me {\n  me {\n    subject\n  }\n}", "extensions": hashed("me-1")},
    ],
)
@pytest.mark.parametrize("mode", ["allow", "only"])
async def test_a_trusted_document_runs_by_id_and_by_text(
    open_gateway: OpenGateway, path: str, named: dict[str, Any], mode: str
) -> None:
    async with open_gateway(documents={"mode": mode, "path": path}) as gateway:
        assert await post(gateway, **named, operationName="Me") == (200, {"me": {"subject": "ann"}})


async def test_an_unknown_hash_makes_a_link_send_the_query(open_gateway: OpenGateway, gateway: GatewayClient) -> None:
    """What Apollo's and urql's links look for; an answer NOT_FOUND would make them register the query in vain."""
    text = (200, [("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")])
    assert await post(gateway, extensions=hashed(UNKNOWN), operationName="Me") == text
    assert await post(gateway, query=ME, extensions=hashed(DIGEST)) == (200, {"me": {"subject": "ann"}})


async def test_the_newer_media_type_refuses_with_400(gateway: GatewayClient) -> None:
    headers = {"Accept": "application/graphql-response+json"}
    response = await gateway.http.post("/graphql", json={"extensions": hashed(UNKNOWN)}, headers=headers)
    assert response.status_code == 400
    assert "data" not in response.json()


async def test_an_unknown_document_id_is_not_found(open_gateway: OpenGateway, path: str) -> None:
    async with open_gateway(documents={"mode": "allow", "path": path}) as gateway:
        status, ((code, _),) = await post(gateway, documentId="x" * 5000)
    assert (status, code) == (200, "NOT_FOUND")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"documentId": 7},
        {"extensions": {"persistedQuery": "abc"}},
        {"extensions": {"persistedQuery": {"sha256Hash": 7}}},
    ],
)
async def test_neither_query_nor_id(gateway: GatewayClient, wrong: dict[str, Any]) -> None:
    status, ((code, _),) = await post(gateway, **wrong)
    assert (status, code) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize("user", ["ann", None])
@pytest.mark.parametrize("query", ["{ me { subject } }", f"{ME} ", "{ __schema { queryType { name } } }"])
async def test_no_other_document_runs_where_only_trusted_ones_do(
    open_gateway: OpenGateway, path: str, query: str, user: str | None
) -> None:
    async with open_gateway(documents={"mode": "only", "path": path}) as gateway:
        for extensions in ({}, hashed(UNKNOWN)):
            status, ((code, _),) = await post(gateway, user, query=query, extensions=extensions)
            assert (status, code) == (200, "FORBIDDEN")


async def test_a_trusted_document_may_be_long_but_not_costly(open_gateway: OpenGateway, tmp_path: Path) -> None:
    many = " ".join(f"a{n}: me {{ subject }}" for n in range(40))
    (tmp_path / "many.graphql").write_text(f"{{ {many} }}")
    (tmp_path / "costly.graphql").write_text(
        "{ models(first: 100) { nodes { snapshots(first: 100) { nodes { name } } } } }"
    )
    limits = {"aliases": 2, "depth": 1, "tokens": 20, "cost": 1000}
    async with open_gateway(documents={"mode": "allow", "path": str(tmp_path)}, limits=limits) as gateway:
        status, data = await post(gateway, documentId="many")
        assert (status, len(data)) == (200, 40)
        assert (await post(gateway, documentId="costly"))[1][0][0] == "LIMIT_EXCEEDED"
        assert (await post(gateway, query=f"{{ {many} {many} }}"))[1][0][0] == "LIMIT_EXCEEDED"


async def test_a_document_needs_the_same_permissions(open_gateway: OpenGateway, tmp_path: Path) -> None:
    (tmp_path / "models.graphql").write_text("{ models(first: 1) { nodes { name } } }")
    async with open_gateway(documents={"mode": "only", "path": str(tmp_path)}, permissions=[]) as gateway:
        assert (await post(gateway, documentId="models"))[1][0][0] == "FORBIDDEN"
        assert (await post(gateway, None, documentId="models"))[1][0][0] == "UNAUTHENTICATED"


async def test_the_log_has_the_id(open_gateway: OpenGateway, path: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "sagegraph.requests")
    async with open_gateway(documents={"mode": "allow", "path": path}) as gateway:
        await post(gateway, documentId=DIGEST)
        await post(gateway, query="{ me { subject } }")
    named = DocumentNames().name("{ me { subject } }")
    assert [record.__dict__["document"] for record in caplog.records if record.message == "request"] == ["me-1", named]


async def test_a_get_names_a_document(open_gateway: OpenGateway, path: str) -> None:
    async with open_gateway(documents={"mode": "only", "path": path}, server={"getQueries": True}) as gateway:
        response = await gateway.http.get(
            "/graphql", params={"extensions": json.dumps(hashed(DIGEST))}, headers=identity_headers("ann", ["risk"])
        )
        assert response.json()["data"] == {"me": {"subject": "ann"}}
        response = await gateway.http.get("/graphql", params={"documentId": "me-1"}, headers=identity_headers("ann"))
        assert response.json()["data"] == {"me": {"subject": "ann"}}
