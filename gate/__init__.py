"""The inspector: reads a card code offline and answers with one word (docs/card-code.md, docs/gates.md).

It needs no gateway, holds no secret and imports nothing of ours; cryptography and the standard
library are enough.
"""
