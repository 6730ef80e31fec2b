"""Long runs behind their own commands."""
