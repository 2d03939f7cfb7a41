"""The streets of the demonstration ward: real main streets as published (without names), with made-up joining pieces.

Waypoints are metres east of 600,000 and north of 1,190,000. Where a street follows a published centre line it runs
along its points; the gaps between and the streets of the south-east, for which nothing is published, are invented.
All names are invented (trees and flowers) and say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from shapely.geometry import LineString, Point

EAST_0, NORTH_0 = 600_000.0, 1_190_000.0
MARK = "(tên minh hoạ)"


@dataclass(frozen=True)
class Street:
    """A street with the width of its roadway and of the sidewalk on each side, in metres; rank 1 is the widest kind."""

    key: str
    plain_name: str
    rank: int
    roadway_m: float
    sidewalk_m: float
    lanes: int
    waypoints: tuple[tuple[float, float], ...]
    widened_m: float = 0.0  # by how much the plan moves the red line into the parcels

    @property
    def name(self) -> str:
        """The name as it is written in every register: marked as invented."""
        return f"{self.plain_name} {MARK}"

    @property
    def road_class(self) -> str:
        """The class in OpenStreetMap's words."""
        return {1: "primary", 2: "secondary", 3: "tertiary", 4: "residential"}[self.rank]

    @property
    def reserve_m(self) -> float:
        """Width between the red lines (lộ giới)."""
        return self.roadway_m + 2 * self.sidewalk_m + 2 * self.widened_m

    @cached_property
    def line(self) -> LineString:
        """The centre line in metres."""
        return LineString([(EAST_0 + e, NORTH_0 + n) for e, n in self.waypoints])

    def station(self, point: Point) -> float:
        """Metres along the centre line to the foot of a point."""
        return float(self.line.project(point))

    def is_left(self, point: Point) -> bool:
        """Whether a point lies to the left of the street as it is drawn."""
        at = self.station(point)
        a, b = self.line.interpolate(max(at - 1, 0)), self.line.interpolate(min(at + 1, self.line.length))
        return bool((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0)


STREETS: tuple[Street, ...] = (
    Street("B0", "Bằng Lăng", 1, 15.0, 4.5, 4, (
        (1719, 4029), (1794, 3972), (2120, 3710), (2254, 3602), (2344, 3524), (2474, 3424), (2633, 3297), (2717, 3234),
        (2821, 3152), (2960, 3030), (3024, 2985), (3128, 2901), (3274, 2783), (3409, 2671), (3486, 2603),
    )),
    Street("A1", "Sao Đen", 1, 14.0, 4.5, 4, (
        (1690, 2090), (1745, 2222), (1822, 2385), (1908, 2560), (2004, 2762), (2031, 2842), (2066, 3190), (2092, 3235),
        (2207, 3411), (2330, 3535),
    ), 2.0),
    Street("A2", "Me Tây", 2, 11.0, 4.0, 3, (
        (1700, 2035), (1761, 2089), (1845, 2165), (1970, 2286), (2098, 2430), (2242, 2556), (2266, 2578), (2387, 2715),
        (2476, 2806), (2600, 2932), (2730, 3055), (2825, 3150),
    )),
    Street("A3", "Cây Dầu", 2, 12.0, 4.0, 3, (
        (1916, 1918), (2000, 1988), (2044, 2035), (2178, 2160), (2287, 2284), (2430, 2417), (2570, 2543), (2690, 2675),
        (2772, 2765), (2907, 2889), (2965, 2945), (3024, 2985),
    )),
    Street("B6", "Phượng Vĩ", 1, 14.0, 4.5, 4, (
        (1768, 1996), (1918, 1917), (2083, 1827), (2149, 1793), (2258, 1729), (2422, 1641), (2542, 1576),
    )),
    Street("A7", "Lộc Vừng", 1, 14.0, 5.0, 4, (
        (2542, 1576), (2633, 1674), (3140, 2229), (3250, 2347), (3367, 2473), (3486, 2603),
    )),
    Street("B1", "Hoàng Lan", 2, 12.0, 3.5, 3, (
        (1590, 3662), (1722, 3575), (1865, 3428), (1980, 3318), (2092, 3208), (2340, 2988), (2490, 2850), (2690, 2675),
        (2795, 2571),
    )),
    Street("B2", "Ngọc Lan", 2, 12.0, 4.0, 3, (
        (1653, 2934), (1743, 2882), (1851, 2822), (1900, 2801), (2004, 2762), (2200, 2637), (2266, 2578), (2347, 2500),
        (2440, 2414), (2549, 2311), (2640, 2230), (2790, 2085), (2895, 1960),
    ), 2.5),
    Street("B3", "Viết", 3, 9.0, 3.0, 2, (
        (1908, 2560), (2098, 2430), (2287, 2284), (2527, 2097), (2665, 1945), (2775, 1830),
    )),
    Street("B4", "Kèn Hồng", 3, 8.5, 3.0, 2, (
        (1822, 2385), (1970, 2286), (2178, 2160), (2302, 2046), (2395, 1962), (2530, 1800), (2640, 1682),
    )),
    Street("B5", "Sưa Trắng", 3, 9.0, 3.0, 2, (
        (1745, 2222), (1845, 2165), (1945, 2101), (2044, 2035), (2105, 1992), (2180, 1925), (2280, 1836), (2475, 1708),
        (2588, 1624),
    )),
    Street("A4", "Điệp Vàng", 3, 8.0, 3.0, 2, (
        (2083, 1827), (2180, 1925), (2302, 2046), (2412, 2187), (2549, 2311), (2684, 2436), (2795, 2571), (2885, 2690),
        (2990, 2818), (3093, 2928),
    )),
    Street("A5", "Lim Xẹt", 3, 9.0, 3.5, 2, (
        (2205, 1757), (2280, 1836), (2395, 1962), (2527, 2097), (2640, 2230), (2758, 2366), (2870, 2490), (2962, 2594),
        (3066, 2710), (3190, 2852),
    )),
    Street("A6", "Bò Cạp Vàng", 3, 9.0, 3.5, 2, (
        (2422, 1641), (2530, 1800), (2665, 1945), (2790, 2085), (2925, 2240), (3082, 2428), (3228, 2587), (3345, 2722),
    )),
    Street("B8", "Xà Cừ", 3, 9.0, 3.0, 2, (
        (2418, 3098), (2529, 3004), (2600, 2932), (2772, 2765), (2885, 2690), (2962, 2594), (3082, 2428), (3205, 2300),
    )),
    Street("B9", "Nguyệt Quế", 4, 7.5, 2.5, 2, (
        (2730, 3055), (2907, 2889), (2990, 2818), (3066, 2710), (3228, 2587), (3335, 2440),
    )),
    Street("B10", "Mai Vàng", 4, 9.0, 2.5, 2, ((2776, 3106), (2965, 2945))),
    Street("C1", "Dừa Xanh", 3, 8.5, 3.0, 2, (
        (2236, 2605), (2229, 2788), (2340, 2988), (2418, 3098), (2467, 3190), (2520, 3386),
    )),
    Street("C2", "Trâm Bầu", 4, 7.0, 2.5, 2, ((2031, 2842), (2229, 2788))),
    Street("D1", "Cau Vua", 4, 7.0, 2.5, 2, ((2529, 3004), (2684, 3252))),
    Street("E1", "Long Não", 4, 7.0, 2.5, 2, ((2207, 3411), (2296, 3327), (2422, 3466))),
    Street("F1", "Sa Kê", 4, 7.0, 2.5, 2, ((2387, 2715), (2480, 2632), (2570, 2543), (2684, 2436), (2758, 2366))),
    Street("F2", "Vú Sữa", 4, 7.0, 2.5, 2, ((2480, 2632), (2562, 2730), (2601, 2756))),
    Street("G1", "Gạo Đỏ", 4, 7.0, 2.5, 2, ((2105, 1992), (2216, 2108), (2240, 2110), (2302, 2046))),
    Street("G2", "Sầu Đâu", 4, 7.0, 2.5, 2, ((1996, 1984), (2134, 1876))),
    Street("G3", "Móng Bò", 4, 7.0, 2.5, 2, ((2149, 1793), (2217, 1891))),
    Street("N1", "Hoa Sứ", 3, 8.0, 3.0, 2, ((2120, 3710), (2030, 3600), (1865, 3428), (1765, 3325), (1690, 3250))),
    Street("N2", "Hoa Giấy", 4, 7.0, 2.5, 2, ((1950, 3847), (1842, 3715), (1722, 3575))),
    Street("N3", "Dã Hương", 4, 7.0, 2.5, 2, (
        (1640, 3897), (1740, 3800), (1842, 3715), (2030, 3600), (2130, 3505), (2207, 3411),
    )),
    Street("N5", "Bưởi", 4, 7.0, 2.5, 2, ((1890, 3062), (2052, 3035))),
    Street("N6", "Khế", 4, 7.0, 2.5, 2, ((1806, 2998), (1862, 2818))),
)  # fmt: skip

CANAL_BANK = (  # the curved north-west border of the ward follows the canal
    (1722, 3558), (1694, 3528), (1678, 3506), (1668, 3476), (1662, 3425), (1660, 3391), (1663, 3342), (1668, 3292),
    (1673, 3273), (1685, 3253), (1705, 3238), (1730, 3233), (1780, 3233), (1830, 3230), (1862, 3213), (1878, 3196),
    (1892, 3165), (1895, 3138), (1894, 3105), (1892, 3075), (1883, 3054), (1860, 3028), (1823, 3016), (1768, 3000),
    (1730, 2985), (1700, 2968), (1671, 2949), (1653, 2934),
)  # fmt: skip


def canal_bank() -> LineString:
    """The bank of the canal as a line, from north to south."""
    return LineString([(EAST_0 + e, NORTH_0 + n) for e, n in CANAL_BANK])


def canal_street() -> Street:
    """A made-up street along the canal, 21 m inside the bank."""
    shifted = canal_bank().offset_curve(21.0, join_style="round").simplify(1.0)
    points = tuple((x - EAST_0, y - NORTH_0) for x, y in shifted.coords)
    return Street("H1", "Bờ Kênh", 3, 8.0, 3.0, 2, points)


def all_streets() -> tuple[Street, ...]:
    """Every street, widest kinds first, so that they take the corners."""
    return tuple(sorted((*STREETS, canal_street()), key=lambda street: (street.rank, street.key)))
