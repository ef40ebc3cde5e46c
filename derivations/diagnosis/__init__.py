"""Diagnosis: what a formula that fails looks like, and the smallest change that is proved to mend it."""

from derivations.diagnosis.catalogue import CATALOGUE, Misconception
from derivations.diagnosis.diagnosing import diagnose
from derivations.diagnosis.hints import hint

__all__ = ["CATALOGUE", "Misconception", "diagnose", "hint"]
