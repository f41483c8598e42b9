"""A gateway is killed between the copy of an upload and the asset's row: the call that is repeated keeps that copy."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.database import Database
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway
from tests.imports import IMPORT_SETTINGS, dump_tables
from tests.live.gateway_processes import PATIENCE, configured, serving
from tests.registry.factories import create_registration

pytestmark = pytest.mark.crash

ASSETS = {"bucket": RISK.bucket, "maxUploadBytes": 1000}
ASSET = {"role": "TRAINING_DATA", "name": "train.csv"}
UPLOAD = """mutation($input: CreateAssetUploadInput!) {
  createAssetUpload(input: $input) { upload { uploadId url fields { name value } } userErrors { code } }
}"""
PUT = """mutation($input: PutAssetInput!) {
  putAsset(input: $input) { registration { assets { name s3Uri sizeBytes } } userErrors { code } }
}"""


async def test_a_copy_whose_gateway_died_is_kept_by_the_call_that_is_repeated(
    sandbox: Sandbox, estate: Estate, open_gateway: OpenGateway, database_url: str, tmp_path: Path
) -> None:

    async with Database(database_url) as database:
        made = await create_registration(database, account_id=RISK.account, region=RISK.region, group=RISK.name)
    async with serving(configured(tmp_path, sandbox, database_url, assets=ASSETS), "copy:after") as (process, gateway):
        value = {**ASSET, "registrationId": made.id, "contentType": "text/csv"}
        upload = (await gateway.ask(UPLOAD, {"input": value})).data["createAssetUpload"]["upload"]
        await _send(upload, b"1,2\n")
        take = {"input": {**ASSET, "registrationId": made.id, "content": {"uploadId": upload["uploadId"]}}}
        with pytest.raises(httpx.TransportError):
            await gateway.ask(PUT, take)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == -9
    (copy,) = _taken(sandbox)
    assert (dump_tables(database_url)["assets"], len(dump_tables(database_url)["uploads"])) == ([], 1)
    blocks = {**IMPORT_SETTINGS, "assets": ASSETS, "database": {"url": database_url}}
    async with open_gateway(**blocks) as gateway:
        payload = (await gateway.ask(PUT, take)).data["putAsset"]
    (asset,) = payload["registration"]["assets"]
    assert (payload["userErrors"], asset) == ([], {"name": "train.csv", "s3Uri": copy, "sizeBytes": 4})
    assert _taken(sandbox) == [copy]
    assert (len(dump_tables(database_url)["assets"]), dump_tables(database_url)["uploads"]) == (1, [])


def _taken(sandbox: Sandbox) -> list[str]:
    return sandbox.objects.under(f"s3://{RISK.bucket}/{RISK.account}/risk/taken/")


async def _send(upload: Any, content: bytes) -> None:
    fields = {field["name"]: field["value"] for field in upload["fields"]}
    async with httpx.AsyncClient() as http:
        answer = await http.post(upload["url"], data=fields, files={"file": ("train.csv", content)})
    assert answer.status_code == 204
