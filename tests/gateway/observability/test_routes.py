"""gateway.observability.routes: shown to who scrapes the process itself, and to nobody that a proxy lets in."""

import pytest

from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient, OpenGateway


async def test_metrics_in_either_format(gateway: GatewayClient, sandbox: Sandbox) -> None:
    plain = await gateway.http.get("/metrics")
    assert (plain.status_code, plain.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert (plain.headers["cache-control"], "# EOF" in plain.text) == ("no-store", False)
    accept = {"accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}
    open_metrics = await gateway.http.get("/metrics", headers=accept)
    assert open_metrics.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert open_metrics.text.endswith("# EOF\n")
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize("header", ["X-Forwarded-User", "X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
async def test_nothing_is_shown_through_a_proxy(gateway: GatewayClient, header: str) -> None:
    response = await gateway.http.get("/metrics", headers={header: "10.0.0.1"})
    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert "sagegraph_" not in response.text


@pytest.mark.parametrize(
    "sent", [None, "Bearer", "Bearer wrong", "bearer geheim", "Basic geheim", "Bearer gehe\u0131m"]
)
async def test_a_token_is_asked_for_if_there_is_one(open_gateway: OpenGateway, sent: str | None) -> None:
    async with open_gateway(observability={"metricsToken": "geheim"}) as gateway:
        headers = {} if sent is None else {"Authorization": sent.encode("utf-8")}
        refused = await gateway.http.get("/metrics", headers=headers)  # type: ignore[arg-type]
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert refused.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert "geheim" not in refused.text
        through = {"Authorization": "Bearer geheim", "X-Forwarded-For": "10.0.0.1"}
        shown = await gateway.http.get("/metrics", headers=through)
        assert (shown.status_code, "geheim" in shown.text) == (200, False)


async def test_off(open_gateway: OpenGateway) -> None:
    async with open_gateway(observability={"metrics": False}) as gateway:
        assert (await gateway.http.get("/metrics")).status_code == 404
        assert (await gateway.ask("{ me { subject } }")).data == {"me": {"subject": "ann"}}
