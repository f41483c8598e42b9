"""website.schema_reference: nothing of the schema is left out, and its links lead to what is there."""

import posixpath
import re

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

from schema.permissions import root_permissions
from tests.contract.printed_schema import gateway_schema, own_types, printed
from website.schema_reference import reference_pages

OWN = own_types(printed())


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference_pages(printed(), root_permissions(gateway_schema()))


def said(text: str) -> str:
    """A text without what Markdown and line breaks add to it."""
    return re.sub(r"\s+", " ", text.replace("&lt;", "<").replace("&gt;", ">"))


def test_every_type_has_a_page_which_the_index_names(pages: dict[str, str]) -> None:
    assert pages.keys() == {"reference/index.md", *(f"reference/{name}.md" for name in OWN)}
    assert set(re.findall(r"^- \[(\w+)\]\(\w+\.md\)", pages["reference/index.md"], re.MULTILINE)) == OWN.keys()


def test_every_field_argument_and_value_stands_there_with_its_description(pages: dict[str, str]) -> None:
    for type_ in OWN.values():
        page = said(pages[f"reference/{type_.name}.md"])
        headings = set(re.findall(r"^## (\w+)$", pages[f"reference/{type_.name}.md"], re.MULTILINE))
        assert said(type_.description or "") in page
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType | GraphQLEnumType):
            members = type_.values if isinstance(type_, GraphQLEnumType) else type_.fields
            assert headings == members.keys()
            for member in members.values():
                assert said(member.description or "") in page, type_.name
        if isinstance(type_, GraphQLObjectType):
            for field in type_.fields.values():
                for name, argument in field.args.items():
                    assert f"- `{name}`: " in page
                    assert said(argument.description or "") in page


def test_every_link_leads_to_a_page_and_its_heading(pages: dict[str, str]) -> None:
    for place, text in pages.items():
        for target in re.findall(r"\]\(([^)]+)\)", text):
            path, _, anchor = target.partition("#")
            found = posixpath.normpath(posixpath.join("reference", path))
            if found == "permissions.md":
                continue
            assert found in pages, place
            assert not anchor or anchor in [h.lower() for h in re.findall(r"^## (.+)$", pages[found], re.MULTILINE)]


def test_a_root_field_tells_its_permissions(pages: dict[str, str]) -> None:
    sections = pages["reference/Mutation.md"].split("\n## ")
    (imports,) = (section for section in sections if section.startswith("importModel\n"))
    assert "Takes the permission [`READ`](../permissions.md) and [`IMPORT`](../permissions.md)." in imports
    (me,) = (section for section in pages["reference/Query.md"].split("\n## ") if section.startswith("me\n"))
    assert "Takes the permission" not in me
