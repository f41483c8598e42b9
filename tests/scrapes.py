"""Scrapes of `/metrics`, and what moves between two of them."""

from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

from tests.gateway_client import GatewayClient

Series = tuple[str, tuple[tuple[str, str], ...]]
"""A sample's name, and its labels in order."""


def series(name: str, /, **labels: str) -> Series:
    return name, tuple(sorted(labels.items()))


def parsed(text: str) -> Mapping[Series, float]:
    """Each sample of an exposition; one that stands there twice fails."""
    samples: dict[Series, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = series(sample.name, **sample.labels)
            assert key not in samples, key
            samples[key] = sample.value
    return samples


async def scrape(gateway: GatewayClient) -> Mapping[Series, float]:
    response = await gateway.http.get("/metrics")
    assert response.status_code == 200, response.text
    return parsed(response.text)


def moved(before: Mapping[Series, float], after: Mapping[Series, float]) -> Mapping[Series, float]:
    """What has become another number, by how much."""
    changes = {key: value - before.get(key, 0) for key, value in after.items()}
    return {key: change for key, change in changes.items() if change}
