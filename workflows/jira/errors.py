"""What can be wrong with Jira; the library's own exceptions end here, because they carry the token."""


class JiraError(Exception):
    """Any failure of Jira. The message is safe to show: it holds no token, and of Jira's answer one line at most."""


class JiraUnavailableError(JiraError):
    """Jira cannot be reached, is too slow, or failed by itself (5xx): what was asked may or may not have been done."""


class JiraUnreachedError(JiraUnavailableError):
    """There was no connection to Jira at all, so nothing was done."""


class JiraThrottledError(JiraError):
    """Jira has turned the call away (429), so nothing was done.

    Attributes:
        seconds: How long to wait before asking again.
    """

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class JiraRefusedError(JiraError):
    """The account or its token is not accepted (401), or may not do this (403)."""


class JiraMisconfiguredError(JiraError):
    """Project, issue type, status or address are not what the settings say; the message names what to change."""


class JiraGoneError(JiraError):
    """The issue is not there (any more), or not for the gateway's account to see: Jira tells no difference."""
