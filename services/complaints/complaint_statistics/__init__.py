"""Inside statistics of complaints, from the last run; small counts are hidden outside the complaints service."""
