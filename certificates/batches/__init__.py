"""Many certificates drawn in one go: `working` draws and goes on after a crash, `sheets` puts them on sheets for a printer."""
