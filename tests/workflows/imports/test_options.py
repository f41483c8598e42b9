"""workflows.imports.options: what was asked for comes back as it was, and what is not said is not wished."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.schema.imports.test_types import RUN
from workflows.imports.options import ImportOptions, options_of

ALL = ImportOptions(
    display_name="Churn",
    description="Who will leave",
    custom_metadata={"team": {"lead": "ada"}, "tiers": [1, 2]},
    create_default_snapshot=True,
    start_deployments=True,
    sync=True,
    entered=True,
)


@pytest.mark.parametrize("options", [ImportOptions(), ALL])
def test_they_are_kept_as_json(options: ImportOptions) -> None:
    stored: Any = json.loads(json.dumps(options.to_json()))
    assert options_of(replace(RUN, wishes=stored)) == options


def test_a_run_from_before_an_option_existed_lacks_it() -> None:
    assert options_of(replace(RUN, wishes={"display_name": "Churn"})) == ImportOptions(display_name="Churn")
