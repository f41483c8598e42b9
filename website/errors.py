"""The error that stops the build of the site."""


class SiteError(Exception):
    """The site cannot be built as it stands; the message has one line for each fault, with its page."""
