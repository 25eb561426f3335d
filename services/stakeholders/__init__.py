"""The stakeholders service: authorities, experts, accreditations, conflicts of interest and decisions on who may do what."""
