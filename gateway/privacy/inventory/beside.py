"""What is kept outside the gateway's tables: files, the web host's database, vaults, memory."""

from __future__ import annotations

from gateway.privacy.lines import Beside

BESIDE = (
    Beside(
        "media store: <media_id>.jpg, -thumbnail.jpg, .pdf, .zip",
        "gateway/media_store.py",
        "Photos and documents of reports, photos that prove a correction, exports.",
        "goes with its row; of a public report only the cleared copy stays",
        "as its row",
    ),
    Beside(
        "media store: <media_id>-public.jpg",
        "gateway/media_store.py",
        "The copy of a report's photo that an officer cleared, with faces and plates blurred.",
        "stays with the public report",
        "as its report",
    ),
    Beside(
        "media store: <case_id>.zip",
        "gateway/media_store.py",
        "Bundles that residents sent to support; stand-ins in place of persons.",
        "goes with its row",
        "7 days, or until its resident deletes it",
    ),
    Beside(
        "web.sqlite3: web_sessions",
        "app/web/rows.py",
        "Web sessions: the cookie's SHA-256, sealed tokens, preferences.",
        "goes at the web host's next look, twice a minute",
        "until sign-out or the session's limit",
    ),
    Beside(
        "web.sqlite3: sign_ins",
        "app/web/rows.py",
        "Sign-ins under way in a browser, sealed.",
        "goes with its web session",
        "minutes",
    ),
    Beside(
        "vault.sqlite3: entries",
        "services/vault.py",
        "Drafts, outbox, saved copies and card seeds, encrypted for each resident.",
        "the device where the account is erased drops all rows of the resident at once, the web host"
        " within half a minute, other devices when they next reach the gateway",
        "until sent, replaced, or erased on the device; on a web host 80 days after the last visit",
    ),
    Beside(
        "vault.sqlite3: sign_ins",
        "services/vault.py",
        "Digests of the sign-ins that an owner's rows came with, to ask about erasures.",
        "goes with its owner's rows",
        "as its owner's rows",
    ),
    Beside(
        "memory: what the gateway's processes remember",
        "gateway",
        "Registers of the city, public keys, the deny list and, for ten minutes, hashes of the"
        " proofs that devices showed; no resident's rows.",
        "holds nothing of a resident",
        "until the process ends",
    ),
)
