"""Countries the company trades with."""

CURRENCY_OF = {"NO": "NOK", "SE": "SEK", "DK": "DKK", "FI": "EUR", "DE": "EUR", "CN": "USD"}
COUNTRY_NAME = {
    "NO": "Norway",
    "SE": "Sweden",
    "DK": "Denmark",
    "FI": "Finland",
    "DE": "Germany",
    "CN": "China",
}
DIAL_CODE = {"NO": "47", "SE": "46", "DK": "45", "FI": "358", "DE": "49", "CN": "86"}
