"""URLs of the room, under ``/outbox/``."""

from django.urls import path

from core.messages import views

app_name = "outbox"
urlpatterns = [path("", views.outbox, name="list")]
