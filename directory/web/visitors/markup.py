"""A listing as schema.org data: only what the page itself shows, and no condition ever."""

from typing import Any

from directory.models import Practice
from directory.usecases.visitors.results import Profile

# https://schema.org: a type more exact than LocalBusiness, by the first profession that has one.
BUSINESS = {
    "medical-doctor": "Physician",
    "osteopathic-physician": "Physician",
    "dentist": "Dentist",
    "orthodontist": "Dentist",
    "physical-therapist": "Physiotherapy",
    "registered-nurse": "Nursing",
    "nurse-practitioner": "Nursing",
    "midwife": "Midwifery",
    "nurse-midwife": "Midwifery",
    "massage-therapist": "HealthAndBeautyBusiness",
    "bodyworker": "HealthAndBeautyBusiness",
    "craniosacral-therapist": "HealthAndBeautyBusiness",
    "reflexologist": "HealthAndBeautyBusiness",
}
ACCEPTS_PATIENTS = frozenset({"Physician", "Dentist"})


def person(profile: Profile, url: str) -> dict[str, Any]:
    """The practitioner as JSON-LD; a hidden address gives its town alone, and no position."""
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "Person",
            "name": profile.name,
            "honorificSuffix": profile.suffix,
            "url": url,
            "hasOccupation": [
                {"@type": "Occupation", "name": term.label} for term in profile.professions
            ],
            "knowsLanguage": [term.label for term in profile.languages],
            "hasCredential": [
                {
                    "@type": "EducationalOccupationalCredential",
                    "name": badge.label,
                    "recognizedBy": {"@type": "Organization", "name": badge.issuer},
                }
                for badge in profile.credentials
            ],
            "worksFor": [_business(profile, practice) for practice in profile.practices],
        }
    )


def _business(profile: Profile, practice: Practice) -> dict[str, Any]:
    kind = next(
        (BUSINESS[t.slug] for t in profile.professions if t.slug in BUSINESS), "LocalBusiness"
    )
    business: dict[str, Any] = {
        "@type": kind,
        "name": practice.name or profile.title,
        "telephone": profile.phone,
        "email": profile.email,
        "sameAs": profile.website,
        "address": _address(practice),
        "geo": _position(practice),
    }
    if practice.home_visit_km:
        business["areaServed"] = {"@type": "Place", "name": practice.locality}
    if kind in ACCEPTS_PATIENTS:
        business["isAcceptingNewPatients"] = profile.accepting
    return _filled(business)


def _address(practice: Practice) -> dict[str, Any]:
    return _filled(
        {
            "@type": "PostalAddress",
            "streetAddress": practice.address,
            "addressLocality": practice.locality,
            "addressRegion": practice.region,
            "postalCode": practice.postcode,
            "addressCountry": practice.country,
        }
    )


def _position(practice: Practice) -> dict[str, Any] | None:
    if practice.hide_address or practice.lat is None or practice.precision != "exact":
        return None
    return {"@type": "GeoCoordinates", "latitude": practice.lat, "longitude": practice.lon}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, [], ())}
