"""Runs the application under uvicorn, with the socket's own peer address and without a word about the server."""

import uvicorn
from starlette.applications import Starlette


def server(app: Starlette, host: str, port: int) -> uvicorn.Server:
    """A server that is ready to run. Ports of 0 are chosen when it starts.

    uvicorn's proxy headers stay off: with them, whoever may set X-Forwarded-For chooses the peer address that identity
    is judged by.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            lifespan="on",
            ws="none",
            timeout_graceful_shutdown=10,
        )
    )


def address(running: uvicorn.Server) -> str:
    """Where a started server listens, as a URL."""
    host, port = running.servers[0].sockets[0].getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
