"""English dates without a doubt between day and month: 11 Dec 2023, 13:30; numbers 10,881 and 7.5."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "H:i, j F Y"
SHORT_DATETIME_FORMAT = "H:i, j M Y"
TIME_FORMAT = "H:i"
# Typed in the admin, where dates are written as in Vietnamese whatever the language of the labels: never month first.
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%Y-%m-%d"]
DATETIME_INPUT_FORMATS = ["%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
FIRST_DAY_OF_WEEK = 1
