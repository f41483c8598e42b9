"""The sandbox by itself."""

import re
import threading
from typing import Any

import boto3
import httpx
import pytest

from sandbox import serve
from sandbox.server import Sandbox


def _run(capsys: pytest.CaptureFixture[str], **how: Any) -> tuple[int, str, str]:
    stop = threading.Event()
    stop.set()
    code = serve.run(stop=stop, **how)
    text = capsys.readouterr()
    return code, text.out, text.err


def test_says_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys)
    assert code == 0
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:" in out
    assert "IAM does not count: any keys will do." in out


def test_says_whose_estate_it_is(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """What IAM holds belongs to the process; the fixture has emptied it."""
    code, out, _ = _run(capsys, estate=True)
    assert code == 0
    assert "export AWS_ACCESS_KEY_ID=AKIASANDBOXGATEWAY01" in out
    assert "arn:aws:iam::222222222222:role/risk --external-id sagegraph-risk-7f3a" in out
    assert "IAM counts." in out


def test_a_port_that_is_taken_is_an_exit_code(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, port=int(sandbox.url.rsplit(":", 1)[1]))
    assert code == 1
    assert "Try --port 0" in err


@pytest.mark.parametrize(("kind", "version"), [("cloud", "3"), ("data-center", "2")])
def test_a_jira_beside_it(kind: str, version: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What it says is enough to ask it, and to set a gateway up."""
    stop, event = threading.Event(), threading.Event()
    answers: list[int] = []

    def ask() -> None:
        while not (match := re.search(r"jira: \{url: (\S+),", capsys.readouterr().out)):
            event.wait(0.01)
        answers.append(httpx.get(f"{match[1]}/rest/api/{version}/serverInfo").status_code)
        stop.set()

    asking = threading.Thread(target=ask)
    asking.start()
    assert serve.run(stop=stop, jira=serve.JiraOptions(kind == "cloud")) == 0
    asking.join(20)
    assert answers == [200]


def test_a_port_of_jiras_that_is_taken(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, jira=serve.JiraOptions(port=int(sandbox.url.rsplit(":", 1)[1])))
    assert code == 1
    assert "Try --port 0 and --jira-port 0." in err


def test_any_program_pointed_at_it_works(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", sandbox.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    client = boto3.Session().client("sagemaker", region_name="us-east-2")
    assert client.list_models()["Models"] == []
    client.close()


def test_it_can_be_made_less_comfortable(sandbox: Sandbox, sagemaker: Any) -> None:
    serve.degrade(sandbox, serve.Load(speed=60, latency_ms=1, throttle=1))
    assert sandbox.clock.speed == 60
    assert sagemaker.list_models()["Models"] == []
    with pytest.raises(sagemaker.exceptions.ClientError, match="Rate exceeded"):
        sagemaker.list_models()
