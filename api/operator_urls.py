"""The paths of what an operator keeps as dated data: law, calendar, roles."""

from django.urls import path

from api.views import calendar, law, roles

urlpatterns = [
    path("law", law.LawItems.as_view(), name="law"),
    path("law/confirmations", law.LawConfirmations.as_view(), name="law-confirmations"),
    path("calendar", calendar.Calendar.as_view(), name="calendar"),
    path("calendar/changes", calendar.CalendarChanges.as_view(), name="calendar-changes"),
    path("roles", roles.Roles.as_view(), name="roles"),
    path("roles/<int:role_id>/moves", roles.RoleMoves.as_view(), name="role-moves"),
]
