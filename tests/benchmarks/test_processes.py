"""The settings that a measured gateway gets, and the environment that everybody gets."""

import pytest

from auth.permissions import Permission
from benchmarks.processes import TimedResponse, environment, settings
from gateway.settings.settings import from_mapping


def test_the_gateway_takes_the_settings() -> None:
    taken = from_mapping(settings("http://127.0.0.1:4566", "us-east-2", 8123) | {"sagemaker": {"search": False}})
    assert taken.server.port == 8123
    assert taken.aws.endpoint_url == "http://127.0.0.1:4566"
    assert not taken.sagemaker.search
    assert [grant.allow for grant in taken.permissions] == [(Permission.READ,)]


def test_nobody_inherits_a_word_of_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    passed = environment(AWS_ENDPOINT_URL="http://127.0.0.1:4566")
    assert {key: value for key, value in passed.items() if key.startswith("AWS_")} == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566"
    }


def test_an_answers_errors_are_its_messages() -> None:
    assert TimedResponse(1.0, {"errors": [{"message": "refused"}]}).errors == ["refused"]
    assert TimedResponse(1.0, {"data": {}}).errors == []
