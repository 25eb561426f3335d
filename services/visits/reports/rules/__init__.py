"""The rules of reports: `status` (vocabularies and machines), `guards` (what is missing), `contents` (what goes out). Pure."""
