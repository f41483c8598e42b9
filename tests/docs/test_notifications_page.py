"""docs/notifications.md: it names every event, and its ten lines for Slack do what they say."""

import asyncio
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError

from registry.webhook_deliveries import ALL_EVENTS
from tests.workflows.notifications.receiver import SECRET, receiving
from workflows.notifications.delivery import WebhookTimings
from workflows.notifications.signing import signed_headers

PAGE = (Path(__file__).parents[2] / "docs" / "notifications.md").read_text(encoding="utf-8")
(BODY,) = re.findall(r'^(\{"type".*?\}\})$', PAGE, re.DOTALL | re.MULTILINE)


def test_every_event_has_a_row() -> None:
    rows = "\n".join(line for line in PAGE.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`((?:deployment|import)\.\w+)`", rows)) == ALL_EVENTS


def test_the_pauses_are_those_that_are_made() -> None:
    (words,) = re.findall(r"\*\*Tried again\*\* after (.+), then given up", PAGE)
    units = {"s": 1, "minutes": 60, "hours": 3600}
    pauses = [
        float(number) * units[unit]
        for numbers, unit in re.findall(r"([\d, and]+) (s|minutes|hours)", words)
        for number in re.findall(r"\d+", numbers)
    ]
    assert pauses == list(WebhookTimings().pauses)


async def test_the_lines_for_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    (text,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(text, "docs/notifications.md", "exec"), names)
    headers = dict(signed_headers(SECRET, "one", datetime.now(UTC), BODY))
    monkeypatch.setenv("SECRET", SECRET)
    async with receiving() as slack:
        monkeypatch.setenv("SLACK_URL", slack.url)
        request = {"body": BODY, "headers": headers}
        assert await asyncio.to_thread(names["handler"], request, None) == {"statusCode": 204}
        with pytest.raises(WebhookVerificationError):
            await asyncio.to_thread(names["handler"], {**request, "body": BODY.replace("risk", "none")}, None)
    (message,) = slack.received
    assert json.loads(message.body) == {"text": "*fraud-v12* (risk): AWAITING_APPROVAL"}
