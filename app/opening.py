"""How the app starts with a lock: where a device keeps its secrets, and what has to be typed first."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from app.catalogue import _
from app.phone_store import PhoneBiometrics, PhonePlace, PhoneTokenStore
from app.presence import FRESH, Opening, Presence
from app.state import LOCKS_AFTER, Session
from services import Services
from services.clock import ServerClock
from services.errors import NotPermitted
from services.keychain import Keychain, KeychainPlace
from services.lock import Biometrics, DeviceKey, FileLockStore, Lock, SafePlace
from services.offline import recall_time
from services.tokens import KeyringTokenStore, TokenStore, VaultTokenStore
from services.vault import Vault


def desktop_secrets(vault: Vault) -> tuple[TokenStore, SafePlace]:
    """The keychain; where there is none the sign-in lies in the vault, under the PIN."""
    keychain = Keychain()
    if keychain.usable:
        return KeyringTokenStore(keychain), KeychainPlace(keychain)
    return VaultTokenStore(vault.for_everyone()), KeychainPlace(keychain)


def phone_secrets() -> tuple[TokenStore, SafePlace]:
    """The phone's secure store. Untested: needs a phone."""
    from flet_secure_storage import SecureStorage

    store = SecureStorage()
    return PhoneTokenStore(store), PhonePlace(store)


def phone_biometrics() -> Biometrics:
    """A second store, whose entries open to finger or face alone. Untested: needs a phone."""
    from flet_secure_storage import (
        AccessControlFlag,
        AndroidOptions,
        IOSOptions,
        KeyCipherAlgorithm,
        SecureStorage,
    )

    android = AndroidOptions(
        enforce_biometrics=True,
        key_cipher_algorithm=KeyCipherAlgorithm.AES_GCM_NO_PADDING,
        shared_preferences_name="ihanoi-recognised",
        biometric_prompt_title="iHaNoi",
        biometric_prompt_subtitle=_("Fingerprint or face"),
    )
    ios = IOSOptions(access_control_flags=[AccessControlFlag.BIOMETRY_CURRENT_SET])
    return PhoneBiometrics(SecureStorage(android_options=android, ios_options=ios))


def device_lock(
    folder: Path,
    vault: Vault,
    place: SafePlace,
    clock: ServerClock,
    biometrics: Biometrics | None = None,
) -> Lock:
    """The lock of a device of one's own; `folder` holds its record."""
    store = FileLockStore(folder / "lock.json")
    return Lock(store, DeviceKey(vault, place), steady=clock.steady, biometrics=biometrics)


async def device_opening(services: Services, tokens: TokenStore) -> Opening:
    """Open what needs no PIN; the rest is taken up once the PIN was typed."""

    async def opened() -> None:
        if isinstance(tokens, VaultTokenStore):
            await tokens.flush()
        if services.identity.person is None:
            await services.identity.resume()
        await recall_time(services.clock, services.everyone)

    needs = await services.lock.begin()
    if needs:
        # Who is signed in is known without the PIN where the keychain says so.
        with suppress(NotPermitted):
            await services.identity.resume()
    else:
        await opened()
    return Opening(needs, needs == "pin", on_open=opened)


async def web_opening(
    services: Services, presence: Presence, preferences: dict[str, object]
) -> Opening:
    """A tab starts locked, unless another is open or the resident has just signed in anew."""
    has_pin = await services.lock.is_set()
    proven = has_pin and _fresh(services) and not presence.locked
    here = proven or presence.here(services.clock.steady(), _after(preferences))
    return Opening("pin" if has_pin and not here else "", has_pin, proven, presence)


def _after(preferences: dict[str, object]) -> float:
    kept = preferences.get("lock_after")
    return next((one for one in LOCKS_AFTER if one == kept), Session().lock_after)


def _fresh(services: Services) -> bool:
    person = services.identity.person
    if person is None or person.auth_time is None:
        return False
    return services.clock.now().timestamp() - person.auth_time <= FRESH
