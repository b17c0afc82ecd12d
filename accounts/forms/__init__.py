"""Input of people on their own pages (`own`); that of staff in the admin is in `accounts.forms.staff`."""

from .own import (
    CardForm,
    ConfirmCodeForm,
    ConsentForm,
    LostNumberForm,
    NameForm,
    OfficialForm,
    PasswordLoginForm,
    PhoneField,
    PinForm,
    PlaceForm,
    StartForm,
    SubjectForm,
)

__all__ = [
    "CardForm",
    "ConfirmCodeForm",
    "ConsentForm",
    "LostNumberForm",
    "NameForm",
    "OfficialForm",
    "PasswordLoginForm",
    "PhoneField",
    "PinForm",
    "PlaceForm",
    "StartForm",
    "SubjectForm",
]
