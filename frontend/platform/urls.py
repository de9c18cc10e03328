"""Pages of the platform's host."""

from django.urls import path

from frontend.platform import directory, my_data, portals, views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("brands/", directory.brands, name="brands"),
    path("brands/<slug:slug>/", directory.brand, name="brand"),
    path("robots.txt", directory.robots, name="robots"),
    path("sitemap.xml", directory.sitemap, name="sitemap"),
    path("portals/", portals.portals, name="portals"),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/file/", my_data.take_along, name="my_data_file"),
    path("my-data/erase/", my_data.erase, name="my_data_erase"),
]
