"""Text messages through a gateway that takes JSON over HTTP; ``docs/settings.md`` says what it is sent."""

import requests

from finmart.config import SmsSettings
from finmart.platform.kernel.ids import public_id
from finmart.platform.notices.types import (
    Notice,
    SmsGatewayRefused,
    SmsGatewayUnreachable,
    SmsNumberRefused,
    SmsTokenRefused,
)

TOKEN_REFUSED = frozenset({401, 403})
NUMBER_REFUSED = frozenset({400, 404, 422})


class GatewaySender:
    """Posts one message a call; redirects are not followed, because they would carry the token elsewhere."""

    def __init__(self, settings: SmsSettings) -> None:
        self.settings = settings

    def __call__(self, notice: Notice) -> None:
        """Send ``notice``. Raises ``SmsGatewayUnreachable``, ``SmsGatewayRefused``, ``SmsTokenRefused`` or
        ``SmsNumberRefused``."""
        try:
            answer = requests.post(
                self.settings.url,
                json={"id": public_id(), "phone": notice.address, "text": notice.text},
                headers={"Authorization": f"Bearer {self.settings.token}"},
                timeout=self.settings.timeout,
                allow_redirects=False,
            )
        except requests.RequestException:
            raise SmsGatewayUnreachable from None
        status = answer.status_code
        answer.close()
        if status in TOKEN_REFUSED:
            raise SmsTokenRefused
        if status in NUMBER_REFUSED:
            raise SmsNumberRefused
        if not 200 <= status < 300:
            raise SmsGatewayRefused
