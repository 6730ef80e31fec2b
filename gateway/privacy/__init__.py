"""What the city keeps of its residents, and their rights over it (docs/privacy.md)."""
