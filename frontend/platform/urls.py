"""Pages of the platform's host."""

from django.urls import path

from frontend.platform import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("portals/", views.portals, name="portals"),
]
