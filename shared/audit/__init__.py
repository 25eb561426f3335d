"""The journal as those who watch over the processing read it: who did what, who was refused what, and why; never what anybody told."""
