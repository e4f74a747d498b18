"""The heartbeat's way out of the house: one request in the convention of healthchecks."""

import aiohttp

TIMEOUT = aiohttp.ClientTimeout(total=10)


class Heartbeat:
    """Tells an address that all is well, or with /fail what is not."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    async def __call__(self, well: bool, text: str) -> None:
        """Tell it; raises `aiohttp.ClientError` when it does not get through."""
        url = self._url if well else f"{self._url}/fail"
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, trust_env=True) as session,
            session.post(url, data=text.encode()) as answer,
        ):
            answer.raise_for_status()
