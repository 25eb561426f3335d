"""What goes out about the caller's rights."""

from shared.schemas import Shown


class OpenOperation(Shown):
    """An operation that class and scopes let the caller into."""

    operation: str
    """Its id in the document of the caller's class."""
    method: str
    path: str
    actions: list[str]
    """Of a transitions route: the actions whose scopes the caller holds."""
    needs_step_up: bool
    """Whether it asks for a strong login at most ten minutes ago."""
    needs_purpose: bool
    """Whether it asks for a reason in X-Access-Purpose."""


class CallerRights(Shown):
    """What the caller may do."""

    audience_class: str
    roles: list[str]
    operations: list[OpenOperation]
    """By path and method; one for each operation of the document that is open."""
