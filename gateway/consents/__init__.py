"""What residents agree to, purpose by purpose: asked when first needed, provable, withdrawn in one step.

The rules stand in docs/consents.md. Features ask `ledger` here, and `stopping` calls features: so
nothing is imported in this file.
"""
