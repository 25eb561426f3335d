"""The stakeholder map."""
