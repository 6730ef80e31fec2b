"""The app's lock: a PIN of six digits, or the device's biometrics, in front of what lies here."""

from services.lock.digits import LENGTH, Flaw, flaw_of
from services.lock.keys import Biometrics, DeviceKey, KeyHolder, SafePlace, ServerKey
from services.lock.lock import Attempt, Lock, Needs
from services.lock.stores import FileLockStore, LockStore, VaultLockStore

__all__ = [
    "LENGTH",
    "Attempt",
    "Biometrics",
    "DeviceKey",
    "FileLockStore",
    "Flaw",
    "KeyHolder",
    "Lock",
    "LockStore",
    "Needs",
    "SafePlace",
    "ServerKey",
    "VaultLockStore",
    "flaw_of",
]
