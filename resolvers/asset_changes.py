"""Assets of registrations: kept, forgotten, and the means to upload them."""

from datetime import UTC, datetime, timedelta
from typing import Final

from aws.storage import Upload
from registry import assets, registrations, uploads
from registry.ids import key_of, new_key
from registry.records import Registration
from registry.words import AssetRole
from resolvers.acts import Act, absent
from resolvers.asset_contents import Content, content_faults, content_of, no_such_upload
from resolvers.asset_names import check_asset, key_in_bucket
from resolvers.asset_payloads import (
    CreateUpload,
    FormField,
    HandedUpload,
    PutAsset,
    RemoveAsset,
    UploadPayload,
)
from resolvers.registrations import RegistrationPayload, owned
from resolvers.user_errors import UserError, UserErrorCode, UserFaultError, fault
from workflows.deployments.turning import asset_arrived

MOST_ASSETS: Final = 100
"""The most assets of one registration, which shows all of them at once."""
FORM_SECONDS: Final = 900
"""For how long a form is good, where the session that signs it lasts that long."""
# An upload that began in time may end late, and is then still to be put.
_GRACE: Final = timedelta(hours=1)
_NO_BUCKET: Final = UserError("This gateway has no bucket for uploads (`assets.bucket`).", UserErrorCode.DISABLED)


async def put(act: Act, given: PutAsset) -> RegistrationPayload:
    """Keeps an asset, in the place of the one of its role and name."""
    registration = await _registration(act, given.registration_id, given.role, given.name)
    check_asset(given.name, given.content_type, content_faults(given))
    if _has_taken(registration, given):
        return RegistrationPayload(registration=registration)
    try:
        content = await content_of(act, registration, given)
        kept = await _keep(act, registration, given, content)
    except UserFaultError:
        # Of the same call, sent several times at once, one takes the upload, and the others find it taken.
        if (kept_by_it := await _taken_meanwhile(act, registration, given)) is None:
            raise
        return RegistrationPayload(registration=kept_by_it)
    await asset_arrived(act.request.services.lifecycle.means, _key(registration))
    return RegistrationPayload(registration=kept)


async def remove(act: Act, given: RemoveAsset) -> RegistrationPayload:
    """Forgets an asset; what it stands for in S3 stays there."""
    registration = await _registration(act, given.registration_id, given.role, given.name)
    key, services = _key(registration), act.request.services
    async with services.database.writing() as connection:
        if not await assets.remove(connection, key, given.role, given.name):
            words = f"The registration has no asset {given.role.value} of this name."
            raise fault(words, UserErrorCode.NOT_FOUND, "name")
        changed = await registrations.by_key(connection, key, services.required_assets)
    if changed is None:
        raise absent("registration", "registrationId")
    return RegistrationPayload(registration=changed)


async def create_upload(act: Act, given: CreateUpload) -> UploadPayload:
    """Hands out a form that sends one file to a place which the gateway chooses, signed as the owning group's role."""
    registration = await _registration(act, given.registration_id, given.role, given.name)
    services = act.request.services
    check_asset(given.name, given.content_type, () if services.assets_bucket else (_NO_BUCKET,))
    hand = await act.hand_for(registration.group, registration.region)
    owner, key = _key(registration), new_key()
    place = key_in_bucket(hand.view.scope.account_id, registration.group, owner, key, given.name)
    form = await hand.writer.storage.upload_form(
        f"s3://{services.assets_bucket}/{place}",
        given.content_type,
        services.public_settings.max_upload_bytes,
        FORM_SECONDS,
    )
    new = uploads.NewUpload(
        key=key,
        role=given.role,
        name=given.name,
        content_type=given.content_type,
        s3_uri=form.s3_uri,
        created_by=act.subject,
        expires_at=form.expires_at + _GRACE,
    )
    async with services.database.writing() as connection:
        upload = await uploads.create(connection, owner, new, datetime.now(UTC))
    return UploadPayload(upload=_handed(upload.id, form))


def _handed(upload_id: str, form: Upload) -> HandedUpload:
    return HandedUpload(
        upload_id=upload_id,
        url=form.url,
        fields=tuple(FormField(name, value) for name, value in form.fields),
        s3_uri=form.s3_uri,
        expires_at=form.expires_at,
        max_size_bytes=form.max_size_bytes,
    )


async def _registration(act: Act, registration_id: str, role: AssetRole, name: str) -> Registration:
    registration = await owned(act, registration_id, "registrationId")
    act.target = f"Registration {registration.id}, asset {role.value} {name[: assets.LONGEST_NAME]}"
    return registration


async def _keep(act: Act, registration: Registration, given: PutAsset, content: Content) -> Registration:
    """The registration with the asset, once both it and the end of its upload are written."""
    key, services, now = _key(registration), act.request.services, datetime.now(UTC)
    new = assets.NewAsset(
        role=given.role,
        name=given.name,
        s3_uri=content.s3_uri,
        content=content.text,
        content_type=content.content_type,
        size_bytes=content.size_bytes,
        added_by=act.subject,
        added_at=now,
    )
    async with services.database.writing() as connection:
        if content.upload_key is not None and not await uploads.take(
            connection, content.upload_key, key, given.role, given.name, now
        ):
            raise no_such_upload()
        await assets.put(connection, key, new)
        changed = await registrations.by_key(connection, key, services.required_assets)
        if changed is not None and len(changed.assets) > MOST_ASSETS:
            words = f"A registration has {MOST_ASSETS} assets at most; remove one of the others."
            raise fault(words, UserErrorCode.QUOTA_EXCEEDED)
    if changed is None:
        raise absent("registration", "registrationId")
    return changed


async def _taken_meanwhile(act: Act, registration: Registration, given: PutAsset) -> Registration | None:
    """The registration as it is now, if this very upload has become this asset since it was looked at."""
    if given.content.upload_id is None:
        return None
    key, services = _key(registration), act.request.services
    async with services.database.reading() as connection:
        now = await registrations.by_key(connection, key, services.required_assets)
    return now if now is not None and _has_taken(now, given) else None


def _has_taken(registration: Registration, given: PutAsset) -> bool:
    """Whether this very upload has become this asset already, so that a call whose answer was lost can be repeated."""
    key = key_of(given.content.upload_id or "", "AssetUpload")
    return key is not None and any(
        asset.role is given.role and asset.name == given.name and f"/{key}/" in (asset.s3_uri or "")
        for asset in registration.assets
    )


def _key(registration: Registration) -> str:
    return str(key_of(registration.id, "Registration"))
