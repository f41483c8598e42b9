"""workflows.jira.links: a ticket leads to GraphiQL, with a question that the schema takes about its own deployment."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from graphql import parse, validate

from registry.ids import encode_own_id, new_key
from tests.contract.printed import printed
from workflows.jira.links import DEPLOYMENT_QUERY, deployment_link
from workflows.jira.texts import TextLine, to_wiki

ID = encode_own_id("Deployment", new_key())


@pytest.mark.parametrize(
    ("gateway", "page"),
    [
        ("https://example.com", "https://example.com/graphql"),
        ("https://example.com/", "https://example.com/graphql"),
        ("https://example.com/graphql", "https://example.com/graphql"),
        ("https://example.com/graphql/", "https://example.com/graphql"),
        ("http://[::1]:8000/ml/gateway/", "http://[::1]:8000/ml/gateway/graphql"),
        ("https://example.com/mygraphql?a=b#c", "https://example.com/mygraphql/graphql"),
    ],
)
def test_it_leads_to_the_page_of_the_explorer(gateway: str, page: str) -> None:
    link = deployment_link(gateway, ID)
    assert link.split("?")[0] == page
    given = parse_qs(urlsplit(link).query, strict_parsing=True)
    assert {name: len(values) for name, values in given.items()} == {"query": 1, "variables": 1}
    assert given["query"] == [DEPLOYMENT_QUERY]
    assert json.loads(given["variables"][0]) == {"id": ID}


def test_jira_finds_no_markup_in_it_and_browsers_none_too_long() -> None:
    link = deployment_link("https://example.com", f'{ID}{{x}}[y]|z"\\!*')
    assert not set(link).intersection("{}[]|\\\"!*' \n")
    assert len(link) < 1000
    assert to_wiki([TextLine(ID, "Deployment", link)]) == f"*Deployment:* [{ID}|{link}]"


def test_the_schema_takes_the_question() -> None:
    assert validate(printed(), parse(DEPLOYMENT_QUERY)) == []
