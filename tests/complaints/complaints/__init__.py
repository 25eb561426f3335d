"""Tests of complaints: complaints."""
