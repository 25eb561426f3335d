"""The routes of corrections, one module for each audience."""

from services.visits.corrections.routes import authority, npm

ROUTERS = (npm.router, authority.router)
