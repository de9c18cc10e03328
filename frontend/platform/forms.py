"""The forms of signing in and of one's own pages: browsers and password managers are told what each field is."""

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_NAME_ATTRS = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
_CODE_ATTRS = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autocapitalize": "none",
    "spellcheck": "false",
    "class": "input--code",
}
_NEW_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": "10"})
PASSWORD_HINT = _("At least 10 characters; a sentence is good. No password many people use.")


def _current_password() -> forms.CharField:
    return forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def _code(label: "StrOrPromise") -> forms.CharField:
    # Long enough for a pasted code with spaces and dashes in it, and for a recovery code.
    return forms.CharField(label=label, max_length=40, widget=forms.TextInput(attrs=_CODE_ATTRS))


def _new_password() -> forms.CharField:
    return forms.CharField(
        label=_("New password"), max_length=200, strip=False, widget=_NEW_PASSWORD, help_text=PASSWORD_HINT
    )


class SignInForm(forms.Form):
    """Account name and password; what is wrong with them together stands above both."""

    identifier = forms.CharField(
        label=_("Mobile number or e-mail"),
        max_length=200,
        widget=forms.TextInput(attrs=_NAME_ATTRS),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SignUpForm(forms.Form):
    """Somebody new on an invitation: the account name is the invited one and not asked for, but proved by a code."""

    code = _code(_("Code from the message"))
    name = forms.CharField(label=_("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = _new_password()


class CodeForm(forms.Form):
    """The code of the authenticator app."""

    code = _code(_("Sign-in code"))


class RecoveryCodeForm(forms.Form):
    """A code of the sheet, for the day the telephone is not there."""

    code = forms.CharField(
        label=_("Recovery code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "input--code"}
        ),
    )


class ForgottenForm(forms.Form):
    """Whose password was forgotten; by mail only where no text messages can be sent."""

    identifier = forms.CharField(
        label=_("Mobile number or e-mail"), max_length=200, widget=forms.TextInput(attrs=_NAME_ATTRS)
    )

    def __init__(self, data: object = None, *, by_mail_only: bool = False) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        if by_mail_only:
            self.fields["identifier"].label = _("E-mail address")


class NewPasswordForm(forms.Form):
    """The new password of somebody who opened the link of a mail."""

    password = _new_password()


class CodeAndPasswordForm(forms.Form):
    """The code of a text message and the new password."""

    code = _code(_("Code from the text message"))
    password = _new_password()


class ChangePasswordForm(forms.Form):
    """The present password and the new one."""

    current = _current_password()
    password = _new_password()


class PasswordForm(forms.Form):
    """The password once more."""

    current = _current_password()


class DropFactorForm(forms.Form):
    """Password and code together."""

    current = _current_password()
    code = _code(_("Sign-in code or recovery code"))


class ProofForm(forms.Form):
    """The password once more; with the code of the moment where the account has a second factor."""

    current = _current_password()
    code = _code(_("Sign-in code or recovery code"))

    def __init__(self, data: object = None, *, has_factor: bool, auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)  # type: ignore[arg-type]  # a QueryDict or None
        if not has_factor:
            del self.fields["code"]


class AddressForm(ProofForm):
    """A mobile number or an e-mail address that is to become the account name."""

    identifier = forms.CharField(max_length=200)
    field_order = ("identifier", "current", "code")

    def __init__(self, data: object = None, *, has_factor: bool, is_phone: bool) -> None:
        super().__init__(data, has_factor=has_factor)
        field = self.fields["identifier"]
        field.label = _("New mobile number") if is_phone else _("New e-mail address")
        kind = {"type": "tel", "inputmode": "tel"} if is_phone else {"type": "email", "inputmode": "email"}
        field.widget = forms.TextInput(attrs={"autocomplete": kind["type"], **kind, "spellcheck": "false"})


class AddressCodeForm(forms.Form):
    """The code sent to a mobile number or an e-mail address."""

    code = _code(_("Code from the message"))


class NameForm(forms.Form):
    """What one is called, and in which language."""

    name = forms.CharField(label=_("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
