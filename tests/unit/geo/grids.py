"""Coordinate systems for the tests: the two VN-2000 zones with the legal shift, and one that needs none."""

from __future__ import annotations

from geo.crs import AxisOrder, CitySystem

_VN2000 = (
    "+proj=tmerc +lat_0=0 +lon_0={meridian} +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84"
    " +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278 +units=m +no_defs"
)
WEST = CitySystem(
    "west", 990105, _VN2000.format(meridian=105.75), (106.3, 10.3, 107.1, 11.6), AxisOrder.NORTH_EAST, like_epsg=9210
)
EAST = CitySystem(
    "east", 990107, _VN2000.format(meridian=107.75), (107.1, 10.2, 107.7, 10.9), AxisOrder.NORTH_EAST, like_epsg=5899
)
LAMBERT = CitySystem(
    "lambert",
    26986,
    "+proj=lcc +lat_0=41 +lon_0=-71.5 +lat_1=42.6833333333333 +lat_2=41.7166666666667 +x_0=200000 +y_0=750000"
    " +datum=NAD83 +units=m +no_defs",
)
CITY = (106.3, 10.2, 107.7, 11.6)
