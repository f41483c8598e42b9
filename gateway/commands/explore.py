"""`explore`: one's own SageMaker on this machine, with the AWS credentials at hand and without a settings file."""

import argparse
import asyncio
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from tempfile import TemporaryDirectory
from typing import Final

from auth.caller import Caller
from auth.errors import CredentialsError
from gateway.settings.explore import explore_settings
from gateway.settings.settings import Settings, SettingsError

HOST: Final = "127.0.0.1"
EXPLORER: Final = Caller("explore", ())
"""The one caller: anyone who reaches this machine's own address."""


def run(arguments: argparse.Namespace) -> int:
    """Serve by the arguments until Ctrl-C; give 1 without credentials or if the port is taken. No file stays behind."""
    from gateway.mcp.switch import is_mcp_installed
    from gateway.server import bind_socket

    with TemporaryDirectory(prefix="sagegraph-explore-") as folder, suppress(KeyboardInterrupt):
        url = f"sqlite+aiosqlite:///{folder}/sagegraph.db"
        try:
            regions, mcp = arguments.region or (), is_mcp_installed()
            settings = explore_settings(arguments.profile, regions, url, os.environ, mcp=mcp)
            listener = bind_socket(HOST, arguments.port)
        except (SettingsError, CredentialsError) as error:
            print(error, file=sys.stderr)
            return 1
        except OSError as error:
            print(f"Port {arguments.port} cannot be listened at: {error.strerror}. Try --port 0.", file=sys.stderr)
            return 1
        with listener:
            return asyncio.run(_explore(settings, listener))
    return 0


async def _explore(settings: Settings, listener: socket.socket) -> int:
    from gateway.app import create_app
    from gateway.commands.migrate import migrate_database
    from gateway.explorer.examples import EXAMPLES
    from gateway.host_check import LOOPBACK_NAMES
    from gateway.logging_setup import configure_logging
    from gateway.server import create_server, server_url, wait_until_started, warm_up

    try:
        print(await _identity_line(settings), flush=True)
    except CredentialsError as error:
        print(error, file=sys.stderr)
        return 1
    configure_logging(human_readable=True, level=30)
    await migrate_database(settings)
    app = create_app(settings, examples=EXAMPLES, identify=_everyone, hosts=LOOPBACK_NAMES)
    warm_up(app)
    running = create_server(app, HOST, listener.getsockname()[1], settings=settings.server)
    serving = asyncio.create_task(running.serve([listener]))
    if not await wait_until_started(running, serving):
        print("The gateway could not start; its log has said why.", file=sys.stderr)
        return 1
    _print_addresses(server_url(running), tools=settings.mcp.enabled)
    await serving
    return 0


async def _everyone(_headers: Sequence[tuple[bytes, bytes]], _peer: str | None) -> Caller:
    """Give the one caller; headers name nobody here."""
    return EXPLORER


async def _identity_line(settings: Settings) -> str:
    """Ask AWS for the identity of the credentials, and describe it. Raises CredentialsError."""
    from auth.credentials.store import CredentialStore

    entries = settings.entries()
    (entry,) = entries.ambient
    async with CredentialStore(entries, endpoint_url=settings.aws.endpoint_url) as store:
        identity = await store.verify(entry)
    return f"Reading as {identity.arn}, in {', '.join(entry.regions)}. Nothing in AWS is changed."


def _print_addresses(url: str, *, tools: bool) -> None:
    ask = """'{"query": "{ models(first: 5) { nodes { name runtimes { nodes { name status } } } } }"}'"""
    print(f"The console is at {url}/console.")
    print(f"GraphiQL is at {url}/graphql, the schema at {url}/graphql/schema.graphql; anyone on this machine may ask.")
    print(f"A first question:\n  curl -s {url}/graphql -H 'Content-Type: application/json' -d {ask}")
    if tools:
        print(f"Tools for models (Model Context Protocol) are at {url}/mcp.")
    print("If AWS refuses a read, the answer names the action; `python -m gateway iam-policy` prints all of them.")
    print("Ctrl-C ends it, and it keeps nothing.", flush=True)
