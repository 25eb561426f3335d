"""Conduct: preparation, sessions, meetings and debriefing of a visit, each a part of it."""
