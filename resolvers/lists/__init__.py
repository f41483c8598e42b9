"""Lists: filters, orders, cursors and pages."""
