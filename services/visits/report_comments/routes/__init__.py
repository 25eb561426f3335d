"""The routes of comments, one module for each audience."""

from services.visits.report_comments.routes import expert, npm

ROUTERS = (npm.router, expert.router)
