"""gateway.settings.json_schema: takes what the loader takes, marks what it refuses, and is kept in deploy/."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from gateway.settings.json_schema import settings_schema
from gateway.settings.model import all_keys
from gateway.settings.settings import Settings

ROOT = Path(__file__).parents[3]
SCHEMA = settings_schema()


def faults(text: str) -> list[str]:
    """The keys at which an editor would mark a file."""
    errors = Draft7Validator(SCHEMA).iter_errors(yaml.safe_load(text))
    return [".".join(str(step) for step in error.absolute_path) for error in errors]


def keys(schema: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Each key with its schema, as `all_keys` names them."""
    for part in parts(schema):
        for key, inside in part.get("properties", {}).items():
            yield above + key, inside
            listed = [one["items"] for one in parts(inside) if "items" in one]
            for one in listed or [inside]:
                yield from keys(one, f"{above}{key}{'[]' if listed else ''}.")


def parts(schema: Any) -> list[Any]:
    """A schema and its alternatives."""
    return [schema, *(part for one in schema.get("anyOf", ()) for part in parts(one))]


def test_it_is_a_schema_and_the_kept_one_is_current() -> None:
    Draft7Validator.check_schema(SCHEMA)
    kept = json.loads((ROOT / "deploy" / "settings.schema.json").read_text(encoding="utf-8"))
    assert kept == SCHEMA, "run: make schema"


def test_every_key_is_there_and_described() -> None:
    known = dict(keys(SCHEMA))
    assert {key for key, _ in all_keys(Settings)} == known.keys() - {"prices.currency"}
    assert [key for key, schema in known.items() if "description" not in schema and key != "prices.currency"] == []


def test_the_example_and_what_the_loader_takes_are_valid() -> None:
    assert faults((ROOT / "deploy" / "sagegraph.example.yaml").read_text(encoding="utf-8")) == []
    assert faults("{server: {port: '${PORT}', compression: off}, sagemaker: {memory: 512MiB}, permissions: []}") == []
    assert faults("server: {port: '8080', keepAliveSeconds: 7.5}\nidentity: {mode: '${MODE}'}") == []
    assert faults("permissions: [{group: 0123, allow: [READ]}]") == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("limits: {dept: 3}", "limits"),
        ("server: {port: many}", "server.port"),
        ("server: {compression: perhaps}", "server.compression"),
        ("identity: {mode: saml}", "identity.mode"),
        ("permissions: [{group: risk, allow: [REED]}]", "permissions.0.allow.0"),
        ("permissions: [{group: risk}]", "permissions.0"),
        ("permissions: {group: risk}", "permissions"),
        ("prices: {ml.m5.large: [1]}", "prices.ml.m5.large"),
        ("jira:", "jira"),
    ],
)
def test_what_the_loader_refuses_is_marked(text: str, place: str) -> None:
    assert faults(text) == [place]
