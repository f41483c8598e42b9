"""gateway.__main__: the command line's grammar, and which module answers."""

import sys

import pytest

from gateway.__main__ import main, parser
from gateway.version import VERSION


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (["serve", "--config", "f"], {"command": "serve", "config": "f", "port": None}),
        (["serve", "--config", "f", "--port", "0"], {"command": "serve", "config": "f", "port": 0}),
        (["check", "--config", "f"], {"command": "check", "config": "f"}),
        (["worker", "--config", "f"], {"command": "worker", "config": "f"}),
        (["migrate", "--config", "f"], {"command": "migrate", "config": "f"}),
        (["demo", "--host", "0.0.0.0"], {"command": "demo", "host": "0.0.0.0"}),
        (["demo"], {"command": "demo", "host": "127.0.0.1", "port": 8000, "once": False, "approval": "builtin"}),
        (["demo", "--approval", "jira"], {"command": "demo", "approval": "jira"}),
        (["sandbox", "--port", "65535"], {"command": "sandbox", "port": 65535, "jira": None}),
        (["sandbox", "--jira"], {"command": "sandbox", "jira": "cloud", "jira_port": 0}),
        (["sandbox", "--jira", "data-center", "--jira-port", "9"], {"jira": "data-center", "jira_port": 9}),
        (["demo", "--once", "--port", "0"], {"command": "demo", "port": 0, "once": True}),
        (["schema"], {"command": "schema"}),
    ],
)
def test_the_grammar(arguments: list[str], result: dict[str, object]) -> None:
    assert {**vars(parser().parse_args(arguments)), **result} == vars(parser().parse_args(arguments))


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["serve"], ["check"], ["migrate"], ["demo", "--port", "many"]])
def test_what_is_no_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m gateway" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["serve", "--config", "f"], ["demo"], ["sandbox"]])
@pytest.mark.parametrize("port", ["65536", "-1", "99999999999999999999999", "80.0", "\u0663", ""])
def test_what_is_no_port(command: list[str], port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, f"--port={port}"])
    assert ended.value.code == 2
    assert "--port: expected a port from 0 to 65535, where 0 is any free one" in capsys.readouterr().err


def test_a_command_s_status_is_the_process_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert "type Query {" in capsys.readouterr().out


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"sagegraph {VERSION}\n")


@pytest.mark.parametrize("name", ["moto", "moto.server", "boto3"])
def test_the_demo_without_its_packages(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def import_module(_module: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr("importlib.import_module", import_module)
    assert main(["sandbox"]) == 1
    assert "sagegraph[demo]" in capsys.readouterr().err


def test_a_module_of_its_own_that_is_missing_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gateway.commands.schema", None)
    with pytest.raises(ModuleNotFoundError):
        main(["schema"])
