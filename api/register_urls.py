"""The paths about registers and administrative units."""

from django.urls import path

from api.views import registers, units

urlpatterns = [
    path("units", units.Units.as_view(), name="units"),
    path("registers", registers.Registers.as_view(), name="registers"),
    path("registers/<str:name>/loads", registers.RegisterRuns.as_view(), name="register-loads"),
    path("register-loads/<int:load_id>", registers.OneRegisterRun.as_view(), name="register-load"),
    path(
        "register-loads/<int:load_id>/decision", registers.RegisterRunDecision.as_view(), name="register-load-decision"
    ),
    path("register-issues", registers.RegisterIssues.as_view(), name="register-issues"),
]
