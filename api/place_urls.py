"""The paths that look places up."""

from django.urls import path

from api.views import places, search

urlpatterns = [
    path("places", places.Places.as_view(), name="places"),
    path("parcels/<str:key>", places.Parcel.as_view(), name="parcel"),
    path("search", search.Search.as_view(), name="search"),
]
