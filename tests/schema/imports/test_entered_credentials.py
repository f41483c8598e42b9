"""Entered credentials in a document are refused when it is validated, and not repeated; as variables they are taken."""

import json
from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.gateway_client import OpenGateway
from tests.imports import IMPORT_SETTINGS

SECRET = "SecretThatStandsInADocument/0123456789abc"
ID = "AKIASTANDSINADOCUMENT"
LITERAL = f'{{accessKeyId: "{ID}", secretAccessKey: "{SECRET}"}}'
IMPORT = 'importModel(input: {{modelName: "m", credentials: {credentials}}}) {{ userErrors {{ code }} }}'
INPUT = f'{{modelName: "m", credentials: {LITERAL}}}'
PAYLOAD = "{ userErrors { code } }"

REFUSED = {
    "a literal": f"mutation {{ {IMPORT.format(credentials=LITERAL)} }}",
    "a literal part": (
        'mutation($s: String!) { importModel(input: {modelName: "m", credentials: '
        f'{{accessKeyId: "{ID}", secretAccessKey: $s}}}}) {PAYLOAD} }}'
    ),
    "a default": f"mutation($c: EnteredCredentialsInput = {LITERAL}) {{ {IMPORT.format(credentials='$c')} }}",
    "a default of the whole input": f"mutation($i: ImportModelInput! = {INPUT}) {{ importModel(input: $i) {PAYLOAD} }}",
    "a default of a part": (
        f'mutation($s: String! = "{SECRET}") {{ importModel(input: {{modelName: "m", credentials: '
        f"{{accessKeyId: $s, secretAccessKey: $s}}}}) {PAYLOAD} }}"
    ),
    "in a fragment": f"mutation {{ ...f }} fragment f on Mutation {{ {IMPORT.format(credentials=LITERAL)} }}",
    "in an inline fragment": f"mutation {{ ... on Mutation {{ {IMPORT.format(credentials=LITERAL)} }} }}",
    "in what is skipped": f"mutation {{ __typename ... @skip(if: true) {{ {IMPORT.format(credentials=LITERAL)} }} }}",
    "in another operation": (f"mutation a {{ __typename }} mutation b {{ {IMPORT.format(credentials=LITERAL)} }}"),
    "in a default that nobody uses": (f"mutation($c: EnteredCredentialsInput = {LITERAL}) {{ __typename }}"),
}


@pytest.mark.parametrize("introspection", [True, False])
async def test_a_secret_in_the_document(
    sandbox: Sandbox, open_gateway: OpenGateway, caplog: pytest.LogCaptureFixture, *, introspection: bool
) -> None:
    enabled: dict[str, Any] = {"enterCredentials": {"enabled": True}, "introspection": introspection}
    async with open_gateway(**IMPORT_SETTINGS, **enabled) as gateway:
        for case, query in (*REFUSED.items(), *REFUSED.items()):
            answer = await gateway.ask(query, {"s": "a"} if "$s: String!)" in query else None)
            assert set(answer.codes) == {"BAD_USER_INPUT"}, case
            assert "data" not in answer.body, case
            assert not {part for part in (SECRET, ID) if part in json.dumps(answer.body)}, case
            assert (SECRET in caplog.text, sandbox.calls.count()) == (False, 0), case


TAKEN = {
    "whole": (f"mutation($c: EnteredCredentialsInput) {{ {IMPORT.format(credentials='$c')} }}", "c"),
    "in parts": (
        'mutation($k: String!, $s: String!) { importModel(input: {modelName: "m", credentials: '
        "{accessKeyId: $k, secretAccessKey: $s}}) { userErrors { code } } }",
        "k",
    ),
    "with the region written out": (
        'mutation($k: String!, $s: String!) { importModel(input: {modelName: "m", credentials: '
        '{accessKeyId: $k, secretAccessKey: $s, region: "eu-west-1"}}) { userErrors { code } } }',
        "k",
    ),
}


@pytest.mark.parametrize("case", TAKEN)
async def test_secrets_as_variables(sandbox: Sandbox, open_gateway: OpenGateway, case: str) -> None:
    """The document is taken; the gateway's settings say that they are not."""
    query, form = TAKEN[case]
    keys = {"accessKeyId": ID, "secretAccessKey": SECRET}
    variables = {"c": keys} if form == "c" else {"k": ID, "s": SECRET}
    async with open_gateway(**IMPORT_SETTINGS) as gateway:
        answer = await gateway.ask(query, variables)
    assert answer.data == {"importModel": {"userErrors": [{"code": "DISABLED"}]}}


async def test_null_is_no_secret(sandbox: Sandbox, open_gateway: OpenGateway) -> None:
    """Nobody enters anything with it."""
    query = f"mutation {{ {IMPORT.format(credentials='null')} }}"
    async with open_gateway(**IMPORT_SETTINGS) as gateway:
        answer = await gateway.ask(query)
    assert answer.data == {"importModel": {"userErrors": [{"code": "NOT_FOUND"}]}}
