"""gateway.commands.migrate: a database that is ready to serve, made from nothing, and a remedy where it cannot be."""

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from gateway.commands.check import run as check
from gateway.commands.migrate import run
from registry.schema_versions import current_version, latest_version
from tests.registry.later_tables import later_tables


@pytest.fixture
def config(tmp_path: Path, empty_url: str) -> Path:
    path = tmp_path / "settings.yaml"
    path.write_text(yaml.safe_dump({"database": {"url": empty_url}}))
    return path


def asked(path: Path, to: str | None = None) -> argparse.Namespace:
    return argparse.Namespace(config=str(path), to=to)


def test_it_makes_the_tables_once(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"The database has the tables that this gateway works with, version {latest_version()}.\n"
    for _ in range(2):
        assert run(asked(config)) == 0
        assert capsys.readouterr() == (text, "")


def test_it_goes_back_to_a_release_and_forwards_again(
    config: Path, empty_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(asked(config)) == 0
    for version, tables in (("0.2.0", "0008"), ("0006", "0006"), ("0.1.0", "0004"), ("0.2.0", "0008")):
        capsys.readouterr()
        assert run(asked(config, version)) == 0
        assert capsys.readouterr() == (f"The database has the tables of version {tables}.\n", "")
        assert asyncio.run(current_version(empty_url)) == tables


@pytest.mark.parametrize("version", ["0.0.9", "base", "9999", ""])
def test_it_does_not_go_where_nothing_is(
    config: Path, empty_url: str, capsys: pytest.CaptureFixture[str], version: str
) -> None:
    assert run(asked(config)) == 0
    capsys.readouterr()
    assert run(asked(config, version)) == 1
    text = capsys.readouterr()
    assert (text.out, f"There are no tables of version {version}" in text.err) == ("", True)
    assert asyncio.run(current_version(empty_url)) == latest_version()


def test_a_rolled_back_gateway_leaves_later_tables_that_it_works_with(
    config: Path, empty_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(asked(config)) == 0
    asyncio.run(later_tables(empty_url, "9999", latest_version()))
    capsys.readouterr()
    assert run(asked(config)) == 0
    assert "version 9999" in capsys.readouterr().out
    assert run(asked(config, "0.2.0")) == 1
    assert asyncio.run(current_version(empty_url)) == "9999"


def test_a_database_that_is_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("database: {url: 'postgresql+psycopg://me:what-nobody-should-see@127.0.0.1:1/x'}\n")
    assert run(asked(path)) == 1
    text = capsys.readouterr()
    assert text.out == ""
    assert text.err.startswith("The registry (PostgreSQL) does not answer: ")
    assert text.err.endswith("See that the database runs, or correct `database`.\n")
    assert not any(part in text.err for part in ("what-nobody-should-see", "127.0.0.1", "me:"))


def test_a_wrong_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("limits: {dept: 5}\n")
    assert run(asked(path)) == 1
    text = capsys.readouterr()
    assert (text.out, "limits.dept" in text.err) == ("", True)


@pytest.mark.parametrize("command", [run, check])
def test_no_part_of_a_password_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: Callable[..., int]
) -> None:
    """With an @ in it, the tail would be read as the host; it is a fault before anything connects."""
    monkeypatch.setenv("DATABASE_PASSWORD", "head-of@tail-of-it")
    path = tmp_path / "settings.yaml"
    path.write_text("database: {url: 'postgresql+psycopg://me:${DATABASE_PASSWORD}@127.0.0.1:1/x'}\n")
    assert command(asked(path)) == 1
    text = capsys.readouterr()
    assert "database.url: has a password with an unencoded `@`" in text.out + text.err
    assert not any(part in text.out + text.err for part in ("head-of", "tail-of-it", "127.0.0.1"))


def test_a_password_of_its_own_may_have_any_character(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "settings.yaml"
    block = {"url": "postgresql+psycopg://me@127.0.0.1:1/x", "password": "head-of@tail/of?it#%41"}
    path.write_text(yaml.safe_dump({"database": block}))
    assert run(asked(path)) == 1
    text = capsys.readouterr().err
    assert text.startswith("The registry (PostgreSQL) does not answer: the connection was refused")
    assert "head-of" not in text
