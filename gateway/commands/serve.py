"""`serve`: serves with the settings of a file."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.commands.settings_file import load_to_start

if TYPE_CHECKING:
    from gateway.trusted_documents import TrustedDocumentFiles


def run(arguments: argparse.Namespace) -> int:
    """Serve with the arguments' settings file until stopped. A faulty file, or a database that is away, stops the
    start.

    Returns:
        The exit status: 1 if the gateway could not start.
    """
    settings = load_to_start(arguments)
    if settings is None:
        return 1
    from gateway.app import create_app
    from gateway.server import bind_socket, create_server, warm_up
    from gateway.trusted_documents import trusted_document_files
    from schema.build import build_schema

    port = settings.server.port if arguments.port is None else arguments.port
    try:
        listener = bind_socket(settings.server.host, port)
    except OSError as error:
        place = f"{settings.server.host}, port {port}"
        print(f"The gateway cannot listen at {place}: {error.strerror}. Change server.port or --port.", file=sys.stderr)
        return 1
    with listener:
        if settings.server.workers > 1:
            from gateway.worker_processes import serve_with_workers

            if _is_faulty(trusted_document_files(settings.documents, build_schema())):
                return 1
            return serve_with_workers(Path(arguments.config).resolve(), settings, listener)
        app, server = create_app(settings), settings.server
        if _is_faulty(app.state.documents):
            return 1
        warm_up(app)
        running = create_server(app, server.host, port, settings.limits.seconds, server)
        running.run([listener])
    return 0 if running.started else 1


def _is_faulty(files: "TrustedDocumentFiles | None") -> bool:
    """Tell whether trusted documents have a fault, which is printed."""
    from gateway.trusted_documents import documents_fault

    if (fault := documents_fault(files)) is not None:
        print(fault, file=sys.stderr)
    return fault is not None
