"""Which room answers which path."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("api.urls")),
    path("", include("tiles.urls")),
    path("", include("api.health_urls")),
    path("", include("web.urls")),
]
