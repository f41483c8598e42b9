"""The console in trouble: refused, throttled, not there, signed out, AWS away; each is said, and the rest stays."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.estate import Estate, Group
from sandbox.server import Sandbox
from tests.console.conftest import demo_gateway, running_script

pytestmark = pytest.mark.slow
CAUSES = ("refuse alarms", "throttle models", "restore", "end session", "begin session", "update runtime", "stop AWS")


class SignIn:
    """A proxy in front that sends whoever has no session elsewhere, as those with a sign-in page do."""

    def __init__(self) -> None:
        self.has_session = True
        self.app: ASGIApp | None = None

    def before(self, app: ASGIApp) -> ASGIApp:
        """Stand before an application."""
        self.app = app
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or send it to the sign-in page."""
        assert self.app is not None
        if scope["type"] == "http" and not self.has_session:
            await RedirectResponse("https://login.example/", 302)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def begin_update(sandbox: Sandbox, group: Group) -> None:
    """Begin an update of a runtime that lasts for longer than the test."""
    sandbox.timeline.durations = replace(sandbox.timeline.durations, endpoint_updating=3600)
    request = {"EndpointName": "fraud-detection", "EndpointConfigName": "fraud-detection-v11"}
    sandbox.call("UpdateEndpoint", group.account, group.region, **request)


async def test_each_trouble_is_said_and_the_rest_stays(
    browser_packages: Path, sandbox: Sandbox, estate: Estate, prompt_retries: None
) -> None:
    proxy = SignIn()

    def session(value: bool) -> None:
        proxy.has_session = value

    causes: dict[str, Callable[[], object]] = {
        "refuse alarms": lambda: sandbox.faults.refuse("DescribeAlarms"),
        "throttle models": lambda: sandbox.faults.throttle("ListModels"),
        "end session": lambda: session(False),
        "begin session": lambda: session(True),
        "update runtime": lambda: begin_update(sandbox, estate.risk),
        "stop AWS": lambda: sandbox.faults.drop("*"),
        "restore": sandbox.faults.clear,
    }
    async with (
        demo_gateway(sandbox, estate, proxy.before) as url,
        running_script(browser_packages, "trouble.mjs", url=url) as script,
    ):
        for cause in CAUSES:
            assert await script.said() == cause
            causes[cause]()
            script.answer()
        await script.ended()
