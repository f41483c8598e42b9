"""One list of error codes: that of the exceptions, the schema's description, docs/clients.md and the metrics."""

import re
from collections.abc import Iterator
from typing import Any

from gateway.observability.request_outcome import SEVERITY
from schema import errors
from tests.contract.printed_schema import FOLDER, printed


def subclasses(kind: Any) -> Iterator[Any]:
    yield kind
    for subclass in kind.__subclasses__():
        yield from subclasses(subclass)


def test_every_exception_has_a_code_of_the_list() -> None:
    codes = {coded.code for kind in errors._CODED for coded in subclasses(kind)}
    assert codes - {"PERSISTED_QUERY_NOT_SUPPORTED"} == errors.ERROR_CODES.keys() - {"PERSISTED_QUERY_NOT_SUPPORTED"}


def test_metrics_know_the_same_codes() -> None:
    assert set(SEVERITY) == errors.ERROR_CODES.keys()


def test_the_description_of_the_schema_and_the_page_of_clients_name_them_all() -> None:
    assert printed().description is not None
    assert re.findall(r"^- `(\w+)`", printed().description or "", re.MULTILINE) == list(errors.ERROR_CODES)
    page = (FOLDER.parent / "docs" / "clients.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| `extensions\.code` \| (.*)", page, re.MULTILINE)
    assert re.findall(r"`([A-Z_]+)`", row) == list(errors.ERROR_CODES)
