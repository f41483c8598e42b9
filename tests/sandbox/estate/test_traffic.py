"""sandbox.estate.traffic: what the pages of runtimes in service have to show, and those of others have not."""

from datetime import UTC, datetime, timedelta
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from sandbox.estate import Estate, fill, write_traffic
from sandbox.server import Sandbox

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_each_variant_in_service_has_an_hour_of_traffic_and_another_to_come(sandbox: Sandbox, estate: Estate) -> None:
    write_traffic(sandbox, estate, NOW)
    data: list[Any] = cloudwatch_backends[estate.risk.account][estate.risk.region].get_all_metrics()
    latencies = [datum for datum in data if datum.name == "ModelLatency"]
    served = {tuple(dimension.value for dimension in datum.dimensions) for datum in latencies}
    assert served == {
        ("aml-transaction-monitor", "AllTraffic"),
        ("credit-risk-scorer", "challenger"),
        ("credit-risk-scorer", "champion"),
        ("credit-risk-scorer-staging", "AllTraffic"),
        ("fraud-detection", "live"),
        ("loan-document-classifier", "AllTraffic"),
    }
    assert len(latencies) == 24 * len(served)
    assert {datum.unit for datum in latencies} == {"Microseconds"}
    idle = [datum for datum in latencies if datum.dimensions[0].value == "credit-risk-scorer-staging"]
    moments = {datum.timestamp for datum in latencies if datum not in idle}
    noon = NOW.replace(tzinfo=None)
    assert (min(moments), max(moments)) == (noon - timedelta(hours=1), noon + timedelta(minutes=55))
    assert max(datum.timestamp for datum in idle) == noon - timedelta(days=5) + timedelta(minutes=55)


def test_what_a_component_is_asked_is_its_own(sandbox: Sandbox) -> None:
    estate = fill(sandbox, pipelined=True)
    write_traffic(sandbox, estate, NOW)
    data: list[Any] = cloudwatch_backends[estate.marketing.account][estate.marketing.region].get_all_metrics()
    asked = {tuple(dimension.value for dimension in datum.dimensions) for datum in data}
    assert ("uplift-ranker-v3",) in asked
    assert not any(place[0] == "campaign-models" for place in asked)
