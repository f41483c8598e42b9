"""gateway.commands.iam_policy: prints the least policy, as IAM takes it and nothing else."""

import argparse
import json

import pytest

from aws.iam_policy import least_policy
from gateway.commands.iam_policy import run


def test_it_prints_the_least_policy(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(argparse.Namespace()) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == least_policy()
    assert printed.err == ""
