"""The routes of recommendations, one file per audience."""

from services.recommendations.recommendations.routes import authority, expert, npm, public

ROUTERS = (npm.npm, expert.expert, authority.authority, public.public)
