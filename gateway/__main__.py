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
    """Read a port from its text: 0, which is any free one, to 65535. Raises ArgumentTypeError."""
    if not text.isascii() or not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("expected a port from 0 to 65535, where 0 is any free one")
    return int(text)


def moment(text: str) -> datetime:
    """Read a day or a moment from its text in ISO 8601; one without an offset is in UTC. Raises ArgumentTypeError."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            "expected a day or a moment, such as 2026-11-30 or 2026-11-30T12:00:00Z"
        ) from None
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def parser() -> argparse.ArgumentParser:
    """Build the parser of the command line; each command's module runs it."""
    program = "sagegraph" if Path(sys.argv[0]).name == "sagegraph" else "python -m gateway"
    whole = argparse.ArgumentParser(prog=program, description="A GraphQL gateway in front of AWS SageMaker.")
    whole.add_argument("--version", action="version", version=f"sagegraph {VERSION}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_settings_commands(commands)
    _add_demo(commands)
    _add_explore(commands)
    _add_sandbox(commands)
    schema = _add(commands, "schema", "Print the GraphQL schema")
    schema.add_argument("--permissions", action="store_true", help="print the page docs/permissions.md instead")
    _add(commands, "settings-schema", "Print the JSON schema of the settings file, for editors")
    _add(commands, "iam-policy", "Print the least IAM policy that a group's role needs")
    return whole


def _add_settings_commands(commands: _Commands) -> None:
    """Add the commands that read a settings file."""
    for name, summary in {
        "serve": "Serve GraphQL, the explorer and the console, and do durable work",
        "worker": "Do durable work only: imports, deployments and notifications",
        "migrate": "Make or update the gateway's tables in its database, or take them back to an earlier version",
        "audit-export": "Print the events of the audit as JSON lines, oldest first",
        "check": "Check a settings file, its database and the role of each group; exit with 1 on any fault",
    }.items():
        command = _add(commands, name, summary)
        command.add_argument("--config", required=True, metavar="FILE", help="settings file (docs/configuration.md)")
        if name == "serve":
            command.add_argument("--port", type=port, help="port to listen on (default: server.port)")
        if name == "audit-export":
            command.add_argument(
                "--since", type=moment, help="print events from this day or moment on, in UTC, such as 2026-11-30"
            )
            command.add_argument("--until", type=moment, help="print events before this day or moment, in UTC")
        if name == "migrate":
            command.add_argument(
                "--to",
                metavar="VERSION",
                help="version or release whose tables to make, such as 0010 or 0.2.0 (default: the newest)",
            )


def _add(commands: _Commands, name: str, summary: str) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=summary, description=summary)


def _add_demo(commands: _Commands) -> None:
    demo = _add(commands, "demo", "Start a sandbox AWS and a gateway on this machine, ask one question, deploy a model")
    demo.add_argument("--port", type=port, default=8000, help="port to listen on; 0 takes a free one (default: 8000)")
    demo.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen at (default: 127.0.0.1); at any other, identity headers from private networks count",
    )
    demo.add_argument(
        "--once", action="store_true", help="approve the deployment as another person, and exit once its endpoint is up"
    )
    demo.add_argument(
        "--approval",
        choices=("builtin", "jira"),
        default="builtin",
        help="approval backend: the gateway's own, or a stand-in Jira on this machine (default: builtin)",
    )
    _add_fault_options(demo)


def _add_explore(commands: _Commands) -> None:
    summary = "Read your own SageMaker with the AWS credentials at hand, for this machine only, without a settings file"
    explore = _add(commands, "explore", summary)
    explore.add_argument("--profile", help="profile of the AWS configuration (default: AWS_PROFILE)")
    explore.add_argument(
        "--region",
        action="append",
        help="region to read; repeat it for more, the first is the default (default: AWS_REGION, or the profile's)",
    )
    explore.add_argument(
        "--port", type=port, default=8000, help="port to listen on; 0 takes a free one (default: 8000)"
    )


def _add_sandbox(commands: _Commands) -> None:
    sandbox = _add(commands, "sandbox", "Run the sandbox AWS of the demo without a gateway, for any client")
    sandbox.add_argument("--port", type=port, default=0, help="port to listen on (default: a free one)")
    sandbox.add_argument("--estate", action="store_true", help="fill it like the demo, and enforce IAM policies")
    sandbox.add_argument(
        "--jira",
        nargs="?",
        const="cloud",
        choices=("cloud", "data-center"),
        help="also start a stand-in Jira of this kind (default: cloud)",
    )
    sandbox.add_argument("--jira-port", type=port, default=0, help="port of the stand-in Jira (default: a free one)")
    _add_fault_options(sandbox)


def _add_fault_options(command: argparse.ArgumentParser) -> None:
    """Add the options that slow down, throttle or speed up the sandbox AWS."""
    command.add_argument("--latency-ms", type=float, default=0, help="delay of each call, in milliseconds (default: 0)")
    command.add_argument(
        "--throttle", type=float, help="calls a second that each list allows; AWS allows about 2 (default: any)"
    )
    command.add_argument(
        "--speed", type=float, default=1, help="sandbox seconds that pass in a real second (default: 1)"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name and return the exit status of the process.

    Args:
        arguments: The arguments after the program's name; None for those of the process.
    """
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
