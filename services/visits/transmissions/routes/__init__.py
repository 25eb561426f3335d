"""The routes of transmissions, one module for each audience."""

from services.visits.transmissions.routes import authority, npm

ROUTERS = (npm.router, authority.router)
