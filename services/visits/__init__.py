"""The visits service: places of detention, plans, visits and reports."""
