"""Lists as files: CSV, XLSX and JSON Lines, streamed out of one reading transaction.

An export shows what the list shows to the same caller, row by row in the same order, and decides nothing about rights.
"""
