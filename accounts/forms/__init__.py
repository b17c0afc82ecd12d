"""Input of people at the ways in (`doors`) and on their own pages (`own`); that in the admin is in
`people` and `staff`."""

from .doors import CODE_LENGTH, CardForm, ConfirmCodeForm, LostNumberForm, PasswordLoginForm, PinForm, StartForm, digits
from .fields import PhoneField
from .own import ConsentForm, NameForm, OfficialForm, PlaceForm, PrintedNameForm, SubjectForm

__all__ = [
    "CODE_LENGTH",
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
    "digits",
]
