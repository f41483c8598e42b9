"""gateway.settings.server: models, values and their faults."""

from typing import Any

import pytest

from gateway.settings.settings import from_mapping
from tests.gateway.settings.conftest import FaultsOf


def test_what_is_left_out_has_its_default() -> None:
    settings = from_mapping({})
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8000)
    assert settings.aws.endpoint_url is None
    assert settings.sagemaker.model_dump() == {
        "search": False,
        "fresh_seconds": 5,
        "deletion_seconds": 300,
        "authority_seconds": 900,
        "tag_seconds": 300,
        "warm": (),
        "memory": 512 * 2**20,
        "scopes_per_query": 20,
    }
    assert settings.database.url.get_secret_value() == "sqlite+aiosqlite:///var/sagegraph.db"
    assert settings.limits.model_dump() == {
        "depth": 16,
        "aliases": 15,
        "directives": 50,
        "tokens": 2000,
        "bytes": 100_000,
        "page_size": 100,
        "cost": 20_000,
        "seconds": 30,
        "scan": 20_000,
        "scopes": 200,
        "callers": {"cost_per_minute": None, "concurrent": 20},
    }


def test_what_is_written_counts() -> None:
    settings = from_mapping(
        {
            "server": {"host": "0.0.0.0", "port": "0"},
            "aws": {"endpointUrl": "http://127.0.0.1:4566"},
            "sagemaker": {"search": "off", "freshSeconds": "0.5"},
            "database": {"url": "postgresql+psycopg://user:geheim@host/name"},
            "limits": {"pageSize": "50", "seconds": 2.5},
        }
    )
    assert (settings.server.host, settings.server.port) == ("0.0.0.0", 0)
    assert settings.aws.endpoint_url == "http://127.0.0.1:4566"
    assert (settings.sagemaker.search, settings.sagemaker.fresh_seconds) == (False, 0.5)
    assert settings.database.url.get_secret_value() == "postgresql+psycopg://user:geheim@host/name"
    assert "geheim" not in repr(settings)
    assert (settings.limits.page_size, settings.limits.seconds) == (50, 2.5)


def test_a_password_of_its_own() -> None:
    block = {"url": "postgresql+psycopg://user@host:5433/name", "password": "ge@h/e?m#"}
    settings = from_mapping({"database": block})
    assert settings.database.address() == "postgresql+psycopg://user:ge%40h%2Fe%3Fm%23@host:5433/name"
    assert "ge@h" not in repr(settings)


@pytest.mark.parametrize(
    ("block", "key"),
    [
        ({"url": "postgresql+psycopg://user:ge@heim@host/name"}, "database.url"),
        ({"url": "postgresql+psycopg://user:geheim@host/name", "password": "x"}, "database.password"),
        ({"url": "postgresql+psycopg://host/name?password=geheim", "password": "x"}, "database.password"),
        ({"url": "sqlite+aiosqlite:///a.db", "password": "x"}, "database.password"),
        ({"password": ""}, "database.password"),
    ],
)
def test_a_password_in_the_wrong_place(faults_of: FaultsOf, block: dict[str, str], key: str) -> None:
    faults = faults_of({"database": block})
    assert list(faults) == [key]
    assert "heim" not in faults[key]


def test_an_address_of_aws_may_be_null(faults_of: FaultsOf) -> None:
    assert faults_of({"aws": {"endpointUrl": None}}) == {}


LIMITS = ["depth", "aliases", "directives", "tokens", "bytes", "pageSize", "cost", "seconds", "scan", "scopes"]


@pytest.mark.parametrize("key", LIMITS)
@pytest.mark.parametrize("written", ["0", "-1", "many", None, True])
def test_limits_are_positive(faults_of: FaultsOf, key: str, written: Any) -> None:
    assert list(faults_of({"limits": {key: written}})) == [f"limits.{key}"]


@pytest.mark.parametrize(
    ("block", "key", "written"),
    [
        ("server", "port", "65536"),
        ("server", "port", "-1"),
        ("server", "host", ""),
        ("aws", "endpointUrl", "localhost:4566"),
        ("sagemaker", "search", "yes"),
        ("sagemaker", "freshSeconds", "0"),
        ("sagemaker", "deletionSeconds", "-1"),
        ("sagemaker", "authoritySeconds", "1h"),
        ("sagemaker", "tagSeconds", None),
        ("sagemaker", "memory", "512MB"),
        ("sagemaker", "memory", "1023KiB"),
        ("sagemaker", "memory", True),
        ("limits", "pageSize", "101"),
        ("database", "url", "sqlite:///x"),
        ("database", "url", None),
    ],
)
def test_what_is_wrong_is_named(faults_of: FaultsOf, block: str, key: str, written: Any) -> None:
    assert list(faults_of({block: {key: written}})) == [f"{block}.{key}"]


def test_retention_has_days_of_each_sort() -> None:
    days = from_mapping({"retention": {"auditDays": "30", "workflowsDays": 1}}).retention
    assert (days.audit_days, days.deployments_days, days.import_runs_days, days.workflows_days) == (30, 400, 90, 1)


@pytest.mark.parametrize(("key", "value"), [("auditDays", 29), ("deploymentsDays", 0), ("workflowsDays", 0.5)])
def test_days_that_are_too_few(faults_of: FaultsOf, key: str, value: float) -> None:
    assert list(faults_of({"retention": {key: value}})) == [f"retention.{key}"]
