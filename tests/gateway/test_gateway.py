"""The gateway as a whole: every answer's shape, whatever was asked."""

import httpx


async def test_an_unknown_path_is_a_problem_document(gateway: httpx.AsyncClient) -> None:
    """The app explains every refusal from one shape; a page of HTML would be shown as a crash."""
    answer = await gateway.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-found"
    assert answer.json()["reference"] == answer.headers["x-request-id"]
