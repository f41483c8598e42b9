"""Asset mutations: put, remove, create an upload."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from aws.upload_forms import UploadForm
from registry import assets, registrations, uploads
from registry.enums import AssetRole
from registry.ids import key_of, new_key
from registry.records import Registration
from resolvers.assets.contents import AssetSource, content_errors, resolve_content, upload_not_found
from resolvers.assets.inputs import (
    AssetUploadForm,
    CreateUpload,
    CreateUploadResult,
    FormField,
    PutAsset,
    PutAssets,
    RemoveAsset,
)
from resolvers.assets.names import FaultsByIndex, check_asset, check_list, upload_key
from resolvers.errors import UserError, UserErrorCode, UserFaultError, user_fault
from resolvers.mutations.context import MutationContext, not_found
from resolvers.registrations.updates import RegistrationResult, require_registration
from workflows.deployments.blocked import recheck_blocked_for

MAX_ASSETS: Final = 100
"""The most assets of one registration, which shows all of them at once."""
MAX_OUTSTANDING_UPLOADS: Final = 100
"""The most uploads of one registration that were handed out, and neither put nor expired."""
_TOO_MANY_UPLOADS: Final = (
    f"The registration has {MAX_OUTSTANDING_UPLOADS} uploads that are neither put as assets nor expired; put them, or "
    "wait until they expire."
)
UPLOAD_FORM_SECONDS: Final = 900
"""The time for which a form is good, if the session that signs it lasts that long."""
# An upload that began in time may end late, and is then still to be put.
_GRACE: Final = timedelta(hours=1)
_UPLOADS_DISABLED: Final = UserError(
    "Uploads are off (`assets.bucket`); give the asset's S3 address or its text instead.", UserErrorCode.DISABLED
)


async def put_asset(context: MutationContext, input: PutAsset) -> RegistrationResult:
    """Keep the input's asset, in the place of the registration's asset of the same role and name.

    Raises:
        UserFaultError: The asset cannot be kept as the input asks, or the registration has too many.
    """
    registration = await _require_registration(context, input.registration_id, input.role, input.name)
    check_asset(input.name, input.content_type, content_errors(input))
    if _is_same_upload(registration, input):
        return RegistrationResult(registration=registration)
    try:
        content = await resolve_content(context, registration, input)
        stored = await _store_assets(context, registration, [(input, content)])
    except UserFaultError:
        # Of the same call, sent several times at once, one takes the upload, and the others find it taken.
        if (kept_by_it := await _stored_meanwhile(context, registration, input)) is None:
            raise
        return RegistrationResult(registration=kept_by_it)
    await recheck_blocked_for(context.request.services.lifecycle.deps, _registration_key(registration))
    return RegistrationResult(registration=stored)


async def put_assets(context: MutationContext, input: PutAssets) -> RegistrationResult:
    """Keep all assets of the input, or none; each takes the place of the registration's asset of its role and name.

    Raises:
        UserFaultError: It lists every asset at fault, by its index.
    """
    registration = await require_registration(context, input.registration_id, "registrationId")
    context.target = f"Registration {registration.id}, {len(input.assets)} assets"
    check_list(input.assets, MAX_ASSETS)
    for_each = FaultsByIndex("assets")
    for index, asset in enumerate(input.assets):
        with for_each.at(index):
            check_asset(asset.name, asset.content_type, content_errors(asset))
    for_each.raise_if_any()
    contents: list[tuple[PutAsset, AssetSource]] = []
    for index, asset in enumerate(input.assets):
        if not _is_same_upload(registration, asset):
            with for_each.at(index):
                contents.append((asset, await resolve_content(context, registration, asset)))
    for_each.raise_if_any()
    stored = await _store_assets(context, registration, contents)
    await recheck_blocked_for(context.request.services.lifecycle.deps, _registration_key(registration))
    return RegistrationResult(registration=stored)


async def remove_asset(context: MutationContext, input: RemoveAsset) -> RegistrationResult:
    """Forget the asset that the input names; its object in S3 stays. Raises UserFaultError if there is none."""
    registration = await _require_registration(context, input.registration_id, input.role, input.name)
    key, services = _registration_key(registration), context.request.services
    async with services.database.writing() as connection:
        if not await assets.remove(connection, key, input.role, input.name):
            words = f"The registration has no asset {input.role.value} of this name."
            raise user_fault(words, UserErrorCode.NOT_FOUND, "name")
        changed = await registrations.by_key(connection, key, services.required_assets)
    if changed is None:
        raise not_found("registration", "registrationId")
    return RegistrationResult(registration=changed)


async def create_asset_upload(context: MutationContext, input: CreateUpload) -> CreateUploadResult:
    """Sign a form, as the owning group's role, that uploads the input's asset to a key which the gateway chooses.

    Raises:
        UserFaultError: The settings name no bucket, the asset's name is at fault, or too many forms are out.
    """
    registration = await _require_registration(context, input.registration_id, input.role, input.name)
    services = context.request.services
    check_asset(input.name, input.content_type, () if services.settings.assets.bucket else (_UPLOADS_DISABLED,))
    access = await context.write_access_for_owner(registration.group, registration.region)
    owner, key = _registration_key(registration), new_key()
    place = upload_key(access.view.scope.account_id, registration.group, owner, key, input.name)
    form = await access.writer.storage.upload_form(
        f"s3://{services.settings.assets.bucket}/{place}",
        input.content_type,
        services.settings.assets.max_upload_bytes,
        UPLOAD_FORM_SECONDS,
    )
    new = uploads.NewUpload(
        key=key,
        role=input.role,
        name=input.name,
        content_type=input.content_type,
        s3_uri=form.s3_uri,
        created_by=context.subject,
        expires_at=form.expires_at + _GRACE,
    )
    async with services.database.writing() as connection:
        upload = await uploads.create(connection, owner, new, datetime.now(UTC), MAX_OUTSTANDING_UPLOADS)
    if upload is None:
        raise user_fault(_TOO_MANY_UPLOADS, UserErrorCode.QUOTA_EXCEEDED, "registrationId")
    return CreateUploadResult(upload=_upload_form(upload.id, form))


def _upload_form(upload_id: str, form: UploadForm) -> AssetUploadForm:
    return AssetUploadForm(
        upload_id=upload_id,
        url=form.url,
        fields=tuple(FormField(name, value) for name, value in form.fields),
        s3_uri=form.s3_uri,
        expires_at=form.expires_at,
        max_size_bytes=form.max_size_bytes,
    )


async def _require_registration(
    context: MutationContext, registration_id: str, role: AssetRole, name: str
) -> Registration:
    """The registration, which with the asset becomes the target in the audit trail."""
    registration = await require_registration(context, registration_id, "registrationId")
    context.target = f"Registration {registration.id}, asset {role.value} {name[: assets.MAX_ASSET_NAME_CHARACTERS]}"
    return registration


async def _store_assets(
    context: MutationContext, registration: Registration, contents: Sequence[tuple[PutAsset, AssetSource]]
) -> Registration:
    """The registration with the assets, once all of them and the ends of their uploads are written."""
    key, services, now = _registration_key(registration), context.request.services, datetime.now(UTC)
    async with services.database.writing() as connection:
        for input, content in contents:
            if content.upload_key is not None and not await uploads.consume(
                connection, content.upload_key, key, input.role, input.name, now
            ):
                raise upload_not_found()
            await assets.upsert(connection, key, _new_asset(context, input, content, now))
        changed = await registrations.by_key(connection, key, services.required_assets)
        if changed is not None and len(changed.assets) > MAX_ASSETS:
            words = f"The registration has {MAX_ASSETS} assets, the most allowed; remove one first."
            raise user_fault(words, UserErrorCode.QUOTA_EXCEEDED)
    if changed is None:
        raise not_found("registration", "registrationId")
    return changed


def _new_asset(context: MutationContext, input: PutAsset, content: AssetSource, now: datetime) -> assets.NewAsset:
    return assets.NewAsset(
        role=input.role,
        name=input.name,
        s3_uri=content.s3_uri,
        content=content.text,
        content_type=content.content_type,
        size_bytes=content.size_bytes,
        fingerprint=content.fingerprint,
        added_by=context.subject,
        added_at=now,
    )


async def _stored_meanwhile(
    context: MutationContext, registration: Registration, input: PutAsset
) -> Registration | None:
    """The registration as it is now, if this very upload has become this asset since it was looked at."""
    if input.content.upload_id is None:
        return None
    key, services = _registration_key(registration), context.request.services
    async with services.database.reading() as connection:
        now = await registrations.by_key(connection, key, services.required_assets)
    return now if now is not None and _is_same_upload(now, input) else None


def _is_same_upload(registration: Registration, input: PutAsset) -> bool:
    """True if this upload has become this asset already, so that a call whose answer was lost can be repeated."""
    key = key_of(input.content.upload_id or "", "AssetUpload")
    return key is not None and any(
        asset.role is input.role and asset.name == input.name and f"/{key}/" in (asset.s3_uri or "")
        for asset in registration.assets
    )


def _registration_key(registration: Registration) -> str:
    return str(key_of(registration.id, "Registration"))
