"""gateway.blocks.keys: places as the file spells them, and what a wrong key was meant to be."""

import pytest

from gateway.blocks.identity import Identity
from gateway.blocks.keys import Place, block_in, every_key, field_at, meant, spelled, takes
from gateway.settings import Settings


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ((), ""),
        (("server", "port"), "server.port"),
        (
            ("sagemaker-credentials", "assumeRoleByGroup", 1, "roleArn"),
            "sagemaker-credentials.assumeRoleByGroup[1].roleArn",
        ),
        (("server", "AKIAIOSFODNN7EXAMPLE11"), "server.(a key of 22 characters)"),
        (("server", "secretAccessKey:geheim"), "server.(a key of 22 characters)"),
        (("server", "a\nb"), "server.(a key of 3 characters)"),
        (("server", "x" * 33), "server.(a key of 33 characters)"),
        (("server", ""), "server.(a key of 0 characters)"),
    ],
)
def test_a_place_is_spelled_on_one_line_and_without_what_cannot_be_a_key(place: Place, said: str) -> None:
    assert spelled(place) == said


@pytest.mark.parametrize(
    ("place", "known"),
    [
        (("server", "prot"), "port"),
        (("server", "listen"), None),
        (("aws", "endpoint_url"), "endpointUrl"),
        (("sagemakerCredentials",), "sagemaker-credentials"),
        (("permissions", 0, "grp"), "group"),
        (("sagemaker-credentials", "assumeRoleByGroup", 0, "base", "paht"), "path"),
        (("trustedPeers",), "identity.trustedPeers"),
        (("port", "x"), None),
        (("outputS3Uri",), "deployments.rehearsal.outputS3Uri"),
    ],
)
def test_what_a_wrong_key_was_meant_to_be(place: Place, known: str | None) -> None:
    assert meant(Settings, place) == known


def test_every_key_comes_with_the_block_that_it_stands_in() -> None:
    keys = [key for key, _ in every_key(Settings)]
    assert len(keys) == len(set(keys))
    assert keys[:3] == ["server", "server.host", "server.port"]
    assert "sagemaker-credentials.assumeRoleByGroup[].base.path" in keys
    assert "permissions[].maxInstances" in keys


def test_a_field_is_found_through_lists() -> None:
    field = field_at(Settings, ("permissions", 3, "allow"))
    assert field is not None
    assert field.is_required()
    assert field_at(Settings, ("permissions", 3, "nothing", "below")) is None


def test_what_a_missing_key_takes() -> None:
    assert takes(Settings, ("jira", "url")) == "an address such as https://example.com/path"
    assert takes(Settings, ("permissions", 0, "allow")) == "a list"
    assert takes(Settings, ("identity",)) == "a mapping of keys"


def test_the_block_inside_an_annotation() -> None:
    assert block_in(Identity | None) is Identity
    assert block_in(tuple[Identity, ...]) is Identity
    assert block_in(str) is None
