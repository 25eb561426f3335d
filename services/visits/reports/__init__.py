"""Reports: drafting, sharing, approving, publishing and withholding the reports of the NPM."""
