"""The pages that look places up."""

from django.urls import path

from web.views import places, planner

urlpatterns = [
    path("places/", places.show_place, name="places"),
    path("planner/", planner.show_planner, name="planner"),
    path("places/print.pdf", places.print_place, name="places_print"),
]
