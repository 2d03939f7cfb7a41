"""The paths of the review queue."""

from django.urls import path

from api.views import review

urlpatterns = [
    path("review", review.ReviewQueue.as_view(), name="review"),
    path("review/<uuid:flag_id>", review.ReviewItem.as_view(), name="review-item"),
]
