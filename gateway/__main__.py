"""`python -m gateway …`: the grammar of the command line; each command has a module in `gateway/commands/`."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

from gateway.version import VERSION

_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_DEMO_PACKAGES: Final = frozenset({"boto3", "httpx", "moto", "werkzeug"})


def port(text: str) -> int:
    """A port from 0, which is any free one, to 65535. Raises ArgumentTypeError."""
    if not text.isascii() or not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("expected a port from 0 to 65535, where 0 is any free one")
    return int(text)


def moment(text: str) -> datetime:
    """A day or a moment in ISO 8601, in UTC unless it says otherwise. Raises ArgumentTypeError."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            "expected a day or a moment, such as 2026-11-30 or 2026-11-30T12:00:00Z"
        ) from None
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def parser() -> argparse.ArgumentParser:
    """The command line's grammar; each command's module has the rest."""
    program = "sagegraph" if Path(sys.argv[0]).name == "sagegraph" else "python -m gateway"
    whole = argparse.ArgumentParser(prog=program, description="A GraphQL gateway in front of AWS SageMaker.")
    whole.add_argument("--version", action="version", version=f"sagegraph {VERSION}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, words in {
        "serve": "Serve with the settings of a file",
        "worker": "Do durable work with the settings of a file, beside the gateways that serve",
        "migrate": "Make the tables that the gateway needs in its database, bring them up to date, or take them back",
        "audit-export": "Print the audit as JSON lines, the oldest event first",
        "check": "Check a settings file: its keys, each group's role, and what is missing; exit 1 on any fault",
    }.items():
        command = commands.add_parser(name, help=words, description=words)
        command.add_argument(
            "--config", required=True, metavar="FILE", help="the settings file (docs/configuration.md)"
        )
        if name == "serve":
            command.add_argument("--port", type=port, help="listen here instead of at server.port")
        if name == "audit-export":
            command.add_argument("--since", type=moment, help="the first day or moment, in UTC, such as 2026-11-30")
            command.add_argument("--until", type=moment, help="the day or moment before which it ends, in UTC")
        if name == "migrate":
            command.add_argument(
                "--to",
                metavar="VERSION",
                help="take the tables to this version, or this release's (docs/operations.md)",
            )
    _add_demo(commands)
    _add_explore(commands)
    _add_sandbox(commands)
    schema = commands.add_parser("schema", help="Print the schema")
    schema.add_argument("--permissions", action="store_true", help="print the table of permissions instead")
    commands.add_parser("settings-schema", help="Print the JSON schema of the settings file, for editors")
    commands.add_parser("iam-policy", help="Print the least policy that a group's role needs")
    return whole


def _add_demo(commands: _Commands) -> None:
    demo = commands.add_parser(
        "demo", help="Start an AWS on this machine and the gateway on it, ask the main question, and deploy a model"
    )
    demo.add_argument("--port", type=port, default=8000, help="where the gateway listens (8000; 0 for any free port)")
    demo.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address that it listens at (127.0.0.1); at another one everyone in a private network is believed",
    )
    demo.add_argument("--once", action="store_true", help="approve it as somebody else, and end with the endpoint")
    demo.add_argument(
        "--approval",
        choices=("builtin", "jira"),
        default="builtin",
        help="who approves: the gateway itself, or a stand-in Jira on this machine (builtin)",
    )
    _add_fault_options(demo)


def _add_explore(commands: _Commands) -> None:
    words = "Explore one's own SageMaker with the AWS credentials at hand: reads only, on this machine only, no file"
    explore = commands.add_parser("explore", help=words, description=words)
    explore.add_argument("--profile", help="the profile of the AWS configuration (the one that AWS_PROFILE names)")
    explore.add_argument(
        "--region",
        action="append",
        help="a region to read, the first by default; again for another (AWS_REGION, or the profile's)",
    )
    explore.add_argument("--port", type=port, default=8000, help="where it listens (8000; 0 for any free port)")


def _add_sandbox(commands: _Commands) -> None:
    sandbox = commands.add_parser("sandbox", help="Run the laptop's AWS alone, for any client")
    sandbox.add_argument("--port", type=port, default=0, help="where it listens (any free port)")
    sandbox.add_argument("--estate", action="store_true", help="fill it as the demo is filled; IAM then counts")
    sandbox.add_argument(
        "--jira",
        nargs="?",
        const="cloud",
        choices=("cloud", "data-center"),
        help="start a stand-in Jira beside it, of this kind (cloud)",
    )
    sandbox.add_argument("--jira-port", type=port, default=0, help="where that listens (any free port)")
    _add_fault_options(sandbox)


def _add_fault_options(command: argparse.ArgumentParser) -> None:
    """Options that slow or throttle the laptop's AWS."""
    command.add_argument("--latency-ms", type=float, default=0, help="add this to every call")
    command.add_argument("--throttle", type=float, help="this many calls of each list a second (AWS: about 2)")
    command.add_argument("--speed", type=float, default=1, help="let its time go so many times as fast")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives the process's exit status."""
    options = parser().parse_args(arguments)
    try:
        module = importlib.import_module(f"gateway.commands.{options.command.replace('-', '_')}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in _DEMO_PACKAGES:
            raise
        print(f"`{options.command}` needs `{error.name}`. Install sagegraph[demo].", file=sys.stderr)  # noqa: T201
        return 1
    status: int = module.run(options)
    return status


if __name__ == "__main__":
    sys.exit(main())
