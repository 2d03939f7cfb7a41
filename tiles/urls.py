"""Paths of the map's tiles, styles and legends."""

from django.urls import path

from tiles import views

urlpatterns = [
    path("tiles/style.json", views.show_style, name="map-style"),
    path("tiles/legend.json", views.show_legend, name="map-legend"),
    path("tiles/<slug:layer>.json", views.show_tilejson, name="tilejson"),
    path("tiles/<slug:layer>.pmtiles", views.serve_archive, name="tile-archive"),
    path("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.pbf", views.serve_tile, name="tile"),
]
