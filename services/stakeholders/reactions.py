"""What the stakeholders service does with other services' events. Each reaction is idempotent by the inbox's position."""

from collections.abc import Mapping

from shared.inbox import Reaction

FEEDS: Mapping[str, Mapping[str, Reaction]] = {}
