"""Outside registers as named adapters, each with its `sandbox` twin.

One file, sandbox.json, seeds every twin.
"""
