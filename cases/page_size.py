"""How many rows a page of a list holds. Pure."""

LIMIT_DEFAULT = 100
LIMIT_MAX = 1000
