"""The table of every attack that a test sees refused: docs/attacks.md, made from the tests' marks."""
