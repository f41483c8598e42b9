"""registry.addresses: which addresses are taken, how a password joins one, and that none is shown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from registry.addresses import (
    database_name,
    has_password,
    has_unencoded_password,
    parse_url,
    redacted,
    sqlite_file,
    with_password,
)
from registry.errors import RegistryError


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite+aiosqlite:////var/sagegraph.db", "SQLite"),
        ("postgresql+psycopg://me:secret@db:5433/graph", "PostgreSQL"),
        ("postgresql+psycopg://me@/graph?host=/run/pg", "PostgreSQL"),
    ],
)
def test_a_name_has_nothing_of_the_address(url: str, name: str) -> None:
    assert database_name(parse_url(url)) == database_name(url) == name


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nothing",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "sqlite:///file.db",
        "postgresql://me:hidden@db/graph",
        "mysql+aiomysql://me:hidden@db/graph",
        "postgresql+psycopg://me:hidden@db:port/graph",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(RegistryError) as refused:
        parse_url(url)
    assert str(refused.value).startswith("The registry is kept at sqlite+aiosqlite:///FILE or ")
    assert "hidden" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("password", ["head@tail", "@", "a@b@c", "a:b@c", "a/b@c"])
def test_a_password_that_would_be_read_as_the_host(password: str) -> None:
    url = f"postgresql+psycopg://me:{password}@db:5432/graph"
    assert has_unencoded_password(url)
    with pytest.raises(RegistryError, match="unencoded") as refused:
        parse_url(url)
    assert "tail" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://me:head%40tail@db/graph",
        "postgresql+psycopg://me@server:secret@db/graph",
        "postgresql+psycopg://me@/graph?host=/run/pg",
        "postgresql+psycopg://db/graph?options=a@b",
    ],
)
def test_an_address_whose_host_is_its_host(url: str) -> None:
    assert not has_unencoded_password(url)
    assert parse_url(url).drivername == "postgresql+psycopg"


@given(password=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30))
def test_a_password_joins_its_address(password: str) -> None:
    joined = with_password("postgresql+psycopg://me@db:5432/graph", password)
    assert not has_unencoded_password(joined)
    parts = make_url(joined)
    assert (parts.password, parts.username, parts.host, parts.port, parts.database) == (
        password,
        "me",
        "db",
        5432,
        "graph",
    )


def test_without_a_password_the_address_stays() -> None:
    url = "postgresql+psycopg://me:x@db/graph"
    assert with_password(url, None) is url
    assert has_password(url)
    assert has_password("postgresql+psycopg://db/graph?password=x")
    assert not has_password("postgresql+psycopg://me@db/graph")


def test_the_file() -> None:
    assert sqlite_file(parse_url("sqlite+aiosqlite:///var/a.db")) == Path("var/a.db")
    assert sqlite_file(parse_url("postgresql+psycopg://me@db/graph")) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at postgresql+psycopg://me:pw@db:5432/graph now", "at postgresql+psycopg://…/graph now"),
        ("at postgresql://db.internal/graph", "at postgresql://…/graph"),
        ("https://me:pw@jira.example.com/x", "https://…/x"),
        ("https://jira.example.com/x", "https://jira.example.com/x"),
        (
            'connection to server at "db.internal" (10.0.0.7), port 5432 failed: FATAL:  password authentication'
            ' failed for user "me"',
            "connection to server failed: FATAL:  password authentication failed for user …",
        ),
        (
            'connection to server on socket "/run/pg/.s.PGSQL.5432" failed: No such file',
            "connection to server failed: No such file",
        ),
        ("failed to resolve host 'db.internal': Name unknown", "failed to resolve host …: Name unknown"),
    ],
)
def test_messages_of_libraries_lose_addresses(text: str, shown: str) -> None:
    assert redacted(text) == shown
