"""Input of people at the ways in (`doors`) and on their own pages (`own`); that of staff in the admin is in `staff`."""

from .doors import CardForm, ConfirmCodeForm, LostNumberForm, PasswordLoginForm, PinForm, StartForm
from .fields import PhoneField
from .own import ConsentForm, NameForm, OfficialForm, PlaceForm, PrintedNameForm, SubjectForm

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
    "PrintedNameForm",
    "StartForm",
    "SubjectForm",
]
