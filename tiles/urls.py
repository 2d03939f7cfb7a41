"""Paths of the map's tiles, styles and legends."""

from django.urls import path

from tiles.views import imagery, style, vector

urlpatterns = [
    path("tiles/style.json", style.show_style, name="map-style"),
    path("tiles/legend.json", style.show_legend, name="map-legend"),
    path("tiles/<slug:layer>.json", vector.show_tilejson, name="tilejson"),
    path("tiles/<slug:layer>.pmtiles", vector.serve_archive, name="tile-archive"),
    path("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.pbf", vector.serve_tile, name="tile"),
    path("imagery.json", imagery.list_pictures, name="imagery-list"),
    path("imagery/<slug:name>.json", imagery.show_tilejson, name="imagery-tilejson"),
    *(
        path(
            f"imagery/<slug:name>/<int:z>/<int:x>/<int:y>.{ending}",
            imagery.serve_picture,
            {"form": form},
            name=f"imagery-{ending}",
        )
        for ending, form in (("webp", "webp"), ("jpg", "jpeg"), ("jpeg", "jpeg"), ("png", "png"))
    ),
]
