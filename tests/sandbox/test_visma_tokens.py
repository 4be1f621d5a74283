"""Signing in: what each wrong credential answers, and how long and for what a token is good."""

import pytest

from connector.sandbox import world
from tests.sandbox.visma_caller import VismaCaller


def test_a_token_is_good_for_an_hour_of_the_sandboxs_clock(visma: VismaCaller) -> None:
    visma.sandbox.clock.advance(3590)
    late = visma.get("/v1/organization").status
    visma.sandbox.clock.advance(20)

    assert (late, visma.get("/v1/organization").status) == (200, 401)


def test_the_token_answer_is_the_documented_one(visma: VismaCaller) -> None:
    body = visma.ask_token(scope="vismanet_erp_service_api:read").body

    assert body.pop("access_token").count(".") == 2
    assert body == {
        "expires_in": 3600,
        "token_type": "Bearer",
        "scope": "vismanet_erp_service_api:read",
    }


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"client_id": "isv_other"}, "invalid_client"),
        ({"client_secret": "no"}, "invalid_client"),
        ({"tenant_id": "11111111-2222-3333-4444-555555555555"}, "invalid_tenant"),
        ({"scope": "vismanet_erp_service_api:everything"}, "invalid_scope"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_wrong_credential_is_named_by_the_oauth_error(
    visma: VismaCaller, wrong: dict[str, str], error: str
) -> None:
    answer = visma.ask_token(**wrong)

    assert (answer.status, answer.body) == (400, {"error": error})


def test_a_withdrawn_approval_refuses_the_tenant(visma: VismaCaller) -> None:
    visma.sandbox.tokens.approved = False

    assert visma.ask_token().body == {"error": "invalid_tenant"}


def test_a_token_of_the_customers_tenant_is_issued_and_opens_nothing(visma: VismaCaller) -> None:
    visma.sign_in(tenant_id=world.VISMA_CUSTOMER_TENANT_ID)

    assert visma.get("/v1/supplierInvoice").status == 401


def test_a_token_for_no_tenant_opens_nothing(visma: VismaCaller) -> None:
    visma.sign_in(tenant_id="")

    assert visma.get("/v1/supplierInvoice").status == 401


def test_a_revoked_token_is_refused_and_a_new_one_works(visma: VismaCaller) -> None:
    visma.sandbox.tokens.revoke()
    refused = visma.get("/v1/organization").status
    visma.sign_in()

    assert (refused, visma.get("/v1/organization").status) == (401, 200)


def test_without_a_token_a_known_path_is_401_and_an_unknown_one_404(visma: VismaCaller) -> None:
    visma.token = ""

    assert visma.get("/v1/supplier").status == 401
    assert visma.get("/v1/suppliers").status == 404
    assert visma.get("/erp/service/v1/supplier").status == 404


def test_another_company_id_is_refused_as_the_gateway_does(visma: VismaCaller) -> None:
    answer = visma.ask("GET", "/v1/organization", ipp_company_id="9999")

    assert (answer.status, answer.body["ExceptionFaultCode"]) == (400, "12002")
    assert answer.body["ExceptionMessageID"].startswith("12002_")


def test_the_right_company_id_or_none_is_accepted(visma: VismaCaller) -> None:
    named = visma.ask("GET", "/v1/organization", ipp_company_id=world.VISMA_COMPANY_ID)

    assert named.body[0]["name"] == world.VISMA_COMPANY_NAME
    assert visma.get("/v1/organization").status == 200


def test_a_token_without_the_scope_may_not_write(visma: VismaCaller) -> None:
    visma.sign_in(scope="vismanet_erp_service_api:create")

    assert visma.get("/v1/supplier").status == 403
