"""Reading CSV, JSON Lines and XLSX strictly and as streams: what cannot be read is reported with its place."""
