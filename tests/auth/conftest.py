"""What the tests of auth share: a fake STS and a clock to go with it, and a real moto that counts its calls."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiohttp import web
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from auth.credentials.signing import new_data_loader
from tests.auth.entries import TOKEN
from tests.auth.fake_sts import Clock, FakeSTS


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sts(clock: Clock) -> AsyncIterator[FakeSTS]:
    fake = FakeSTS(clock)
    application = web.Application()
    application.router.add_post("/", fake.handle)
    runner = web.AppRunner(application, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = "http://{}:{}".format(*runner.addresses[0][:2])
    yield fake
    fake.released.set()
    await runner.cleanup()


@pytest.fixture(scope="session")
def loader() -> Any:
    """botocore's descriptions of the services, read once for all tests."""
    return new_data_loader()


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    return path


class CountingMoto:
    """moto's own application behind a counter of what is asked of it."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[str] = []
        self._moto = DomainDispatcherApplication(create_backend_app)

    def asked(self, operation: str) -> list[str]:
        return [body for body in self.bodies if f"Action={operation}&" in f"{body}&"]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.bodies.append(body.decode())
        answer: Iterable[bytes] = self._moto({**environ, "wsgi.input": BytesIO(body)}, start_response)
        return answer


@pytest.fixture(scope="session")
def moto_server() -> Iterator[CountingMoto]:
    moto = CountingMoto()
    server = make_server("127.0.0.1", 0, moto, threaded=True, request_handler=MotoRequestHandler)
    moto.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield moto
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def moto(moto_server: CountingMoto) -> CountingMoto:
    moto_server.bodies.clear()
    return moto_server
