"""The thin API client and what must work on the device without a network. No Flet."""
