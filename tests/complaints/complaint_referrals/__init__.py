"""Tests of complaints: complaint referrals."""
