"""The one way a start is refused. The message must be a sentence a person can act on, never a stack of causes."""


class ClusterRefused(Exception):
    """The cluster cannot be started as asked; the message says why and what to do."""
