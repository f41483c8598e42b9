"""schema.registrations.mutations: what is left out is left to the settings, or stays as it is; null clears."""

from typing import Any

import pytest
import strawberry

from resolvers.entered_credentials import EnteredCredentials
from resolvers.imports.results import ImportModel
from resolvers.registrations.updates import UNCHANGED, UpdateRegistration
from schema.imports.entered_credentials import EnteredCredentialsInput
from schema.imports.mutations import ImportModelInput, ImportPlanInput
from schema.registrations.mutations import RemoveRegistrationInput, SyncRegistrationInput, UpdateRegistrationInput

ID = strawberry.ID("r")
METADATA: Any = {"team": ["a"]}


def test_an_import_leaves_to_the_settings_what_it_does_not_say() -> None:
    least = ImportModelInput(model_name="churn").value()
    assert least == ImportModel(model_name="churn")
    assert (least.create_default_snapshot, least.start_deployments, least.dry_run) == (None, None, False)
    assert ImportModelInput(model_name="churn", dry_run=None).value() == least


def test_all_of_an_import() -> None:
    import_model_input = ImportModelInput(
        model_name="churn",
        region="eu-west-1",
        group="risk",
        display_name="Churn",
        description="Who will leave",
        credentials=EnteredCredentialsInput(access_key_id="AKIA", secret_access_key="geheim"),
        dry_run=True,
        create_default_snapshot=False,
        start_deployments=False,
        custom_metadata=METADATA,
    )
    assert import_model_input.value() == ImportModel(
        model_name="churn",
        region="eu-west-1",
        group="risk",
        display_name="Churn",
        description="Who will leave",
        credentials=EnteredCredentials("AKIA", "geheim"),
        dry_run=True,
        create_default_snapshot=False,
        start_deployments=False,
        custom_metadata={"team": ["a"]},
    )
    assert "geheim" not in repr(import_model_input.value())


def test_a_plan_is_of_an_import() -> None:
    import_plan_input = ImportPlanInput(
        model_name="churn", region="eu-west-1", group="risk", create_default_snapshot=True
    )
    assert import_plan_input.value() == ImportModel(
        model_name="churn", region="eu-west-1", group="risk", create_default_snapshot=True, start_deployments=None
    )


def test_ids() -> None:
    assert (SyncRegistrationInput(id=ID).value(), RemoveRegistrationInput(id=ID).value()) == ("r", "r")


@pytest.mark.parametrize("field", ["display_name", "description", "custom_metadata"])
@pytest.mark.parametrize("value", [None, "said"])
def test_what_is_left_out_stays_and_null_is_passed_on(field: str, value: str | None) -> None:
    unchangeds = {"display_name": UNCHANGED, "description": UNCHANGED, "custom_metadata": UNCHANGED}
    assert UpdateRegistrationInput(id=ID).value() == UpdateRegistration(id="r", **unchangeds)
    changed = UpdateRegistrationInput(id=ID, **{field: value})  # type: ignore[arg-type]  # One field of several.
    assert changed.value() == UpdateRegistration(id="r", **{**unchangeds, field: value})
