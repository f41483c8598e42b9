"""Assets on the sandbox's AWS: a registration of risk's, a bucket for uploads, and what is asked of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sandbox.server import Sandbox
from tests.gateway_client import RISK, OpenGateway
from tests.live.mutation_bench import PERMISSIONS, MutationBench, mutation_bench_on
from tests.registry.factories import create_registration

BUCKET = RISK.bucket
OBJECT = f"s3://{BUCKET}/docs/readme.md"
SHOWN = """registration { id assets { role name s3Uri content contentType sizeBytes addedBy }
  requiredAssets { role present } }"""


@dataclass(frozen=True)
class AssetBench:
    """A bench with a registration."""

    bench: MutationBench
    registration_id: str

    async def put(self, content: dict[str, Any], role: str = "DOCUMENTATION", name: str = "readme", **more: Any) -> Any:
        """The payload of putAsset."""
        user = {key: more.pop(key) for key in ("user", "groups", "acting") if key in more}
        value = {"registrationId": self.registration_id, "role": role, "name": name, "content": content, **more}
        return await self.bench.do("putAsset", value, SHOWN, **user)

    async def remove(self, role: str = "DOCUMENTATION", name: str = "readme") -> Any:
        """The payload of removeAsset."""
        value = {"registrationId": self.registration_id, "role": role, "name": name}
        return await self.bench.do("removeAsset", value, SHOWN)

    async def upload(self, name: str = "train.csv", content_type: str = "text/csv", **user: Any) -> Any:
        """The payload of createAssetUpload."""
        value = {
            "registrationId": self.registration_id,
            "role": "TRAINING_DATA",
            "name": name,
            "contentType": content_type,
        }
        shown = "upload { uploadId url fields { name value } s3Uri expiresAt maxSizeBytes }"
        return await self.bench.do("createAssetUpload", value, shown, **user)

    async def taken(self, upload_id: str, name: str = "train.csv") -> Any:
        """The payload of putAsset for an upload."""
        return await self.put({"uploadId": upload_id}, "TRAINING_DATA", name)


@asynccontextmanager
async def asset_bench_on(open_gateway: OpenGateway, sandbox: Sandbox, **blocks: Any) -> AsyncIterator[AssetBench]:
    """A bench for one registration of risk's, which may upload 1,000 bytes; keywords are blocks of the settings."""
    sandbox.objects.write(OBJECT, b"# Read me\n")
    settings = {"permissions": PERMISSIONS, "assets": {"bucket": BUCKET, "maxUploadBytes": 1000}, **blocks}
    async with mutation_bench_on(open_gateway, sandbox, **settings) as bench:
        made = await create_registration(bench.database, account_id=RISK.account, region=RISK.region, group=RISK.name)
        yield AssetBench(bench, made.id)


def assets_of(payload: Any) -> list[dict[str, Any]]:
    """The assets that a payload shows, once it is without fault."""
    assert payload["userErrors"] == []
    result: list[dict[str, Any]] = payload["registration"]["assets"]
    return result


def faults_of(payload: Any) -> list[tuple[str, Any]]:
    """The code and field of each fault of a payload that shows nothing else."""
    assert next(iter(payload.values())) is None
    return [(error["code"], error["field"]) for error in payload["userErrors"]]
