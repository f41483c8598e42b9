"""What is at an address in S3, as those see it who must be able to read it."""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from auth.ownership import through
from aws.errors import AccessDeniedError, InvalidRequestError, NotFoundError
from aws.naming import MalformedAddressError, split_s3_uri
from aws.storage import StoredObject
from registry.records import Registration
from resolvers.acts import Act
from resolvers.request import View
from resolvers.user_errors import UserErrorCode, UserFaultError, fault

_PATH: Final = ("content", "s3Uri")
# Old buckets have longer names, with capitals and underscores.
_BUCKET: Final = re.compile(r"[A-Za-z0-9._-]{3,255}")
_LONGEST_KEY: Final = 1024
# More than an address can have; an https one spells each byte of its key with three characters.
_LONGEST: Final = 4000


async def readers(act: Act, registration: Registration) -> Sequence[View]:
    """Those as whom an asset of a registration must be readable.

    The owner's role reads it when a snapshot is deployed. Whoever is over the owner needs a role that may read it, too,
    where they have one in that region: nobody finds out through another group's role what is in S3.

    Raises:
        auth.errors.AuthError: See `Act.hand_for` and `Request.view_of_seat`.
    """
    request, region = act.request, registration.region
    owner = (await act.hand_for(registration.group, region)).view
    standing = through(request.policy, request.caller, registration.group, act.permission)
    if standing is None or standing.group == registration.group:
        return (owner,)
    seat = request.policy.seat(request.caller, standing.group)
    if seat.entry is None or region not in seat.entry.regions:
        return (owner,)
    return (await request.view_of_seat(seat, region), owner)


def checked_address(address: str) -> str:
    """The address, in its `s3://` spelling. Raises UserFaultError for one that is none of S3's."""
    try:
        bucket, key = split_s3_uri(address[:_LONGEST])
    except MalformedAddressError as error:
        raise fault(str(error), UserErrorCode.INVALID, *_PATH) from None
    if not _BUCKET.fullmatch(bucket):
        raise fault("No bucket can have this name.", UserErrorCode.INVALID, *_PATH)
    if len(key.encode()) > _LONGEST_KEY:
        raise fault(f"A key in S3 has {_LONGEST_KEY:,} bytes at most.", UserErrorCode.INVALID, *_PATH)
    return f"s3://{bucket}/{key}"


async def found_at(view: View, uri: str) -> StoredObject | None:
    """The object at an address; None where it is a prefix, and what is below it can be read.

    Raises:
        UserFaultError: It cannot be read, or there is nothing.
        aws.errors.AWSError: S3 turned calls away, or did not answer.
    """
    storage, role = view.scope.writer.storage, view.scope.role or "the group's role"
    try:
        if not uri.endswith("/"):
            with suppress(NotFoundError):
                return await storage.look(uri)
        below = (await storage.under(uri, 1)).objects
        if below:
            await storage.look(below[0].s3_uri)
            return None
    except AccessDeniedError:
        raise _unreadable(f"AWS refuses this address to {role}, or there is nothing that it may list.") from None
    except NotFoundError:
        pass
    except InvalidRequestError as error:
        raise fault(str(error), UserErrorCode.INVALID, *_PATH) from error
    raise _unreadable(f"There is nothing at this address, as {role} sees it.")


def _unreadable(words: str) -> UserFaultError:
    return fault(words, UserErrorCode.UNREADABLE, *_PATH)
