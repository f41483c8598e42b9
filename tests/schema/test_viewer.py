"""schema.viewer: what a front end reads before anyone has logged in, over HTTP as it is served."""

import asyncio
from typing import Any

import httpx
import pytest

from gateway.app import create_app
from gateway.settings.settings import Settings, from_mapping
from gateway.version import VERSION
from schema.viewer import PublicSettings
from tests.gateway_client import fresh_database
from tests.schema.single_field_schema import data_of

EVERYTHING = "{ enterCredentials approval requiredAssets createDefaultSnapshot maxUploadBytes version }"


async def test_the_settings_are_shown() -> None:
    settings = from_mapping(
        {
            "enterCredentials": {"enabled": True},
            "deployments": {"approval": "jira", "requiredAssets": ["SCHEMA", "TEST_DATA"]},
            "jira": JIRA,
            "imports": {"createDefaultSnapshot": False},
            "assets": {"maxUploadBytes": 5_000_000_000},
        }
    )
    assert await data_of(PublicSettings, settings, EVERYTHING) == {
        "enterCredentials": True,
        "approval": "JIRA",
        "requiredAssets": ["SCHEMA", "TEST_DATA"],
        "createDefaultSnapshot": False,
        "maxUploadBytes": 5_000_000_000,
        "version": VERSION,
    }


JIRA = {"url": "https://jira.example.com", "user": "sagegraph", "token": "t", "project": "MLOPS"}
DEFAULTS = {
    "enterCredentials": False,
    "approval": "BUILTIN",
    "requiredAssets": ["DOCUMENTATION", "SCHEMA", "TRAINING_DATA", "TEST_RESULT_COMPARATOR"],
    "createDefaultSnapshot": True,
    "maxUploadBytes": 104_857_600,
    "version": VERSION,
}


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ({}, {}),
        ({"enterCredentials": {"enabled": True}}, {"enterCredentials": True}),
        ({"deployments": {"approval": "jira"}, "jira": JIRA}, {"approval": "JIRA"}),
        ({"deployments": {"requiredAssets": []}}, {"requiredAssets": []}),
        ({"imports": {"createDefaultSnapshot": False}}, {"createDefaultSnapshot": False}),
        ({"assets": {"maxUploadBytes": 2**40}}, {"maxUploadBytes": 2**40}),
    ],
)
async def test_an_anonymous_caller_reads_them(written: dict[str, Any], changed: dict[str, Any]) -> None:
    answer = await asked(from_mapping({"database": {"url": fresh_database()}, **written}))
    assert answer["data"] == {"me": None, "settings": {**DEFAULTS, **changed}}
    assert "errors" not in answer
    assert answer["extensions"]["aws"]["calls"] == {}


async def asked(settings: Settings) -> Any:
    """The answer of a gateway with these settings to somebody without any identity."""
    app = create_app(settings)
    async with asyncio.timeout(20), app.router.lifespan_context(app) as state:
        assert state is not None
        transport = httpx.ASGITransport(app=with_state(app, dict(state)), client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            response = await client.post("/graphql", json={"query": f"{{ me {{ subject }} settings {EVERYTHING} }}"})
    assert response.status_code == 200
    return response.json()


def with_state(app: Any, state: dict[str, Any]) -> Any:
    """The application as a server calls it: with what the lifespan has left."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "state": state}, receive, send)

    return serve
