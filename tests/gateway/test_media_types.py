"""gateway.media_types: names without case and parameters, and the choice between the two types of answers."""

import pytest

from gateway.media_types import GRAPHQL_RESPONSE_JSON, JSON, accepts_html, media_type, negotiated


@pytest.mark.parametrize("text", ["Application/JSON", "application/json ; charset=utf-8", " application/json;a=b"])
def test_a_name_has_neither_case_nor_parameters(text: str) -> None:
    assert media_type(text) == JSON


@pytest.mark.parametrize(
    ("accept", "html"),
    [("text/html", True), ("TEXT/HTML;q=0.9, */*", True), ("*/*", False), ("text/*", False), ("", False)],
)
def test_html_is_asked_for_by_name(accept: str, html: bool) -> None:
    assert accepts_html(accept) is html


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", JSON),
        (GRAPHQL_RESPONSE_JSON, GRAPHQL_RESPONSE_JSON),
        (f"{GRAPHQL_RESPONSE_JSON};q=0.1", GRAPHQL_RESPONSE_JSON),
        (f"{JSON};q=0.2, {GRAPHQL_RESPONSE_JSON};q=0.1", JSON),
        (f"{JSON};q=0.2, {GRAPHQL_RESPONSE_JSON};q=0.2", GRAPHQL_RESPONSE_JSON),
        (f"{GRAPHQL_RESPONSE_JSON};q=nan", JSON),
    ],
)
def test_the_newer_type_is_for_clients_that_name_it(accept: str, chosen: str) -> None:
    assert negotiated(accept) == chosen
