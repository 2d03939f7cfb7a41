"""The paths of notices: the outbox, own addresses, a sender's browser."""

from django.urls import path

from api.views import notices

urlpatterns = [
    path("notices", notices.Outbox.as_view(), name="notices"),
    path("notices/<uuid:notice_id>/moves", notices.NoticeMoves.as_view(), name="notice-moves"),
    path("me/addresses", notices.OwnAddresses.as_view(), name="own-addresses"),
    path("reports/<str:code>/push", notices.ReportPush.as_view(), name="report-push"),
]
