"""`notifications.webhooks` of a gateway: what is done through the API is told to a real receiver."""

from functools import partial

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import OpenGateway
from tests.imports import IMPORT, IMPORT_SETTINGS
from tests.workflows.notifications.receiver import SECRET, receiving
from workflows.notifications.delivery import WebhookTimings


async def test_the_end_of_an_import_is_told(
    open_working: OpenGateway, sandbox: Sandbox, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.bootstrap.WebhookTimings", partial(WebhookTimings, turn=0.05))
    async with receiving() as receiver:
        block = {"webhooks": [{"url": receiver.url, "secret": SECRET, "events": ["import.*"]}]}
        async with open_working(**IMPORT_SETTINGS, notifications=block) as gateway:
            answer = await gateway.ask(IMPORT, {"input": {"modelName": "fraud-detection-v12"}})
            payload = answer.data["importModel"]
            (told,) = await receiver.until(lambda came: len(came) == 1)
    body = told.verified()
    assert body["type"] == "import.done"
    assert body["data"]["importRunId"] == payload["importRun"]["id"]
    assert body["data"]["registrationId"] == payload["registration"]["id"]
    assert (body["data"]["modelName"], body["data"]["group"]) == ("fraud-detection-v12", "risk")
    assert told.headers["user-agent"].startswith("SageGraph/")
