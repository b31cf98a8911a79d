"""Tests of the query library."""
