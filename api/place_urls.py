"""The paths that look places up."""

from django.urls import path

from api.views import areas, grid, places, query, saved_views, search

urlpatterns = [
    path("places", places.Places.as_view(), name="places"),
    path("parcels/<str:key>", places.Parcel.as_view(), name="parcel"),
    path("areas", areas.Areas.as_view(), name="areas"),
    path("grid", grid.Grid.as_view(), name="grid"),
    path("query", query.Query.as_view(), name="query"),
    path("query/statistics", query.QueryStatistics.as_view(), name="query-statistics"),
    path("saved-views", saved_views.SavedViews.as_view(), name="saved-views"),
    path("saved-views/<str:code>", saved_views.OneSavedView.as_view(), name="saved-view"),
    path("search", search.Search.as_view(), name="search"),
]
