"""gateway.settings.model: models, values and their faults."""

import pytest
from pydantic import ValidationError

from gateway.settings.deployments import RehearsalSettings
from gateway.settings.errors import YamlPath, format_path
from gateway.settings.identity import IdentitySettings
from gateway.settings.model import all_keys, field_at, missing_remedy, model_in, suggested_key
from gateway.settings.server import DatabaseSettings
from gateway.settings.settings import Settings


def test_keys_are_camel_case_and_no_other() -> None:
    assert RehearsalSettings.model_validate({"outputS3Uri": "s3://bucket/"}).output_s3_uri == "s3://bucket/"
    with pytest.raises(ValidationError):
        RehearsalSettings.model_validate({"output_s3_uri": "s3://bucket/"})


def test_nothing_changes_after_the_start() -> None:
    block = RehearsalSettings()
    with pytest.raises(ValidationError):
        block.instance_count = 2


def test_pydantics_own_error_holds_no_value() -> None:
    with pytest.raises(ValidationError) as caught:
        DatabaseSettings.model_validate({"url": "mysql://geheim"})
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("place", "text"),
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
def test_a_place_is_spelled_on_one_line_and_without_what_cannot_be_a_key(place: YamlPath, text: str) -> None:
    assert format_path(place) == text


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
def test_what_a_wrong_key_was_meant_to_be(place: YamlPath, known: str | None) -> None:
    assert suggested_key(Settings, place) == known


def test_every_key_comes_with_the_block_that_it_stands_in() -> None:
    keys = [key for key, _ in all_keys(Settings)]
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
    assert missing_remedy(Settings, ("jira", "url")) == "expected an address such as https://example.com/path"
    assert missing_remedy(Settings, ("permissions", 0, "allow")) == "expected a list"
    assert missing_remedy(Settings, ("identity",)) == "expected a mapping of keys"


def test_the_block_inside_an_annotation() -> None:
    assert model_in(IdentitySettings | None) is IdentitySettings
    assert model_in(tuple[IdentitySettings, ...]) is IdentitySettings
    assert model_in(str) is None
