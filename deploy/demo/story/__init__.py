"""The story of nine steps that must always work, played over HTTP with real tokens. It opens no database and mocks nothing."""
