"""The pages every host has: signing in and out, seat and language. Their names are known everywhere."""

from django.urls import path

from frontend.platform import crossing, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("seat/", sign_in.choose_seat, name="choose_seat"),
    path("enter/", crossing.enter, name="enter"),
    path("ticket/", crossing.ticket, name="ticket"),
    path("language/", sign_in.set_language, name="set_language"),
]
