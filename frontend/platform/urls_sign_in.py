"""The pages every host has: signing in and out, seat and language. Their names are known everywhere."""

from django.urls import path

from frontend.platform import account_names, crossing, devices, profile, resets, second_factor, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("forgot/", resets.forgot, name="forgot"),
    path("reset/", resets.reset, name="reset"),
    path("reset/<str:secret>/", resets.reset_link, name="reset_link"),
    path("profile/", profile.profile, name="profile"),
    path("profile/password/", profile.change_password, name="change_password"),
    path("profile/second-factor/", second_factor.second_factor, name="second_factor"),
    path("profile/phone/", account_names.change_phone, name="change_phone"),
    path("profile/email/", account_names.change_email, name="change_email"),
    path("profile/code/", account_names.address_code, name="address_code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("seat/", sign_in.choose_seat, name="choose_seat"),
    path("enter/", crossing.enter, name="enter"),
    path("ticket/", crossing.ticket, name="ticket"),
    path("sessions/end/", devices.end_session, name="end_session"),
    path("language/", sign_in.set_language, name="set_language"),
]
