"""What people told us, sealed under the key of their case: narratives, answers, reasons."""
