"""gateway.commands.schema: prints the schema that is served."""

import argparse
from pathlib import Path

import pytest

from gateway.commands.schema import run

COMMITTED = Path(__file__).parents[3] / "schema" / "schema.graphql"


def test_the_printed_schema_is_the_committed_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(argparse.Namespace(permissions=False)) == 0
    assert capsys.readouterr().out == COMMITTED.read_text(), "schema/schema.graphql is behind; run: make schema"


def test_the_table_of_permissions_instead(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(argparse.Namespace(permissions=True)) == 0
    assert capsys.readouterr().out.startswith("# Permissions\n")
