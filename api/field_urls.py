"""The paths of the field: visits with their photos, forms and records, and the routes of a day."""

from django.urls import path

from api.views import inspections, own_day, routes, spots

urlpatterns = [
    path("own-day", own_day.OwnDays.as_view(), name="own-day"),
    path("routes", routes.Routes.as_view(), name="routes"),
    path("routes/plan", routes.RoutePlans.as_view(), name="route-plan"),
    path("routes/<uuid:route_id>", routes.OneRoute.as_view(), name="route"),
    path("routes/<uuid:route_id>/moves", routes.RouteMoves.as_view(), name="route-moves"),
    path("flags/spots", spots.FlagSpots.as_view(), name="flag-spots"),
    path("inspections/forms", inspections.LateForms.as_view(), name="late-forms"),
    path("inspections/forms/<uuid:submission_id>/moves", inspections.LateFormMoves.as_view(), name="late-form-moves"),
    path("inspections/<uuid:inspection_id>", inspections.OneInspection.as_view(), name="inspection"),
    path("inspections/<uuid:inspection_id>/photos", inspections.InspectionPhotos.as_view(), name="inspection-photos"),
    path("inspections/<uuid:inspection_id>/forms", inspections.InspectionForms.as_view(), name="inspection-forms"),
    path("inspections/<uuid:inspection_id>/record.pdf", inspections.InspectionRecordDraft.as_view(), name="record"),
    path("inspections/<uuid:inspection_id>/parties", inspections.InspectionParties.as_view(), name="parties"),
]
