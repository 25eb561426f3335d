"""History: visits that were made before this system, taken in as imported records."""
