"""Scrapes that wait for the database, however busy the machine."""

import pytest


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.observability.stored_state.PATIENCE_SECONDS", 30)
