"""The routes of information on places, one module for each audience."""

from services.visits.information.routes import npm, partner

ROUTERS = (npm.npm, partner.partner)
