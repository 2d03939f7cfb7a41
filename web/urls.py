"""The paths of the pages for people."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter
from django.views.generic import RedirectView
from django.views.i18n import set_language

from web import place_urls
from web.views import (
    alerts,
    application,
    cases,
    feed,
    follow,
    follow_acts,
    home,
    machine,
    map,
    media,
    needs_person,
    report,
    sign_in,
    wards,
)


class MapWorkerFile(StringConverter):
    """The name of a built script of the map's worker; any other name is no address of it."""

    regex = r"map-worker-[\w-]+\.js"


register_converter(MapWorkerFile, "map_worker")

pages = [
    path("", home.show_home, name="home"),
    path("wards/", wards.show_wards, name="wards"),
    path("alerts/", alerts.ask, name="alerts"),
    path("alerts/confirm/<str:token>/", alerts.confirm, name="alert_confirm"),
    path("alerts/end/<str:token>/", alerts.end, name="alert_end"),
    path("feeds/cases.atom", feed.show_feed, name="feed"),
    path("report/", report.choose, name="report"),
    path("report/sw.js", report.show_worker, name="report_worker"),
    path("report/<str:token>/", report.confirm, name="report_confirm"),
    path("report/<str:token>/suggestion/", report.show_suggestion, name="report_suggestion"),
    path("report/<str:token>/picture/<int:number>/", report.show_picture, name="report_picture"),
    path("follow/", follow.find, name="follow_find"),
    path("follow/<str:code>/", follow.show, name="follow"),
    path("follow/<str:code>/answer/", follow_acts.answer, name="follow_answer"),
    path("follow/<str:code>/rate/", follow_acts.rate, name="follow_rate"),
    path("follow/<str:code>/reopen/", follow_acts.reopen, name="follow_reopen"),
    path("follow/<str:code>/pictures/<uuid:media_id>/", follow.show_picture, name="follow_picture"),
    path("pictures/<uuid:media_id>/", media.show_copy, name="picture"),
    path("cases/", cases.list_cases, name="cases"),
    path("cases/<str:code>/", cases.show_case, name="case"),
    path("cases/<str:code>/inspection/", cases.record, name="case_inspection"),
    path("map/", map.show_map, name="map"),
    *place_urls.urlpatterns,
    path("app/words.json", application.show_words, name="app_words"),
    path("app/plans/<uuid:flag_id>.svg", application.show_plan, name="app_plan"),
    path("app/sw.js", application.show_worker, name="app_worker"),
    path("app/map-worker/<map_worker:file>", application.start_map_worker, name="app_map_worker"),
    path("app/", application.show_app, name="app"),
    path("app/<path:inside>", application.show_app, name="app_inside"),
    path("dashboard/", RedirectView.as_view(url="/app/figures"), name="dashboard"),
    path("outbox/", RedirectView.as_view(url="/app/operate/outbox"), name="outbox"),
    path("registers/", RedirectView.as_view(url="/app/registers"), name="registers"),
    path("register-issues/", RedirectView.as_view(url="/app/registers/issues"), name="register_issues"),
    path("planner/", RedirectView.as_view(url="/app/planner"), name="planner"),
    path("review/", RedirectView.as_view(url="/app/review"), name="review"),
    path("cameras/", RedirectView.as_view(url="/app/cameras"), name="cameras"),
    path("what-the-machine-sees/", machine.show_machine, name="machine"),
    path("needs-person/", needs_person.show_list, name="needs_person"),
]

urlpatterns = [
    path("i18n/setlang/", set_language, name="set_language"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("", include((pages, "web"))),
]
