"""What people are told about invitations, lent rights, tokens and hosts."""

from core.kernel.text import N_
from core.messages.registry import message_template

INVITED = message_template(
    "access.invited",
    subject=N_("%(brand)s invites you"),
    body=N_(
        "%(inviter)s invites you to the ordering portal of %(brand)s, as %(house)s.\n\n"
        "Open this link and sign in or sign up with this e-mail address; it is valid for %(days)s days:\n%(link)s\n\n"
        "If you do not know what this is about, do nothing."
    ),
)
ACCEPTED = message_template(
    "access.accepted",
    subject=N_("%(name)s has accepted your invitation"),
    body=N_("%(name)s may enter %(house)s from now on."),
    is_mailed=False,
)
LENT = message_template(
    "access.lent",
    subject=N_("You stand in for %(name)s"),
    body=N_("Until %(until)s you may act for %(name)s: change over to that seat at the head of the page."),
)
TOKEN_ENDS = message_template(
    "access.token_ends",
    subject=N_("API token expires on %(day)s"),
    body=N_("“%(name)s” (jm_%(key)s) expires on %(day)s. Issue a new token before that."),
)
HOST_LOST = message_template(
    "access.host_lost",
    subject=N_("%(host)s is without its TXT record"),
    body=N_(
        "The TXT record that shows %(host)s to be yours has been missing for three days. The portal still answers "
        "there; put the record back, or remove the host in the settings if you no longer use it."
    ),
)
