"""The help widget, the full-page chat, the demo page and the sheet to take along."""
