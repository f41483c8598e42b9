"""gateway.observability.traces: off unless a collector is named, and a start that says what is missing."""

import importlib.util
import re

import pytest

from gateway.observability.traces import open_tracer, traces_fault
from gateway.settings.observability import ObservabilitySettings
from tests.contract.product_files import product_files

NAMED = ObservabilitySettings(otlpEndpoint="http://127.0.0.1:4318")  # type: ignore[call-arg]


async def test_off_unless_a_collector_is_named() -> None:
    async with open_tracer(ObservabilitySettings()) as tracer:
        assert tracer is None


def test_one_module_alone_knows_opentelemetry_and_nobody_imports_it_in_vain() -> None:
    imports = re.compile(r"^\s*(?:from|import) (?:opentelemetry|gateway\.observability\.otlp)\b", re.MULTILINE)
    files = [path.name for path in product_files() if imports.search(path.read_text(encoding="utf-8"))]
    assert files == ["otlp.py"]


def test_the_extra_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (traces_fault(ObservabilitySettings()), traces_fault(NAMED)) == (None, None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert traces_fault(ObservabilitySettings()) is None
    fault = traces_fault(NAMED)
    assert fault is not None
    assert fault.startswith("observability.otlpEndpoint needs the extra `traces`; install ")
