"""S3 objects behind assets, looked at with a role of the caller's own."""

import re
from contextlib import suppress
from typing import Final

from auth.ownership import granting_group
from aws.client.errors import AccessDeniedError, InvalidRequestError, NotFoundError
from aws.s3_uris import MalformedS3UriError, split_s3_uri
from aws.storage import StoredObject
from registry.records import Registration
from resolvers.errors import UserErrorCode, UserFaultError, user_fault
from resolvers.mutations.context import MutationContext
from resolvers.views.resource_view import LiveView

_PATH: Final = ("content", "s3Uri")
# Old buckets have longer names, with capitals and underscores.
_BUCKET: Final = re.compile(r"[A-Za-z0-9._-]{3,255}")
_MAX_KEY_BYTES: Final = 1024
# More than an address can have; an https one spells each byte of its key with three characters.
_MAX_ADDRESS_LENGTH: Final = 4000


async def reader_for(context: MutationContext, registration: Registration) -> LiveView:
    """The view whose role looks at an address in S3 for an asset of the registration.

    A member of the owning group looks with the group's role, which also reads the asset for a deployment. A caller of a
    group that is over the owner looks with their own group's role: nobody learns through another group's role which
    objects it can see. The owner's role then reads the asset, or is refused it, when a deployment needs it.

    Raises:
        UserFaultError: The caller is over the owner and has no role of their own in the region.
        auth.errors.AuthError: See `MutationContext.write_access_for_owner` and `Request.view_for_role`.
    """
    request, region = context.request, registration.region
    owner = (await context.write_access_for_owner(registration.group, region)).view
    granted = granting_group(request.policy, request.caller, registration.group, context.permission)
    if granted is None or granted.group == registration.group:
        return owner
    selection = request.policy.select_role_for(request.caller, granted.group)
    if selection.entry is None or region not in selection.entry.regions:
        raise _unreadable(
            f"Your group has no role of its own in {region} to look at this address with. "
            f"Send the file with createAssetUpload, or let the group `{registration.group}` put it."
        )
    return await request.view_for_role(selection, region)


def checked_s3_uri(address: str) -> str:
    """The address, in its `s3://` spelling. Raises UserFaultError for one that is none of S3's."""
    try:
        bucket, key = split_s3_uri(address[:_MAX_ADDRESS_LENGTH])
    except MalformedS3UriError as error:
        raise user_fault(str(error), UserErrorCode.INVALID, *_PATH) from None
    if not _BUCKET.fullmatch(bucket):
        raise user_fault(
            "This is not the name of a bucket; write s3://, a bucket's name, a slash and the key.",
            UserErrorCode.INVALID,
            *_PATH,
        )
    if len(key.encode()) > _MAX_KEY_BYTES:
        raise user_fault(
            f"The key is longer than the {_MAX_KEY_BYTES:,} bytes that S3 allows.", UserErrorCode.INVALID, *_PATH
        )
    return f"s3://{bucket}/{key}"


async def object_at(view: LiveView, uri: str) -> StoredObject | None:
    """The object at an `s3://` address, as the view's role sees it; None for a prefix below which it can read.

    Raises:
        UserFaultError: It cannot be read, or there is nothing.
        aws.client.errors.AWSError: S3 turned calls away, or did not answer.
    """
    storage, role = view.scope.writer.storage, view.scope.role or "the group's role"
    try:
        if not uri.endswith("/"):
            with suppress(NotFoundError):
                return await storage.head(uri)
        below = (await storage.list_objects(uri, 1)).objects
        if below:
            await storage.head(below[0].s3_uri)
            return None
    except AccessDeniedError:
        raise _unreadable(f"AWS refuses this address to {role}, or there is nothing that it may list.") from None
    except NotFoundError:
        pass
    except InvalidRequestError as error:
        raise user_fault(str(error), UserErrorCode.INVALID, *_PATH) from error
    raise _unreadable(
        f"{role} finds nothing at this address; correct it, or give the role s3:GetObject and s3:ListBucket."
    )


def _unreadable(message: str) -> UserFaultError:
    return user_fault(message, UserErrorCode.UNREADABLE, *_PATH)
