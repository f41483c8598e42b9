"""Jira errors, and the translation of the library's exceptions, which carry the token."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from jira.exceptions import JIRAError
from jira.resilientsession import parse_error_msg
from requests import Response
from requests.exceptions import ConnectTimeout, InvalidURL, RequestException, SSLError, TooManyRedirects
from urllib3.exceptions import NewConnectionError


class JiraError(Exception):
    """Any failure of Jira. The message is safe to show: it holds no token, and of Jira's answer one line at most."""


class JiraUnavailableError(JiraError):
    """Jira cannot be reached, is too slow, or failed by itself (5xx): the call may or may not have been carried out."""


class JiraUnreachedError(JiraUnavailableError):
    """There was no connection to Jira at all, so nothing was done."""


class JiraThrottledError(JiraError):
    """Jira has turned the call away (429), so nothing was done.

    Attributes:
        seconds: The wait before the next call.
    """

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class JiraRefusedError(JiraError):
    """The account or its token is not accepted (401), or may not do this (403)."""


class JiraMisconfiguredError(JiraError):
    """Project, issue type, status or address differ from the settings; the message names the setting to change."""


class JiraGoneError(JiraError):
    """The issue is not there (any more), or not for the gateway's account to see: Jira tells no difference."""


_MIN_RETRY_AFTER: Final = 1.0
_MAX_RETRY_AFTER: Final = 3600.0
# The wait if 429 comes without one.
_DEFAULT_RETRY_AFTER: Final = 60.0


@contextmanager
def translated_errors(secrets: Sequence[str] = ()) -> Iterator[None]:
    """Translate the exceptions of the `jira` library, and take the secrets out of their messages.

    Args:
        secrets: The texts to remove; a proxy in front of Jira may repeat a request in its answer.

    Raises:
        JiraMisconfiguredError: The URL, user or token is wrong, or the request is malformed.
        JiraUnavailableError: Jira does not answer, or answers in an undocumented form.
    """
    try:
        yield
    except JIRAError as error:
        raise _as_jira_error(error, secrets) from None
    except (TooManyRedirects, InvalidURL):
        message = "Jira sends the gateway on to another address; put the address that it is really at into jira.url."
        raise JiraMisconfiguredError(message) from None
    except SSLError:
        message = "Jira's certificate is not one that this machine trusts; add its authority to the machine's."
        raise JiraUnavailableError(message) from None
    except (RequestException, OSError) as error:
        if isinstance(error, ValueError):  # The library's way to say that the answer is no JSON.
            raise _not_json() from None
        kind = JiraUnreachedError if _is_unconnected(error) else JiraUnavailableError
        raise kind(f"Jira cannot be reached, or is too slow ({type(error).__name__}).") from None
    except ValueError:
        raise _not_json() from None
    except (LookupError, TypeError, AttributeError, NotImplementedError, RecursionError):
        raise JiraUnavailableError("Jira has answered in an undocumented form.") from None


def reject_anonymous_answer(response: Response, *_: object, **__: object) -> None:
    """Refuse a response that Jira gave to an anonymous caller: some resources ignore a bad token and show less with
    200.

    Seen with expired tokens of Cloud: https://github.com/MrRefactoring/jira.js/issues/418.

    Raises:
        JiraRefusedError: The answer was given to nobody.
    """
    if response.ok and "AUTHENTICATED_FAILED" in response.headers.get("X-Seraph-LoginReason", ""):
        raise JiraRefusedError(_UNAUTHENTICATED)


_UNAUTHENTICATED: Final = "Jira does not accept jira.user with jira.token (401); make a new token."


def _as_jira_error(error: JIRAError, secrets: Sequence[str]) -> JiraError:
    status, text = error.status_code or 0, _reason_in_answer(error, secrets)
    if status == 401:
        return JiraRefusedError(_UNAUTHENTICATED)
    if status == 403:
        return JiraRefusedError(f"Jira does not let the gateway's account do this (403){text}")
    if status == 404:
        return JiraGoneError(f"Jira has no such item, or hides it from the gateway's account (404){text}")
    if status == 429:
        seconds = _retry_after(error)
        return JiraThrottledError(f"Jira has had too many calls and asks to wait {seconds:g} seconds (429).", seconds)
    if 400 <= status < 500:
        return JiraMisconfiguredError(f"Jira rejects the gateway's request ({status}){text}")
    return JiraUnavailableError(f"Jira has failed ({status})." if status else "Jira has given no answer.")


def _reason_in_answer(error: JIRAError, secrets: Sequence[str]) -> str:
    """Jira's own words, in one line: they name the field or the status that is wrong."""
    words = " ".join(parse_error_msg(error.response).split()) if error.response is not None else ""
    for secret in secrets:
        words = words.replace(secret, "…")
    if not words or "<html" in words.lower():
        return "."
    return f": {words[:300]}"


def _retry_after(error: JIRAError) -> float:
    """The wait that Jira asks for, in seconds, or as a date, as HTTP allows."""
    text = error.response.headers.get("Retry-After", "") if error.response is not None else ""
    try:
        seconds = float(text) if text.strip().isdigit() else (parsedate_to_datetime(text) - _now()).total_seconds()
    except (TypeError, ValueError):
        seconds = _DEFAULT_RETRY_AFTER
    return min(max(seconds, _MIN_RETRY_AFTER), _MAX_RETRY_AFTER)


def _now() -> datetime:
    return datetime.now(UTC)


def _is_unconnected(error: Exception) -> bool:
    """Tell whether no connection was made; one that was made and broken may have carried the request."""
    cause = error.args[0] if error.args else None
    return isinstance(error, ConnectTimeout) or isinstance(getattr(cause, "reason", None), NewConnectionError)


def _not_json() -> JiraUnavailableError:
    return JiraUnavailableError(
        "The answers from jira.url are not those of Jira's REST API; correct the address, or check the proxy "
        "in front of it."
    )
