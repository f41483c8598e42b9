"""gateway.http_errors: what never gets as far as GraphQL is answered as GraphQL would, and kept by nobody."""

import json

from gateway.http_errors import error_response
from tests.gateway_client import GatewayClient


def test_an_answer_with_one_error_and_no_data() -> None:
    answer = error_response(401, "No.", "UNAUTHENTICATED", "request-1", {"WWW-Authenticate": "Bearer"})
    assert answer.status_code == 401
    assert json.loads(bytes(answer.body)) == {
        "errors": [{"message": "No.", "extensions": {"code": "UNAUTHENTICATED", "requestId": "request-1"}}]
    }
    assert {
        name: answer.headers[name]
        for name in ("cache-control", "www-authenticate", "content-type", "x-content-type-options")
    } == {
        "cache-control": "no-store",
        "www-authenticate": "Bearer",
        "content-type": "application/json",
        "x-content-type-options": "nosniff",
    }


def test_before_there_is_an_id() -> None:
    answer = error_response(503, "No.", "UPSTREAM_UNAVAILABLE", None)
    assert json.loads(bytes(answer.body))["errors"][0]["extensions"] == {
        "code": "UPSTREAM_UNAVAILABLE",
        "requestId": None,
    }
    assert answer.headers["cache-control"] == "no-store"


async def test_a_client_that_takes_the_newer_media_type_alone_gets_it(gateway: GatewayClient) -> None:
    headers = {"Accept": "application/graphql-response+json", "Content-Type": "text/plain"}
    response = await gateway.http.post("/graphql", content="{}", headers=headers)
    assert response.status_code == 415
    assert response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
