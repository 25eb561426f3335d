"""The rules of visits: `status` (vocabularies and machine), `guards` (what is missing), `team` (who may go). Pure."""
