"""gateway.commands.settings_schema: prints the schema as JSON, and nothing else."""

import argparse
import json

import pytest

from gateway.commands.settings_schema import run
from gateway.settings.json_schema import settings_schema


def test_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(argparse.Namespace()) == 0
    printed = capsys.readouterr()
    assert (json.loads(printed.out), printed.err) == (settings_schema(), "")
