"""The recommendations service: recommendations, answers, assessments and escalations."""
