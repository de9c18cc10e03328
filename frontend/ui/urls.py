"""URL of the living component page: included by the wiring in development only."""

from django.urls import path

from frontend.ui import views

app_name = "ui"

urlpatterns = [path("styleguide/", views.styleguide, name="styleguide")]
