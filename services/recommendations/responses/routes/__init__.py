"""The routes of answers, one file per audience."""

from services.recommendations.responses.routes import authority, npm

ROUTERS = (npm.npm, authority.authority)
