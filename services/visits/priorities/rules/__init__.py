"""The rules of the visit priority score (F1): `inputs`, `components`, `explanations` and `score`. Pure."""
