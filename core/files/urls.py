"""URLs of the room, under ``/files/`` of a brand's host."""

from django.urls import path

from core.files import views

app_name = "files"
urlpatterns = [
    path("<uuid:file_id>/", views.download, name="download"),
    path("<uuid:file_id>/<int:side>/", views.picture, name="picture"),
]
