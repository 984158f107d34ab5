"""The reporting API: figures for programs, read only, under /api/reports/v1/."""
