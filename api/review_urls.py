"""The paths of what the application reads in one piece: the review queue, a case file."""

from django.urls import path

from api.views import case_file, review

urlpatterns = [
    path("review", review.ReviewQueue.as_view(), name="review"),
    path("review/<uuid:flag_id>", review.ReviewItem.as_view(), name="review-item"),
    path("case-files/<str:code>", case_file.CaseFile.as_view(), name="case-file"),
]
