"""The routes of reports, one module for each audience."""

from services.visits.reports.routes import npm, public

ROUTERS = (npm.router, public.router)
