"""Invented names: streets, wards, and the addresses of houses with alleys (822/23/1)."""

from __future__ import annotations

import numpy as np

from bench.city.layout import OLD_WARD, CityPlan, Ints

_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
_MIDDLES = ("Văn", "Thị", "Hữu", "Đình", "Quang", "Ngọc", "Công", "Minh", "Xuân", "Bá", "Duy", "Khắc")
_LASTS = (
    "An", "Bình", "Cừ", "Dũng", "Đào", "Giàu", "Hạnh", "Hưng", "Khánh", "Lâm", "Lương", "Mẫn", "Nghĩa", "Phú", "Quý",
    "Sỹ", "Tâm", "Thảo", "Trỗi", "Tường", "Ưng", "Vịnh", "Xứng", "Yên",
)  # fmt: skip
_FIRST = (
    "An", "Bình", "Cát", "Chánh", "Diên", "Đông", "Gia", "Hiệp", "Hoà", "Hưng", "Khánh", "Linh", "Long", "Minh", "Nhơn",
    "Phú", "Phước", "Tam", "Tân", "Thạnh", "Thới", "Trung", "Vĩnh", "Xuân",
)  # fmt: skip
_SECOND = (
    "Ân", "Cường", "Điền", "Đức", "Hải", "Hậu", "Hội", "Hồng", "Kiểng", "Lạc", "Lợi", "Mỹ", "Nghĩa", "Phong", "Quới",
    "Sơn", "Tạo", "Thắng", "Thuận", "Trị", "Túc", "Tường", "Uyên", "Vân",
)  # fmt: skip
WARDS_A_DISTRICT = 15
_STREET_RUN = 12  # blocks that bear one name


def street_name(number: int) -> str:
    """The name of a street; after some four thousand the names come again in another district."""
    number, last = divmod(number, len(_LASTS))
    number, middle = divmod(number, len(_MIDDLES))
    return f"{_FAMILIES[number % len(_FAMILIES)]} {_MIDDLES[middle]} {_LASTS[last]}"


def new_ward_name(number: int) -> str:
    """The name of a ward of today; unique up to 576, then with a numeral."""
    again, number = divmod(number, len(_FIRST) * len(_SECOND))
    name = f"{_FIRST[number // len(_SECOND)]} {_SECOND[number % len(_SECOND)]}"
    return f"Phường {name}" if not again else f"Phường {name} {again + 1}"


def old_ward_name(number: int) -> tuple[str, str]:
    """Ward and district of a ward before the reform: numbered ones, as most were."""
    return f"Phường {number % WARDS_A_DISTRICT + 1}", f"Quận {number // WARDS_A_DISTRICT + 1}"


def old_ward_of(column: Ints, row: Ints, plan: CityPlan) -> Ints:
    """The number of the old ward of each block."""
    return (row // OLD_WARD[1]) * (plan.columns // OLD_WARD[0]) + column // OLD_WARD[0]


def street_of(column: Ints, row: Ints, plan: CityPlan) -> Ints:
    """The number of the street below (north and south of) each block; longer rows bear several names."""
    runs = plan.columns // _STREET_RUN + 1
    scattered = (row * runs + column // _STREET_RUN) * 2654435761 % 4027
    return np.asarray(scattered, dtype=np.int64)


def house_numbers(plan: CityPlan, count: int) -> list[str]:
    """'12', '12/3', '822/23/1': two fifths stand at an alley, some of them at an alley of an alley."""
    random = plan.random("houses")
    house, alley, inner = random.integers(1, 900, count), random.integers(1, 80, count), random.integers(1, 30, count)
    kind = random.random(count)
    return [
        f"{h}" if k < 0.6 else f"{h}/{a}" if k < 0.85 else f"{h}/{a}/{i}"
        for h, a, i, k in zip(house.tolist(), alley.tolist(), inner.tolist(), kind.tolist(), strict=True)
    ]
