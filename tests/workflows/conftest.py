"""What tests of work share: gateways' sessions that read botocore's descriptions of the services once."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def one_reading(service_models: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets reaches without an open gateway around them share the descriptions, too: each reading takes 0.1 s."""
    monkeypatch.setattr("gateway.bootstrap.new_data_loader", lambda: service_models)
