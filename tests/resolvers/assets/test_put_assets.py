"""resolvers.assets.changes.put_assets: several assets are kept at once, all or none."""

from typing import Any

import pytest

from auth.permissions import Permission
from registry.enums import AssetRole, DeploymentState
from registry.ids import encode_own_id
from registry.records import Registration
from resolvers.assets.changes import MAX_ASSETS, put_assets
from resolvers.assets.inputs import AssetContent, PutAsset, PutAssets
from resolvers.errors import UserFaultError
from tests.deployments import create_model
from tests.resolvers.assets.test_changes import churn, faults, rows, shelf, uploaded
from tests.resolvers.harness import MutationHarness
from tests.workflows.deployments.deployment_rows import new_deployment_row, register, reload
from workflows.deployments.verify import VerifyPhase

__all__ = ["churn", "shelf"]

TEXT = AssetContent(text="# Read me")


def several(registration: Registration | str, *assets: tuple[AssetRole, str], **changes: Any) -> PutAssets:
    """Texts to keep; keywords change the last one."""
    id = registration if isinstance(registration, str) else registration.id
    given = [PutAsset(registration_id=id, role=role, name=name, content=TEXT) for role, name in assets]
    if changes:
        last = given.pop()
        given.append(PutAsset(**{"registration_id": id, "role": last.role, "name": last.name, **changes}))
    return PutAssets(registration_id=id, assets=tuple(given))


async def test_all_are_kept_and_begin_one_attempt(shelf: MutationHarness) -> None:
    create_model(shelf.sandbox)
    key = await register(shelf.database, shelf.sandbox)
    row = await new_deployment_row(shelf.database)
    await VerifyPhase(shelf.means).verify(row.key, 1)
    assert (await reload(shelf.database, row.key)).state is DeploymentState.BLOCKED
    shelf.started_work.started.clear()
    wanted = several(
        encode_own_id("Registration", key), (AssetRole.SCHEMA, "schema"), (AssetRole.DOCUMENTATION, "readme")
    )
    async with shelf.mutation(Permission.IMPORT) as context:
        result = await put_assets(context, wanted)
    assert result.registration is not None
    kept = {(asset.role, asset.name, asset.content) for asset in result.registration.assets}
    assert kept == {(AssetRole.SCHEMA, "schema", TEXT.text), (AssetRole.DOCUMENTATION, "readme", TEXT.text)}
    assert shelf.started_work.started == [(f"deploy/{row.key}/2/verify", (row.key, 2))]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": " ", "content": TEXT}, ("INVALID", ("assets", "1", "name"))),
        ({"content": AssetContent(text="x" * 70_000)}, ("INVALID", ("assets", "1", "content", "text"))),
        (
            {"content": AssetContent(s3_uri="s3://nowhere-at-all/x")},
            ("UNREADABLE", ("assets", "1", "content", "s3Uri")),
        ),
        ({"content": AssetContent(upload_id="none")}, ("NOT_FOUND", ("assets", "1", "content", "uploadId"))),
    ],
)
async def test_one_fault_keeps_none(
    shelf: MutationHarness, churn: Registration, changes: dict[str, Any], fault: tuple[str, tuple[str, ...]]
) -> None:
    wanted = several(churn, (AssetRole.SCHEMA, "schema"), (AssetRole.OTHER, "readme"), **{"content": TEXT, **changes})
    async with shelf.mutation(Permission.IMPORT) as context:
        with pytest.raises(UserFaultError) as caught:
            await put_assets(context, wanted)
    assert [(error.code.value, error.field) for error in caught.value.errors] == [fault]
    assert (await rows(shelf))[0] == []


async def test_a_list_is_neither_empty_nor_endless_and_names_none_twice(
    shelf: MutationHarness, churn: Registration
) -> None:
    one = (AssetRole.OTHER, "readme")
    many = [(AssetRole.OTHER, str(number)) for number in range(MAX_ASSETS + 1)]
    for wanted, field in (
        (several(churn), ("assets",)),
        (several(churn, *many), ("assets",)),
        (several(churn, one, one), ("assets", "1", "name")),
    ):
        ((code, path, _),) = await faults(shelf, put_assets, wanted)
        assert (code, path) == ("INVALID", field)
    assert (await rows(shelf))[0] == []


async def test_an_upload_is_kept_beside_a_text_and_the_call_can_be_repeated(
    shelf: MutationHarness, churn: Registration
) -> None:
    _, asset = await uploaded(shelf, churn)
    wanted = PutAssets(registration_id=churn.id, assets=(*several(churn, (AssetRole.OTHER, "readme")).assets, asset))
    for _ in range(2):
        async with shelf.mutation(Permission.IMPORT) as context:
            result = await put_assets(context, wanted)
        assert result.registration is not None
        assert {kept.name for kept in result.registration.assets} == {"readme", "train.csv"}
