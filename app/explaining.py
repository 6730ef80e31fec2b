"""Every error as a sentence: what happened, what to do, and the reference for the hotline."""

from app.catalogue import _
from services.errors import (
    FieldError,
    GatewayUnavailable,
    NotFound,
    NotPermitted,
    Offline,
    Rejected,
    ServiceError,
    SignInRequired,
)

HOTLINE = "1022"


def explain(error: ServiceError) -> str:
    """The sentence of an error in the session's language, with its reference."""
    sentence = _known(error.code) or _sentence(error)
    if not error.reference:
        return sentence
    return sentence + " " + _("Error code {code}.").format(code=error.reference)


def explain_code(code: str) -> str:
    """The sentence of a kept error code, such as an outbox item's last one."""
    if code == "offline":
        return _sentence(Offline())
    return _known(code) or _sentence(GatewayUnavailable())


def _known(code: str) -> str:
    """The sentence of a code that says more than its class; nothing for any other."""
    refused = _("The sign-in answer could not be trusted, so nobody was signed in. Try again.")
    full = _("This device is full. Delete a photo or a draft, then try again.")
    storage = _("Nothing can be kept on this device now. Check its storage, then try again.")
    sentences = {
        "timeout": _("The answer took too long. What you typed is kept. Please try again."),
        "photo_wrong_type": _("This is not a photo we can read. Choose a JPEG or PNG picture."),
        "photo_too_large": _("This photo is too large. Choose a smaller one, under 40 MB."),
        "photo_mixed": _(
            "This file holds more than a photo. Take the photo again, or choose another."
        ),
        "photo_unreadable": _("This photo is damaged and cannot be opened. Choose another one."),
        "replay_too_long": _("Replaying this bundle takes too long. Hand it to the engineers."),
        "storage_full": full,
        "storage_unavailable": storage,
        "keychain_unavailable": _(
            "This device's own store of secrets is closed. Open it, then try again."
        ),
        "locked": _("The app is locked. Open it with your PIN first."),
        "lock_unreadable": _("What the lock needs on this device is damaged. Only a reset helps."),
        "saved_copy_unreadable": _("The copy on this device is damaged. Connect to load it again."),
        "may_have_arrived": _(
            "This may have arrived already. Wait until it is sent, then look again."
        ),
        "geocoder_unavailable": _(
            "The address could not be looked up now. Choose the ward and write a landmark."
        ),
        "unclear_if_arrived": _(
            "It is not known whether this arrived. Ask the city before you send it again."
        ),
        "xml_refused": _("The city's answer could not be trusted. Please try again later."),
        "changed_meanwhile": _("Somebody changed this meanwhile. Look again, then send."),
        "transition_not_allowed": _("This cannot be done as things stand now. Look again."),
        "too_late": _("The time for this is over. Send a new report if it is still so."),
        "too_many_reports": _(
            "You have sent many reports within an hour. The next one goes by itself later."
        ),
        "precondition_required": _("Open the report again before you change it."),
        "no_agency": _("You are on no agency's list. Ask your agency to add you."),
        "idempotency_key_reused": _("This was sent before with other words. Start a new one."),
        "code_expired": _("The sign-in took too long. Please sign in again."),
        "cancelled": _("You stopped signing in. Nothing was changed."),
        "session_ended": _("This sign-in was ended from another device. Sign in again."),
        "account_erased": _("This account was erased. You can sign in again, and begin empty."),
        "not_fresh": _("The sign-in service did not ask you anew. Please try again."),
        "level": _(
            "This account has level 1. Raise it to level 2 in VNeID or at your ward's police."
        ),
        "step_up_required": _("Confirm with VNeID that it is you, then it goes by itself."),
        "proof_refused": _(
            "The city does not recognise this device just now. Try again; if it stays so, sign out"
            " and sign in again."
        ),
        "issuer_mismatch": refused,
        "nonce_mismatch": refused,
        "id_token_refused": refused,
        "userinfo_refused": refused,
        "sign_in_refused": refused,
        "provider_untrusted": refused,
        "too_many_shares": _(
            "You have shared many times already. Stop a share, or wait a while, then share again."
        ),
        "share_ended": _("This link has ended. Ask whoever gave it to you for a new one."),
        "share_busy": _("This link is opened too often. Try again in a minute."),
        "link_unreadable": _(
            "This is no whole health link. Scan the code again, or copy all of it."
        ),
        "link_too_new": _("This link is of a newer kind. Update the app to open it."),
        "link_damaged": _("The file is damaged or the key does not fit. Ask for a new link."),
        "link_host_unavailable": _("The place that keeps this record does not answer. Try later."),
        "outside_refused": _("This link leads to a place that is not on the public network."),
        "health_card_unreadable": _("This is no whole health card. Scan its code again."),
        "health_card_part": _("This card has several codes. Choose its file, or ask for a link."),
        "wrong_passcode": _("The passcode is wrong. Ask for it again."),
        "no_card": _("There is no pass for you yet. Call {hotline} to ask for one.").format(
            hotline=HOTLINE
        ),
        "card_moved": _("The card is on another device now. Add it here to use it here."),
        "card_blocked": _("The card is blocked. Unblock it first."),
        "not_correctable": _("This trip cannot be set right any more. Call {hotline}.").format(
            hotline=HOTLINE
        ),
        "no_code_reader": _(
            "This device cannot read a picture. Type what stands beside the code instead."
        ),
        "unknown_paper": _("This is no paper we know. Look at it again, or choose another."),
        "no_code_found": _("There is no code on this picture. Take it again, closer and sharper."),
        "already_parked": _("This plate is parked already. Open that stay to prolong or end it."),
        "balance_too_low": _("Payment failed. You were not charged. Top up, then end again."),
        "stay_ended": _("This stay has ended already."),
        "stay_too_long": _("A stay cannot last that long. End it and begin a new one."),
        "code_opens_nothing": _(
            "This code opens nothing. Check it, and that the other person wrote your name as on "
            "your ID card. A code works for 24 hours and once."
        ),
        "too_many_codes": _("Too many codes were tried. Wait an hour, then ask for a new one."),
        "consent_text_changed": _(
            "The text of the consent has changed. Read it again, then agree."
        ),
        "consent_required": _(
            "You have not agreed to this yet. Look under Me, Data and privacy, What I agreed to."
        ),
        "child_decides": _("From 16 on the child decides this with an account of their own."),
        "parents_decide": _("Until you turn 16 your parents decide this."),
        "too_many_consents": _("You have 20 invitations and carers already. End one first."),
        "too_many_observations": _("You have written down 5,000 lines. Delete old ones first."),
        "too_many_corrections": _(
            "50 requests are waiting for an answer. Send the next one when some are answered."
        ),
        "too_many_photos": _(
            "Too many photos are waiting. Send the requests they belong to first."
        ),
        "payment_not_wanted": _("There is nothing to pay now. Look at the application again."),
        "application_closed": _("This application has its result. Call {hotline} to ask.").format(
            hotline=HOTLINE
        ),
        "too_late_to_withdraw": _("The certificate is being signed: too late to withdraw."),
        "no_passcode": _("This certificate needs no passcode. Open it directly."),
        "passcode_wrong": _("This is not the passcode. Try again."),
        "passcode_locked": _("Too many wrong passcodes. Wait fifteen minutes or longer."),
        "passcode_required": _("Open the certificate with its passcode first."),
        "presentation_ended": _("This link has ended, or the certificate is not in force."),
        "too_many_checks": _("Too many checks. Wait a minute, then try again."),
        "not_undecided": _("There is nothing to decide about this application any more."),
        "bundle_too_large": _("This file is too large to be a support bundle. It was not opened."),
        "bundle_foreign": _("This is no support bundle. Choose a file that the app has saved."),
        "bundle_damaged": _("This support bundle is damaged. Ask for it to be sent again."),
        "bundle_newer": _("This bundle was made by a newer app. Update this one to open it."),
        "bundle_older": _("This bundle was made by an app too old to open it here."),
        "bundle_expired": _("This bundle is older than seven days. Nobody can open it any more."),
        "erasure_blocked": _("A stay in a parking place is running. End it, then erase."),
        "export_not_ready": _("The file is not ready yet. You are told when it is."),
        "export_gone": _("This file was kept for 24 hours and is gone. Ask for a new one."),
        "too_many_requests_open": _(
            "Ten requests are waiting. Send the next when one is answered."
        ),
        **_of_support(),
        "anchor_taken": _("This device lost part of the card. Add the card here again."),
    }
    return sentences.get(code, "")


def _of_support() -> dict[str, str]:
    wait = _("Wait a while, then try again. Or call {hotline}.").format(hotline=HOTLINE)
    return {
        "nothing_recorded": _(
            "Nothing has been recorded yet. Use the app, and come back when something goes wrong."
        ),
        "too_many_bundles": _("You have sent many bundles today.") + " " + wait,
        "too_many_messages": _("You have written many messages.") + " " + wait,
        "support_closed": _("This is closed. Send a new bundle if it happens again."),
        "no_such_support_code": _(
            "There is no bundle with this code. Ask for it again, letter by letter."
        ),
        "too_many_support_codes": _("Too many wrong codes. Wait an hour, then try again."),
        "opening_ended": _("This opening has ended. Open the bundle again by its code."),
        "bundle_gone": _("The bundle was deleted. Ask the resident for a new one."),
        "not_support_staff": _("You are on no list of support staff. Ask your supervisor."),
        "too_many_personas": _("You opened many residents within an hour.") + " " + wait,
        "only_in_person": _(
            "Only the resident in person may do this, not somebody who acts as them."
        ),
        "no_free_code": _("No code is free now. Try again in a minute."),
    }


def _sentence(error: ServiceError) -> str:
    match error:
        case Offline():
            return _("No network. Check the connection and try again. What you typed is kept.")
        case GatewayUnavailable(retry_after=seconds) if seconds:
            return _("The server is busy. Please try again in {n} seconds.").format(n=int(seconds))
        case GatewayUnavailable():
            return _("Something went wrong on our side. Your data is saved. Please try again.")
        case SignInRequired():
            return _("You were signed out. Your draft is safe. Please sign in again.")
        case NotPermitted():
            return _("Your account may not do this. Call {hotline} if you think it should.").format(
                hotline=HOTLINE
            )
        case NotFound():
            return _("This is not here, or it is not yours. Go back and open it from the list.")
        case Rejected():
            return _("The server did not accept this. Check what you entered and send again.")
        case _:
            return _("Something went wrong on our side. Your data is saved. Please try again.")


def explain_field(error: FieldError) -> str:
    """What to change in one field."""
    sentences = {
        "missing": _("Please fill this in."),
        "photo_or_reason_required": _("Say what is still wrong, or add a photo."),
        "nothing_to_change": _("Change something first, then send."),
        "too_short": _("Please write a little more."),
        "too_long": _("This is too long. Please shorten it."),
        "outside_city": _("This place is outside Hà Nội. Choose a place in the city."),
        "plate_format": _("This is no plate of such a vehicle. Write it like {example}.").format(
            example="30K-012.34, 29C1-123.45"
        ),
        "yard_reads_the_card": _("At this yard the gate reads your card code. Just drive in."),
        "unknown": _("Please choose one from the list."),
        "not_a_number": _("Write a number, such as {example}.").format(example="1,5"),
        "not_a_moment": _("Choose a day and a time."),
        "closed": _("This one is closed already. Choose another."),
        "not_plausible": _("This number is not possible here. Check it and the unit."),
        "not_below_systolic": _("The lower number must be smaller than the upper one."),
        "in_the_future": _("This time has not come yet. Check the day and the hour."),
        "in_the_past": _("This day is gone. Choose a later one."),
        "unsupported_type": _("This is not a photo we can read. Choose a JPEG or PNG picture."),
        "too_many_pixels": _("This photo is too large. Choose a smaller one, under 40 MB."),
        "unreadable": _("This photo is damaged and cannot be opened. Choose another one."),
        "bundle_too_large": _("This bundle is too large. Switch an item off, then send."),
        "bundle_foreign": _("This is no support bundle. Choose the file the app saved."),
        "bundle_damaged": _("This bundle is damaged. Make a new one."),
        "mixed_content": _(
            "This file holds more than a photo. Take the photo again, or choose another."
        ),
    }
    return sentences.get(error.code, _("Please check this."))
