"""Teams: who has a role in a visit and whether they may go, from what stakeholders decided."""
