"""The paths about registers and administrative units."""

from django.urls import path

from api.views import register_files, registers, units

urlpatterns = [
    path("units", units.Units.as_view(), name="units"),
    path("registers", registers.Registers.as_view(), name="registers"),
    path("registers/<str:name>/loads", registers.RegisterRuns.as_view(), name="register-loads"),
    path("register-loads/<int:load_id>", registers.OneRegisterRun.as_view(), name="register-load"),
    path(
        "register-loads/<int:load_id>/decision", registers.RegisterRunDecision.as_view(), name="register-load-decision"
    ),
    path("registers/<str:name>/files", register_files.RegisterFiles.as_view(), name="register-files"),
    path(
        "register-loads/<int:load_id>/changes",
        register_files.RegisterRunChanges.as_view(),
        name="register-load-changes",
    ),
    path("register-issues/counts", register_files.RegisterIssueCounts.as_view(), name="register-issue-counts"),
    path("register-issues/file", register_files.RegisterIssueFile.as_view(), name="register-issue-file"),
    path("register-issues", registers.RegisterIssues.as_view(), name="register-issues"),
]
