"""The paths of the learning loop: corrections of boxes, weights and the decisions on them."""

from django.urls import path

from api.views import corrections, weights

urlpatterns = [
    path(
        "observations/<uuid:observation_id>/corrections",
        corrections.Corrections.as_view(),
        name="observation-corrections",
    ),
    path("weights", weights.Shelf.as_view(), name="weights"),
    path("weights/roll-back", weights.RollBack.as_view(), name="weights-roll-back"),
    path("weights/<str:name>", weights.OneOfShelf.as_view(), name="one-weights"),
    path("weights/<str:name>/decisions", weights.Decisions.as_view(), name="weights-decisions"),
]
