"""`worker`: does durable work beside the gateways that serve; of HTTP it has the probes alone."""

import argparse
import asyncio
import logging
import signal
import sys
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING

from gateway.commands.settings_file import load_to_start
from gateway.settings.settings import Settings

if TYPE_CHECKING:
    from gateway.probes import Probes

_log = logging.getLogger("sagegraph.worker")


def run(arguments: argparse.Namespace) -> int:
    """Work with the arguments' settings file until stopped. A faulty file, or a database that is away, stops the start.

    Returns:
        The exit status: 1 if the worker could not start.
    """
    settings = load_to_start(arguments)
    if settings is None:
        return 1
    try:
        asyncio.run(_work(settings))
    except _ProbesFailedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


class _ProbesFailedError(Exception):
    """Nobody can listen at the port of the probes."""


async def _work(settings: Settings) -> None:
    """Run the process without GraphQL until SIGTERM or SIGINT. Raises _ProbesFailedError."""
    from gateway.access_rounds import running_access_rounds
    from gateway.bootstrap import start_process
    from gateway.draining import Drain
    from gateway.group_scopes import GroupScopes
    from gateway.observability.exposition import Exposition
    from gateway.observability.metrics import Metrics, groups_in
    from gateway.observability.traces import open_tracer
    from gateway.readiness import Readiness

    stop, loop, drain = asyncio.Event(), asyncio.get_running_loop(), Drain()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        probes = await _probes(settings, stack)
        metrics = Metrics(groups_in(settings))
        metrics.tracer = await stack.enter_async_context(open_tracer(settings.observability))
        process = await start_process(settings, stack, metrics=metrics)
        readiness = await stack.enter_async_context(aclosing(Readiness(process.engine, drain)))
        if probes is not None:
            exposition = Exposition(metrics, process.metric_sources())
            await stack.enter_async_context(aclosing(exposition))
            probes.show(readiness=readiness, exposition=exposition)
        groups = GroupScopes(process.request_factory.scope_deps, process.engine.fleet.access)
        await stack.enter_async_context(running_access_rounds(settings.entries(), groups))
        _log.info("The worker has started.")
        await stop.wait()
        drain.begin()
        _log.info("The worker is ending: running steps finish, and other processes resume the rest.")
    _log.info("The worker has ended.")


async def _probes(settings: Settings, stack: AsyncExitStack) -> "Probes | None":
    """Serve the probes until the stack closes; None if the settings want none."""
    from gateway.observability.routes import metrics_routes
    from gateway.probes import serving_probes

    server = settings.server
    if server.probes.port is None:
        return None
    try:
        probes = await stack.enter_async_context(
            serving_probes(server.host, server.probes.port, metrics_routes(settings))
        )
    except OSError as error:
        place = f"{server.host}, port {server.probes.port}"
        raise _ProbesFailedError(
            f"The worker's probes cannot listen at {place}: {error.strerror}. Change server.probes.port."
        ) from error
    _log.info("The worker's probes listen at %s", probes.url)
    return probes
