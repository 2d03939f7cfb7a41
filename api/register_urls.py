"""The paths about registers and administrative units."""

from django.urls import path

from api.views import units

urlpatterns = [
    path("units", units.Units.as_view(), name="units"),
]
