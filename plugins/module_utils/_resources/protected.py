# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Types of services of which nothing more is known here than how one is looked up, protected from deletion, and not."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Mapping

from . import eks
from .._aws.errors import aws_call
from .clearing import Clearing
from .protection import Protection
from .protection import one_call
from .resource import Lookup
from .resource import ResourceType
from .resource import last_part
from .resource import whole

_GONE = "ResourceNotFoundException"


def _row(
    name: str,
    arn: str,
    key: str,
    look: str,
    on: Callable[[Mapping[str, Any]], bool],
    update: str,
    arguments: Callable[[str, bool], dict[str, Any]],
    lift: str,
    delete: str,
    *,
    there: Callable[[Mapping[str, Any]], bool] = lambda answer: True,
    listed: bool = False,
    absent: str = _GONE,
    absent_words: str = "",
    arn_id: Callable[[str], str] = last_part,
    switch: Callable[[Any, str, bool], None] | None = None,
    clearing: Clearing | None = None,
) -> ResourceType:
    """``key``: the parameter that takes its id, in a list for ``look`` if that is ``listed``. ``arguments``: of
    ``update``, unless it takes more to ``switch``. ``lift``, ``delete``: words of AWS commands, with the id in the
    place of C({})."""

    def ask(physical_id: str) -> dict[str, Any]:
        return {f"{key}s": [physical_id]} if listed else {key: physical_id}

    return ResourceType(
        name=name,
        command=lambda physical_id: delete.format(physical_id).split(),
        lookup=Lookup(
            action=look,
            ask=lambda ids: ask(ids[0]),
            there=lambda answer, ids: ids if there(answer) else (),
            absent=frozenset((absent,)),
            absent_words=absent_words,
        ),
        arn=arn,
        arn_id=arn_id,
        clearing=clearing,
        protection=Protection(
            action=look,
            ask=ask,
            on=lambda answer, physical_id: there(answer) and on(answer),
            lift=lambda physical_id: lift.format(physical_id).split(),
            switch=switch or one_call(update, arguments),
            switches=(look, update) if switch else (update,),
        ),
    )


def _words(on: bool) -> str:
    return "ENABLED" if on else "DISABLED"


def _policy_store(client: Any, store: str, on: bool) -> None:
    """With its validation settings, which the call requires; its description stays where none is given.

    https://docs.aws.amazon.com/verifiedpermissions/latest/apireference/API_UpdatePolicyStore.html
    """
    with aws_call("verifiedpermissions:GetPolicyStore"):
        settings = client.get_policy_store(policyStoreId=store)["validationSettings"]
    with aws_call("verifiedpermissions:UpdatePolicyStore"):
        client.update_policy_store(policyStoreId=store, validationSettings=settings, deletionProtection=_words(on))


TYPES = (
    # Kept for seven days after its deletion: API_DeleteEventDataStore.
    _row(
        "AWS::CloudTrail::EventDataStore",
        "cloudtrail:eventdatastore",
        "EventDataStore",
        "cloudtrail:GetEventDataStore",
        lambda answer: bool(answer.get("TerminationProtectionEnabled")),
        "cloudtrail:UpdateEventDataStore",
        lambda arn, on: {"EventDataStore": arn, "TerminationProtectionEnabled": on},
        "cloudtrail update-event-data-store --event-data-store {} --no-termination-protection-enabled",
        "cloudtrail delete-event-data-store --event-data-store {}",
        there=lambda answer: answer["Status"] != "PENDING_DELETION",
        absent="EventDataStoreNotFoundException",
        arn_id=whole,
    ),
    # https://docs.aws.amazon.com/aurora-dsql/latest/APIReference/API_UpdateCluster.html
    _row(
        "AWS::DSQL::Cluster",
        "dsql:cluster",
        "identifier",
        "dsql:GetCluster",
        lambda answer: bool(answer.get("deletionProtectionEnabled")),
        "dsql:UpdateCluster",
        lambda key, on: {"identifier": key, "deletionProtectionEnabled": on},
        "dsql update-cluster --identifier {} --no-deletion-protection-enabled",
        "dsql delete-cluster --identifier {}",
    ),
    # https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html; older boto3 than of August 2025
    # leaves it out of the answer.
    _row(
        "AWS::EKS::Cluster",
        "eks:cluster",
        "name",
        "eks:DescribeCluster",
        lambda answer: bool(answer["cluster"].get("deletionProtection")),
        "eks:UpdateClusterConfig",
        lambda name, on: {"name": name, "deletionProtection": on},
        "eks update-cluster-config --name {} --no-deletion-protection",
        "eks delete-cluster --name {}",
        clearing=eks.CLEARING,
    ),
    # https://docs.aws.amazon.com/emr/latest/ManagementGuide/UsingEMR_TerminationProtection.html
    _row(
        "AWS::EMR::Cluster",
        "elasticmapreduce:cluster",
        "ClusterId",
        "elasticmapreduce:DescribeCluster",
        lambda answer: bool(answer["Cluster"].get("TerminationProtected")),
        "elasticmapreduce:SetTerminationProtection",
        lambda key, on: {"JobFlowIds": [key], "TerminationProtected": on},
        "emr modify-cluster-attributes --no-termination-protected --cluster-id {}",
        "emr terminate-clusters --cluster-ids {}",
        there=lambda answer: not answer["Cluster"]["Status"]["State"].startswith("TERMINATED"),
        # "Cluster id 'j-…' is not valid.": https://github.com/Yelp/mrjob/issues/1855. The code is that of others, too:
        # https://github.com/turbot/steampipe-plugin-aws/issues/1222
        absent="InvalidRequestException",
        absent_words="is not valid",
    ),
    # https://docs.aws.amazon.com/neptune-analytics/latest/apiref/API_UpdateGraph.html
    _row(
        "AWS::NeptuneGraph::Graph",
        "neptune-graph:graph",
        "graphIdentifier",
        "neptune-graph:GetGraph",
        lambda answer: bool(answer.get("deletionProtection")),
        "neptune-graph:UpdateGraph",
        lambda key, on: {"graphIdentifier": key, "deletionProtection": on},
        "neptune-graph update-graph --graph-identifier {} --no-deletion-protection",
        "neptune-graph delete-graph --skip-snapshot --graph-identifier {}",
    ),
    # https://github.com/ekristen/aws-nuke/issues/972
    _row(
        "AWS::NetworkFirewall::Firewall",
        "network-firewall:firewall",
        "FirewallArn",
        "network-firewall:DescribeFirewall",
        lambda answer: bool(answer["Firewall"].get("DeleteProtection")),
        "network-firewall:UpdateFirewallDeleteProtection",
        lambda arn, on: {"FirewallArn": arn, "DeleteProtection": on},
        "network-firewall update-firewall-delete-protection --firewall-arn {} --no-delete-protection",
        "network-firewall delete-firewall --firewall-arn {}",
        arn_id=whole,
    ),
    # https://docs.aws.amazon.com/opensearch-service/latest/ServerlessAPIReference/API_UpdateCollection.html
    _row(
        "AWS::OpenSearchServerless::Collection",
        "aoss:collection",
        "id",
        "aoss:BatchGetCollection",
        lambda answer: answer["collectionDetails"][0].get("deletionProtection") == "ENABLED",
        "aoss:UpdateCollection",
        lambda key, on: {"id": key, "deletionProtection": _words(on)},
        "opensearchserverless update-collection --id {} --deletion-protection DISABLED",
        "opensearchserverless delete-collection --id {}",
        there=lambda answer: bool(answer["collectionDetails"]),
        listed=True,
    ),
    # https://github.com/ekristen/aws-nuke/issues/902
    _row(
        "AWS::Route53Resolver::FirewallRuleGroupAssociation",
        "",
        "FirewallRuleGroupAssociationId",
        "route53resolver:GetFirewallRuleGroupAssociation",
        lambda answer: answer["FirewallRuleGroupAssociation"].get("MutationProtection") == "ENABLED",
        "route53resolver:UpdateFirewallRuleGroupAssociation",
        lambda key, on: {"FirewallRuleGroupAssociationId": key, "MutationProtection": _words(on)},
        "route53resolver update-firewall-rule-group-association --firewall-rule-group-association-id {} "
        "--mutation-protection DISABLED",
        "route53resolver disassociate-firewall-rule-group --firewall-rule-group-association-id {}",
    ),
    # https://docs.aws.amazon.com/verifiedpermissions/latest/userguide/policy-stores-deletion-protection.html
    _row(
        "AWS::VerifiedPermissions::PolicyStore",
        "verifiedpermissions:policy-store",
        "policyStoreId",
        "verifiedpermissions:GetPolicyStore",
        lambda answer: answer.get("deletionProtection") == "ENABLED",
        "verifiedpermissions:UpdatePolicyStore",
        lambda key, on: {},
        "verifiedpermissions update-policy-store --policy-store-id {} --deletion-protection DISABLED "
        "--validation-settings mode=STRICT",
        "verifiedpermissions delete-policy-store --policy-store-id {}",
        switch=_policy_store,
    ),
)
