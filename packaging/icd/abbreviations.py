"""What clinicians type for a diagnosis, and the codes (with all below them) that it finds."""

from __future__ import annotations

ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "ADD": ("F90",),
    "ADHD": ("F90",),
    "ARFID": ("F50.82",),
    "ASD": ("F43.0", "F84.0"),
    "AUD": ("F10",),
    "BED": ("F50.81",),
    "BPD": ("F60.3",),
    "CPTSD": ("F43.1",),
    "DID": ("F44.81",),
    "DMDD": ("F34.81",),
    "GAD": ("F41.1",),
    "IED": ("F63.81",),
    "MDD": ("F32", "F33"),
    "NPD": ("F60.81",),
    "NSSI": ("R45.88",),
    "OCD": ("F42",),
    "OCPD": ("F60.5",),
    "ODD": ("F91.3",),
    "OUD": ("F11",),
    "PDD": ("F34.1",),
    "PMDD": ("F32.81",),
    "PTSD": ("F43.1",),
    "RAD": ("F94.1",),
    "SAD": ("F40.1",),
    "TBI": ("S06",),
}
