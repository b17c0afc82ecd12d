"""Pages of the admin on which a workshop is planned, changed part by part, looked after and cancelled."""
