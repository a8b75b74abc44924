"""What the demonstration city is made of: how many of whom, where, and as of when."""

from datetime import date

#: Nothing in the city's data is later than this day, whatever the day it is loaded on.
REFERENCE_DATE = date(2026, 10, 31)
#: Invoices reach this many months back.
INVOICE_MONTHS = 30

ENTERPRISES = 170
SOLE_TRADERS = 60
FARMERS = 30
COOPERATIVES = 25
RESIDENTS = 15

#: Stands behind every name, so that no reader and no search takes a fictional firm for a real one.
MARK = "（演示）"
#: An organisation code that begins with these letters is not issued to anybody.
CODE_BODY = "DEM0{number:04d}"
#: No division has this code, so no resident's number begins with it.
RESIDENT_DIVISION = "999999"

#: Where subjects live and work when their trade does not say: district and weight.
DISTRICTS = (
    ("360113", 20),
    ("360111", 18),
    ("360121", 18),
    ("360102", 14),
    ("360103", 14),
    ("360112", 14),
    ("360124", 12),
    ("360104", 10),
    ("360123", 8),
)
RURAL_DISTRICTS = (("360121", 5), ("360124", 5), ("360112", 4), ("360123", 3))

#: Development zones of a district in which its manufacturers may sit.
ZONES = {"360121": "NC-XL", "360111": "NC-GX", "360112": "NC-JK"}
