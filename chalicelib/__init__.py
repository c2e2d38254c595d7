"""Spilno: reader donations and a paywall for small independent newsrooms."""

VERSION = "0.1.0"
