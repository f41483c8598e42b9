"""docs/tutorials/eks.md: its trust policies let a pod's token through both roles, and a load balancer's token in."""

import argparse
import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from moto.iam.models import iam_backends

from gateway.commands import check
from gateway.settings.settings import load
from sandbox.estate import Estate
from sandbox.iam import tokens
from sandbox.server import Sandbox
from tests.auth.tokens.token_issuer import KID, ec, serving
from tests.docs.fences import Fence, assert_shown, fences
from tests.gateway_client import RISK, fresh_database
from tests.live.subscribers import served

PAGE = "docs/tutorials/eks.md"
GATEWAY_TRUST, RISK_TRUST, ANSWER = fences(PAGE, "json")
(VALUES,) = fences(PAGE, "yaml")
(QUESTION,) = fences(PAGE, "graphql")
SECRET = "a-secret-of-your-choice"
OTHER_LOAD_BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:999999999999:loadbalancer/app/theirs/50dc6c495c0c9188"


def trusts(estate: Estate) -> tuple[str, str]:
    """Give the sandbox's IAM the page's trust policies; gives issuer and subject of the pods."""
    gateway, risk = (iam_backends[account]["aws"] for account in (estate.account, RISK.account))
    condition = json.loads(GATEWAY_TRUST.text)["Statement"][0]["Condition"]["StringEquals"]
    (issuer, subject), _ = ((name.rpartition(":")[0], value) for name, value in condition.items())
    gateway.create_open_id_connect_provider(f"https://{issuer}", ["0" * 40], ["sts.amazonaws.com"], [])
    gateway.update_assume_role_policy("gateway", GATEWAY_TRUST.text)
    risk.update_assume_role_policy("risk", RISK_TRUST.text)
    return issuer, subject


def here(folder: Path, sandbox: Sandbox, keys_url: str, token: Path) -> Path:
    """The settings of the page's values, with what is of this machine: addresses, the token's file and the database."""
    settings = yaml.safe_load(VALUES.text)["settings"]
    settings |= {"aws": {"endpointUrl": sandbox.url}, "database": {"url": fresh_database()}}
    settings["identity"]["trustedPeers"] = ["127.0.0.1/32"]
    settings["identity"]["alb"]["keysUrl"] = keys_url
    (entry,) = settings["sagemaker-credentials"]["eksServiceAccountCredentials"]
    entry["webIdentityTokenFile"] = str(token)
    path = folder / "sagegraph.yaml"
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return path


def shown_lines(fence: Fence) -> list[str]:
    """The lines of an output that are shown, and not left out."""
    return [line for line in fence.text.splitlines() if line != "…"]


async def test_a_pod_is_let_through_and_people_sign_in(
    tmp_path: Path,
    sandbox: Sandbox,
    estate: Estate,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RISK_EXTERNAL_ID", SECRET)
    issuer, subject = trusts(estate)
    token = tmp_path / "token"
    token.write_text(tokens.issue(issuer, subject, time.time() + 600))
    key = ec(KID)
    async with serving() as keys:
        keys.documents[f"/{KID}"] = key.pem
        path = here(tmp_path, sandbox, f"{keys.url}/", token)
        status, output = await check_status(path), capsys.readouterr().out.splitlines()
        assert (status, [line for line in output if not line.startswith("ok ")]) == (0, ["0 faults."])
        (report,) = (fence for fence in fences(PAGE) if fence.text.startswith("ok     database"))
        assert [line for line in shown_lines(report) if line not in output] == []
        async with served(load(path, os.environ)) as gateway:
            signer = yaml.safe_load(VALUES.text)["settings"]["identity"]["alb"]["signer"]

            async def ask(by: str) -> Any:
                claims = {"email": "ann@example.com", "groups": ["risk"], "sub": "1", "exp": int(time.time()) + 300}
                header = {"x-amzn-oidc-data": key.sign(claims, signer=by, iss="https://login.example.com")}
                return await gateway.client.http.post("/graphql", json={"query": QUESTION.text}, headers=header)

            answer = (await ask(signer)).json()
            assert answer.get("errors") is None
            assert_shown(ANSWER, answer["data"])
            sandbox.calls.clear()
            refused = await ask(OTHER_LOAD_BALANCER)
            assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
            assert sandbox.calls.count() == 0
            await gateway.quiet()


async def check_status(path: Path) -> int:
    """The status of `python -m gateway check`."""
    return await asyncio.to_thread(check.run, argparse.Namespace(config=str(path)))
