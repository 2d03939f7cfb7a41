"""The pages that look places up."""

from django.urls import path

from web.views import places

urlpatterns = [
    path("places/", places.show_place, name="places"),
    path("places/print.pdf", places.print_place, name="places_print"),
]
