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
from tests.resolvers.assets.test_changes import asset_harness, churn, faults, rows, uploaded
from tests.resolvers.harness import MutationHarness
from tests.workflows.deployments.deployment_rows import new_deployment_row, register, reload
from workflows.deployments.verify import VerifyPhase

__all__ = ["asset_harness", "churn"]

TEXT = AssetContent(text="# Read me")


def several(registration: Registration | str, *assets: tuple[AssetRole, str], **changes: Any) -> PutAssets:
    """Texts to keep; keywords change the last one."""
    id = registration if isinstance(registration, str) else registration.id
    put_assets = [PutAsset(registration_id=id, role=role, name=name, content=TEXT) for role, name in assets]
    if changes:
        last = put_assets.pop()
        put_assets.append(PutAsset(**{"registration_id": id, "role": last.role, "name": last.name, **changes}))
    return PutAssets(registration_id=id, assets=tuple(put_assets))


async def test_all_are_kept_and_begin_one_attempt(asset_harness: MutationHarness) -> None:
    create_model(asset_harness.sandbox)
    key = await register(asset_harness.database, asset_harness.sandbox)
    row = await new_deployment_row(asset_harness.database)
    await VerifyPhase(asset_harness.means).verify(row.key, 1)
    assert (await reload(asset_harness.database, row.key)).state is DeploymentState.BLOCKED
    asset_harness.started_work.started.clear()
    wanted = several(
        encode_own_id("Registration", key), (AssetRole.SCHEMA, "schema"), (AssetRole.DOCUMENTATION, "readme")
    )
    async with asset_harness.mutation(Permission.IMPORT) as context:
        result = await put_assets(context, wanted)
    assert result.registration is not None
    stored = {(asset.role, asset.name, asset.content) for asset in result.registration.assets}
    assert stored == {(AssetRole.SCHEMA, "schema", TEXT.text), (AssetRole.DOCUMENTATION, "readme", TEXT.text)}
    assert asset_harness.started_work.started == [(f"deploy/{row.key}/2/verify", (row.key, 2))]


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
    asset_harness: MutationHarness, churn: Registration, changes: dict[str, Any], fault: tuple[str, tuple[str, ...]]
) -> None:
    wanted = several(churn, (AssetRole.SCHEMA, "schema"), (AssetRole.OTHER, "readme"), **{"content": TEXT, **changes})
    async with asset_harness.mutation(Permission.IMPORT) as context:
        with pytest.raises(UserFaultError) as caught:
            await put_assets(context, wanted)
    assert [(error.code.value, error.field) for error in caught.value.errors] == [fault]
    assert (await rows(asset_harness))[0] == []


async def test_a_list_is_neither_empty_nor_endless_and_names_none_twice(
    asset_harness: MutationHarness, churn: Registration
) -> None:
    one = (AssetRole.OTHER, "readme")
    many = [(AssetRole.OTHER, str(number)) for number in range(MAX_ASSETS + 1)]
    for wanted, field in (
        (several(churn), ("assets",)),
        (several(churn, *many), ("assets",)),
        (several(churn, one, one), ("assets", "1", "name")),
    ):
        ((code, path, _),) = await faults(asset_harness, put_assets, wanted)
        assert (code, path) == ("INVALID", field)
    assert (await rows(asset_harness))[0] == []


async def test_an_upload_is_kept_beside_a_text_and_the_call_can_be_repeated(
    asset_harness: MutationHarness, churn: Registration
) -> None:
    _, asset = await uploaded(asset_harness, churn)
    wanted = PutAssets(registration_id=churn.id, assets=(*several(churn, (AssetRole.OTHER, "readme")).assets, asset))
    for _ in range(2):
        async with asset_harness.mutation(Permission.IMPORT) as context:
            result = await put_assets(context, wanted)
        assert result.registration is not None
        assert {stored.name for stored in result.registration.assets} == {"readme", "train.csv"}
