"""Entered credentials that are wrong: it is told without what was given, and nothing is kept."""

import logging
from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.entered_credentials import (
    ENTERED_CREDENTIALS_SETTINGS,
    GATEWAY_CREDENTIALS_ONLY,
    KEYS,
    MODEL,
    SECRET,
    contains_secret,
    person,
)
from tests.gateway_client import OpenGateway
from tests.imports import IMPORT, ask_import, audit_events, dump_tables

__all__ = ["person"]


def wrong(**changed: str) -> dict[str, str]:
    return {**KEYS, **changed}


WRONG: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "another secret": (
        {"credentials": wrong(secretAccessKey="NotTheSecretOfTheseKeys/0123456789012345")},
        "INVALID",
        ["credentials"],
    ),
    "unknown keys": ({"credentials": wrong(accessKeyId="AKIANOBODYSKEYS00001")}, "INVALID", ["credentials"]),
    "no key id": ({"credentials": wrong(accessKeyId="short")}, "INVALID", ["credentials", "accessKeyId"]),
    "a secret with a space": (
        {"credentials": wrong(secretAccessKey=f"{SECRET} ")},
        "INVALID",
        ["credentials", "secretAccessKey"],
    ),
    "a token with a line": ({"credentials": wrong(sessionToken="a\nb")}, "INVALID", ["credentials", "sessionToken"]),
    "a region that is none": ({"credentials": wrong(region="x.evil.example/")}, "INVALID", ["credentials", "region"]),
    "another region that is none": ({"credentials": KEYS, "region": "moon"}, "INVALID", ["region"]),
    "a name that is none": ({"credentials": KEYS, "modelName": "not a name"}, "INVALID", ["modelName"]),
    "no such model": ({"credentials": KEYS, "modelName": "nothing"}, "NOT_FOUND", ["modelName"]),
    "metadata that is no object": ({"credentials": KEYS, "customMetadata": [1]}, "INVALID", ["customMetadata"]),
}


async def test_what_is_wrong_with_them(
    person: dict[str, str], open_working: OpenGateway, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told without what was given; nothing is kept but the audit's events."""
    caplog.set_level(logging.DEBUG, "sagegraph")
    secrets = [SECRET, *(value["credentials"]["secretAccessKey"] for value, _, _ in WRONG.values())]
    async with open_working(
        **ENTERED_CREDENTIALS_SETTINGS, **GATEWAY_CREDENTIALS_ONLY, database={"url": sqlite_url}
    ) as gateway:
        for fault, (values, code, field) in WRONG.items():
            answer = await ask_import(gateway, values.get("modelName", MODEL), values)
            (error,) = answer.data["importModel"]["userErrors"]
            assert (error["code"], error["field"]) == (code, field), fault
            whole = dump_tables(sqlite_url)
            assert [table for table in ("registrations", "import_runs", "elements") if whole[table]] == [], fault
            assert not contains_secret(secrets, answer.body, caplog.text, whole), fault
            event, *_ = await audit_events(sqlite_url)
            assert (event.outcome.value, event.detail) == ("FAILED", error["message"]), fault
    assert len(await audit_events(sqlite_url)) == len(WRONG)


COERCION = {
    "a wrong sibling": {**KEYS, "accessKeyId": 5},
    "an unknown sibling": {**KEYS, "extra": True},
    "a missing sibling": {"secretAccessKey": SECRET},
    "the secret in a list": {**KEYS, "secretAccessKey": [SECRET]},
    "a text in their place": SECRET,
}


async def test_what_does_not_even_fit(
    person: dict[str, str],
    sandbox: Sandbox,
    open_gateway: OpenGateway,
    sqlite_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "sagegraph")
    async with open_gateway(**ENTERED_CREDENTIALS_SETTINGS, database={"url": sqlite_url}) as gateway:
        for fault, credentials in COERCION.items():
            answer = await gateway.ask(IMPORT, {"input": {"modelName": MODEL, "credentials": credentials}})
            assert answer.codes == ["BAD_USER_INPUT"], fault
            assert not contains_secret([SECRET], answer.body, caplog.text, dump_tables(sqlite_url)), fault
            assert sandbox.calls.count() == 0, fault
