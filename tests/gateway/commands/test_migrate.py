"""gateway.commands.migrate: a database that is ready to serve, made from nothing, and a remedy where it cannot be."""

import argparse
from pathlib import Path

import pytest
import yaml

from gateway.commands.migrate import run
from registry.schema_versions import latest_version


@pytest.fixture
def config(tmp_path: Path, empty_url: str) -> Path:
    path = tmp_path / "settings.yaml"
    path.write_text(yaml.safe_dump({"database": {"url": empty_url}}))
    return path


def test_it_makes_the_tables_once(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = f"The database has the tables that this gateway works with, version {latest_version()}.\n"
    for _ in range(2):
        assert run(argparse.Namespace(config=str(config))) == 0
        assert capsys.readouterr() == (said, "")


def test_a_database_that_is_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("database: {url: 'postgresql+psycopg://me:what-nobody-should-see@127.0.0.1:1/x'}\n")
    assert run(argparse.Namespace(config=str(path))) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("The registry (PostgreSQL database x at 127.0.0.1:1) does not answer: ")
    assert said.err.endswith("See that the database runs, or correct database.url.\n")
    assert "what-nobody-should-see" not in said.err


def test_a_wrong_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("limits: {dept: 5}\n")
    assert run(argparse.Namespace(config=str(path))) == 1
    said = capsys.readouterr()
    assert (said.out, "limits.dept" in said.err) == ("", True)
