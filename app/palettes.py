"""The colour roles of the design guide (section 2), for light and dark, and with high contrast (section 9).

The roles are set by hand. The extra roles lake, lotus and hero are not Material's.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme's colours as `#RRGGBB`, named after their roles."""

    primary: str
    on_primary: str
    primary_container: str
    on_primary_container: str
    secondary: str
    on_secondary: str
    secondary_container: str
    on_secondary_container: str
    tertiary: str
    on_tertiary: str
    tertiary_container: str
    on_tertiary_container: str
    error: str
    on_error: str
    error_container: str
    on_error_container: str
    lake: str
    on_lake: str
    lake_container: str
    on_lake_container: str
    lotus: str
    on_lotus: str
    lotus_container: str
    on_lotus_container: str
    hero: str
    on_hero: str
    on_hero_variant: str
    surface: str
    on_surface: str
    on_surface_variant: str
    surface_container_low: str
    surface_container: str
    surface_container_high: str
    surface_container_highest: str
    outline: str
    outline_variant: str
    inverse_surface: str
    on_inverse_surface: str
    inverse_primary: str


LIGHT = Palette(
    primary="#00664E",
    on_primary="#FFFFFF",
    primary_container="#D0EFE1",
    on_primary_container="#00382A",
    secondary="#4D5D56",
    on_secondary="#FFFFFF",
    secondary_container="#D5E7DD",
    on_secondary_container="#13231D",
    tertiary="#7D5000",
    on_tertiary="#FFFFFF",
    tertiary_container="#FFE9CF",
    on_tertiary_container="#462A00",
    error="#A23321",
    on_error="#FFFFFF",
    error_container="#FFE2DC",
    on_error_container="#660700",
    lake="#22567B",
    on_lake="#FFFFFF",
    lake_container="#DCEAF9",
    on_lake_container="#003350",
    lotus="#8D3E67",
    on_lotus="#FFFFFF",
    lotus_container="#FFE0EB",
    on_lotus_container="#5A133C",
    hero="#00513E",
    on_hero="#FFFFFF",
    on_hero_variant="#C5EBDC",
    surface="#F6F9F6",
    on_surface="#161D19",
    on_surface_variant="#434B47",
    surface_container_low="#FFFFFF",
    surface_container="#EDF3EF",
    surface_container_high="#E5ECE7",
    surface_container_highest="#DDE5E0",
    outline="#68726C",
    outline_variant="#C9D2CC",
    inverse_surface="#2B322E",
    on_inverse_surface="#EEF4EF",
    inverse_primary="#78D8B7",
)

DARK = Palette(
    primary="#78D8B7",
    on_primary="#00382A",
    primary_container="#10493A",
    on_primary_container="#D0EFE1",
    secondary="#B9CBC1",
    on_secondary="#24342D",
    secondary_container="#34453D",
    on_secondary_container="#D5E7DD",
    tertiary="#F4BC75",
    on_tertiary="#462A00",
    tertiary_container="#4A3414",
    on_tertiary_container="#FFE4C6",
    error="#FFB4A6",
    on_error="#660700",
    error_container="#632A20",
    on_error_container="#FFE2DC",
    lake="#9CCCF6",
    on_lake="#003350",
    lake_container="#1F3A4F",
    on_lake_container="#D7EAFF",
    lotus="#FFAFD3",
    on_lotus="#5A133C",
    lotus_container="#543042",
    on_lotus_container="#FFE0EB",
    hero="#0B3F32",
    on_hero="#FFFFFF",
    on_hero_variant="#C5EBDC",
    surface="#0E1512",
    on_surface="#DFE6E1",
    on_surface_variant="#BDC7C1",
    surface_container_low="#18201C",
    surface_container="#1C2520",
    surface_container_high="#26302B",
    surface_container_highest="#313B36",
    outline="#88928C",
    outline_variant="#3E4843",
    inverse_surface="#DFE6E1",
    on_inverse_surface="#2B322E",
    inverse_primary="#00664E",
)

HIGH_LIGHT = replace(
    LIGHT,
    primary="#003D2E",
    primary_container="#D0EFE1",
    on_primary_container="#00281D",
    secondary="#26352E",
    on_secondary_container="#000000",
    tertiary="#4A2F00",
    on_tertiary_container="#2B1A00",
    error="#7A1608",
    on_error_container="#410300",
    lake="#0B3553",
    on_lake_container="#001F33",
    lotus="#5F1640",
    on_lotus_container="#37041F",
    hero="#003D2E",
    on_hero_variant="#E6F7EF",
    surface="#FFFFFF",
    on_surface="#000000",
    on_surface_variant="#1B211E",
    surface_container_low="#FFFFFF",
    surface_container="#FFFFFF",
    surface_container_high="#EEEEEE",
    surface_container_highest="#E0E0E0",
    outline="#000000",
    outline_variant="#000000",
    inverse_surface="#000000",
    on_inverse_surface="#FFFFFF",
    inverse_primary="#A8F0D4",
)

HIGH_DARK = replace(
    DARK,
    primary="#A8F0D4",
    on_primary="#00261B",
    primary_container="#0B3A2D",
    on_primary_container="#E8FFF5",
    secondary="#D8E8DF",
    on_secondary="#101C17",
    secondary_container="#26352E",
    on_secondary_container="#FFFFFF",
    tertiary="#FFD9A8",
    on_tertiary="#2B1A00",
    tertiary_container="#3A2608",
    on_tertiary_container="#FFF3E3",
    error="#FFD0C7",
    on_error="#410300",
    error_container="#4F1A12",
    on_error_container="#FFF0ED",
    lake="#C6E4FF",
    on_lake="#001F33",
    lake_container="#14293A",
    on_lake_container="#F0F7FF",
    lotus="#FFD3E7",
    on_lotus="#37041F",
    lotus_container="#40202F",
    on_lotus_container="#FFF0F6",
    on_hero_variant="#FFFFFF",
    surface="#000000",
    on_surface="#FFFFFF",
    on_surface_variant="#F0F0F0",
    surface_container_low="#000000",
    surface_container="#000000",
    surface_container_high="#1C1C1C",
    surface_container_highest="#2A2A2A",
    outline="#FFFFFF",
    outline_variant="#FFFFFF",
    inverse_surface="#FFFFFF",
    on_inverse_surface="#000000",
    inverse_primary="#003D2E",
)

QR_DARK, QR_LIGHT = "#10201A", "#FFFFFF"
