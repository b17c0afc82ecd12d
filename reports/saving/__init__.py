"""Pages of managers kept as they were narrowed, for oneself or for the colleagues of one's unit ("cách xem đã lưu")."""
