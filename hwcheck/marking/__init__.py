"""Marking: a student's answers against a sheet."""

from .answers import Answers, load_answers
from .report import Finding, Report
from .verifying import verify

__all__ = ["Answers", "Finding", "Report", "load_answers", "verify"]
