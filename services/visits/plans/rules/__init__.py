"""The rules of plans: `status` (vocabularies and machine) and `adoption` (what is missing, what is unwise). Pure."""
