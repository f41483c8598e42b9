"""gateway.blocks.block: what all blocks share."""

import pytest
from pydantic import ValidationError

from gateway.blocks.deployments import RehearsalSettings
from gateway.blocks.serving import DatabaseSettings


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
