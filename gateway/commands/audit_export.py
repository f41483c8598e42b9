"""`audit-export`: prints the audit as JSON lines, to keep elsewhere before `retention` deletes it."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from gateway.commands.database_check import explain_registry_error
from gateway.commands.settings_file import load_settings
from gateway.json_encoding import encode_json
from registry import audit
from registry.database import Database
from registry.errors import RegistryError
from registry.records import AuditEvent

_BATCH: Final = 1000


def run(arguments: argparse.Namespace) -> int:
    """Print the events that the arguments ask for, oldest first: from `since` on, and before `until`.

    Returns:
        The exit status: 1 if the settings file is wrong, the database is away, or the reader of the output is gone.
    """
    settings = load_settings(arguments)
    if settings is None:
        return 1
    try:
        asyncio.run(_print_events(settings.database.address(), arguments.since, arguments.until))
    except RegistryError as error:
        print(explain_registry_error(error), file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    return 0


async def _print_events(url: str, since: datetime | None, until: datetime | None) -> None:
    async with Database(url, pool_size=1) as database:
        async for event in _events(database, since, until):
            sys.stdout.write(_line(event))
    sys.stdout.flush()


async def _events(database: Database, since: datetime | None, until: datetime | None) -> AsyncIterator[AuditEvent]:
    """Read in batches, so that no transaction is open while a slow reader takes the lines."""
    last: AuditEvent | None = None
    while True:
        async with database.reading() as connection:
            batch = await audit.export_batch(connection, since, until, _BATCH, last)
        for event in batch:
            yield event
        if len(batch) < _BATCH:
            return
        last = batch[-1]


def _line(event: AuditEvent) -> str:
    """One event under the schema's names."""
    fields = {
        "id": event.id,
        "at": event.at,
        "actor": event.actor,
        "group": event.group,
        "roleArn": event.role_arn,
        "action": event.action,
        "target": event.target,
        "outcome": event.outcome.value,
        "detail": event.detail,
        "requestId": event.request_id,
        "awsRequestIds": event.aws_request_ids,
    }
    return f"{encode_json(fields).decode()}\n"
