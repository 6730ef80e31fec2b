"""Personas on the web host: the sandbox's app as one of its residents, in memory alone, with faults of its own."""
