"""The routes of visits, one module for each audience."""

from services.visits.visits.routes import authority, expert, npm

ROUTERS = (npm.npm, expert.expert, authority.authority)
