"""Chốt số liệu: the board at a moment, under a name, as page, workbook, document and slide, which all say the same for ever."""
