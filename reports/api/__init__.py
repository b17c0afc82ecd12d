"""What systems of an office read: figures, places, courses and the register of subjects, by a key of `accounts.ApiToken`. Read-only, without
trainees or officials. `openapi.json` says what is asked and answered; `script/openapi` writes it from the code (ADR 0028)."""
