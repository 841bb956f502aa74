# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Certificates of ACM, which are not deleted while a load balancer, a distribution or the like serves them."""

from __future__ import annotations

from .._aws.looks import Looks
from .blocker import Blocker
from .ours import Ours
from .resource import Ids
from .resource import ResourceType
from .resource import by
from .resource import last_part
from .resource import one
from .resource import whole

_DESCRIBE = "acm:DescribeCertificate"
_ABSENT = "ResourceNotFoundException"
# As CloudFormation calls them, of which a stack can be asked for.
_TYPES = {
    "elasticloadbalancing": ("AWS::ElasticLoadBalancingV2::LoadBalancer", whole),
    "cloudfront": ("AWS::CloudFront::Distribution", last_part),
}


def _held_by(looks: Looks, ours: Ours, certificates: Ids) -> list[tuple[str, Blocker]]:
    """What others serve them with. Not certain: what serves a domain name of API Gateway or of Cognito shows with an
    ARN of AWS's own account, and goes with a resource that may be ours.

    https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html
    https://docs.aws.amazon.com/acm/latest/userguide/gs-acm-delete.html
    """
    own = {last_part(item.physical_id) for item in ours.owned}

    def users(certificate: str) -> list[str]:
        found = looks.at(certificate, lambda: looks.pages(_DESCRIBE, CertificateArn=certificate), absent=(_ABSENT,))
        return [arn for page in found or () for arn in page["Certificate"].get("InUseBy") or ()]

    return [
        (certificate, _blocker(certificate, arn))
        for certificate, arns in zip(certificates, looks.each(users, certificates))
        for arn in arns
        if last_part(arn) not in own
    ]


def _blocker(certificate: str, arn: str) -> Blocker:
    service = arn.split(":")[2]
    type_name, id_of = _TYPES.get(service, (f"{service}:{arn.split(':', 5)[-1].split('/')[0]}", whole))
    reason = f"A certificate cannot be deleted while it is in use, and {last_part(certificate)} is, by {arn}."
    return Blocker(type_name, id_of(arn), last_part(arn), reason, (), certain=False)


TYPES = (
    ResourceType(
        name="AWS::CertificateManager::Certificate",
        command=by("acm delete-certificate --certificate-arn"),
        lookup=one(_DESCRIBE, "CertificateArn", _ABSENT),
        arn="acm:certificate",
        arn_id=whole,
        held_by=_held_by,
    ),
)
