"""Paths of the map's tiles, styles and legends."""

from django.urls import path

from tiles.views import style, vector

urlpatterns = [
    path("tiles/style.json", style.show_style, name="map-style"),
    path("tiles/legend.json", style.show_legend, name="map-legend"),
    path("tiles/<slug:layer>.json", vector.show_tilejson, name="tilejson"),
    path("tiles/<slug:layer>.pmtiles", vector.serve_archive, name="tile-archive"),
    path("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.pbf", vector.serve_tile, name="tile"),
]
