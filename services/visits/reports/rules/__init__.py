"""The rules of reports: `status` (vocabularies and machines) and `guards` (what is missing). Pure."""
