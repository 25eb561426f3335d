"""What this service keeps of others: names of authorities, people, places and reports, and who is on a visit."""
