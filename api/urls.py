"""The paths of version 1."""

from django.urls import path

from api import case_urls, field_urls, learning_urls, notice_urls, operator_urls, place_urls, register_urls, review_urls
from api.views import cameras, cases, description, flags, me, observations, questions, reports, wards

app_name = "api"
urlpatterns = [
    path("openapi.json", description.Description.as_view(), name="openapi"),
    path("me", me.SignedIn.as_view(), name="me"),
    path("questions", questions.Questions.as_view(), name="questions"),
    path("reports", reports.Reports.as_view(), name="reports"),
    path("reports/<str:code>", reports.Report.as_view(), name="report"),
    path("reports/<str:code>/timeline", reports.ReportTimeline.as_view(), name="report-timeline"),
    path("reports/<str:code>/moves", reports.ReportMoves.as_view(), name="report-moves"),
    path("reports/<str:code>/media/<uuid:media_id>", reports.ReportPicture.as_view(), name="report-picture"),
    path("flags", flags.Flags.as_view(), name="flags"),
    path("flags/<uuid:flag_id>", flags.OneFlag.as_view(), name="flag"),
    path("flags/<uuid:flag_id>/timeline", flags.FlagTimeline.as_view(), name="flag-timeline"),
    path("flags/<uuid:flag_id>/moves", flags.FlagMoves.as_view(), name="flag-moves"),
    path("cases", cases.Cases.as_view(), name="cases"),
    path("cases/<uuid:case_id>", cases.OneCase.as_view(), name="case"),
    path("cases/<uuid:case_id>/timeline", cases.CaseTimeline.as_view(), name="case-timeline"),
    path("cases/<uuid:case_id>/moves", cases.CaseMoves.as_view(), name="case-moves"),
    path("inspections/<uuid:inspection_id>/timeline", cases.InspectionTimeline.as_view(), name="inspection-timeline"),
    path("inspections/<uuid:inspection_id>/moves", cases.InspectionMoves.as_view(), name="inspection-moves"),
    path("observations/<uuid:observation_id>", observations.Observation.as_view(), name="observation"),
    path("media/<uuid:media_id>", observations.Copy.as_view(), name="media"),
    path("media/<uuid:media_id>/original", observations.Original.as_view(), name="original"),
    path("cameras", cameras.Cameras.as_view(), name="cameras"),
    path("cameras/<int:camera_id>", cameras.OneCamera.as_view(), name="camera"),
    path("cameras/<int:camera_id>/view", cameras.CameraView.as_view(), name="camera-view"),
    path("cameras/<int:camera_id>/still", cameras.CameraStill.as_view(), name="camera-still"),
    path("cameras/<int:camera_id>/calibration", cameras.CameraCalibrations.as_view(), name="camera-calibration"),
    *learning_urls.urlpatterns,
    *review_urls.urlpatterns,
    *place_urls.urlpatterns,
    *register_urls.urlpatterns,
    path("wards", wards.Wards.as_view(), name="wards"),
    path("wards/counts", wards.PublicCounts.as_view(), name="ward-counts"),
    path("wards/figures", wards.OfficeCounts.as_view(), name="ward-figures"),
    *case_urls.urlpatterns,
    *field_urls.urlpatterns,
    *notice_urls.urlpatterns,
    *operator_urls.urlpatterns,
    path("<path:rest>", description.Nowhere.as_view(), name="nowhere"),
]
