"""Names that an imported source writes to, and the authority that each stands for: decided once for each name."""
