"""Tests of complaints: referrals."""
