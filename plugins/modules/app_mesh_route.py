#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ensure that a route of App Mesh leads requests as it should, or is not there."""

from __future__ import annotations

DOCUMENTATION = r"""
module: app_mesh_route
short_description: Manage weights and header matches of an AWS App Mesh route
version_added: 1.0.0
description:
  - Creates, changes or deletes a route of a virtual router, which leads requests between services to versions of one.
  - Of a route that is there only what is given is changed. Its retries and timeouts, and whatever else it has, stay.
  - AWS has ended App Mesh on 2026-09-30. This is for accounts in which it still answers. In others the module fails,
    and says what does the same.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  mesh_name:
    description: Name of the mesh.
    type: str
    required: true
  mesh_owner:
    description: Id of the account that shares the mesh, if it is another one.
    type: str
  virtual_router_name:
    description: Name of the virtual router.
    type: str
    required: true
  route_name:
    description: Name of the route.
    type: str
    required: true
  priority:
    description:
      - Its priority among the routes of the router, 0 to 1000. The lowest comes first, those without any come last.
      - Left as it is when not given.
    type: int
  weighted_targets:
    description:
      - Which share each virtual node gets. Needed for a route that is not there.
      - Left as they are when not given.
    type: list
    elements: dict
    suboptions:
      virtual_node:
        description: Name of the virtual node.
        type: str
        required: true
      weight:
        description: Its weight, 0 to 100.
        type: int
        required: true
      port:
        description: Its port, if it listens on several.
        type: int
  match:
    description:
      - Which requests the route takes. Left as it is when not given. A new route takes all.
      - Only for routes of HTTP and HTTP/2.
    type: dict
    suboptions:
      prefix:
        description: What their paths begin with.
        type: str
        default: /
      headers:
        description: Headers, all of which they have.
        type: list
        elements: dict
        default: []
        suboptions:
          name:
            description: Name of the header.
            type: str
            required: true
          exact:
            description: Its value. Any, if omitted.
            type: str
          invert:
            description: Take the requests that do not have it.
            type: bool
            default: false
  state:
    description: Whether the route is to be there.
    type: str
    choices: [present, absent]
    default: present
notes:
  - A route that belongs to a CloudFormation stack leads requests otherwise afterwards than its template says. The next
    update of that resource brings back what the template says. RV(before) has what was so.
  - The IAM actions needed are C(appmesh:DescribeRoute), C(appmesh:CreateRoute), C(appmesh:UpdateRoute) and
    C(appmesh:DeleteRoute).
seealso:
  - module: workshop.lifecycle.ecs_service_route
  - module: workshop.lifecycle.ecs_deployment
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
"""

EXAMPLES = r"""
- name: Lead marked requests to the new version
  workshop.lifecycle.app_mesh_route:
    mesh_name: shop
    virtual_router_name: register-router
    route_name: register-marked
    priority: 1
    match:
      headers:
        - name: x-workshop-version
          exact: new
    weighted_targets:
      - virtual_node: register-v2
        weight: 100

- name: Back to the version that works
  workshop.lifecycle.app_mesh_route:
    mesh_name: shop
    virtual_router_name: register-router
    route_name: register-route
    weighted_targets:
      - virtual_node: register-v1
        weight: 100
      - virtual_node: register-v2
        weight: 0
"""

RETURN = r"""
route:
  description: The route, or V(none) where it is not there.
  returned: success
  type: dict
  contains:
    arn:
      description: Its ARN, V(none) where check mode only predicts it.
      type: str
      sample: arn:aws:appmesh:eu-central-1:123456789012:mesh/shop/virtualRouter/register-router/route/register-route
    priority:
      description: Its priority, V(none) if it has none.
      type: int
      sample: 1
    weighted_targets:
      description: Which share each virtual node gets.
      type: list
      elements: dict
      contains:
        virtual_node:
          description: Name of the virtual node.
          type: str
          sample: register-v2
        weight:
          description: Its weight.
          type: int
          sample: 100
    match:
      description: Which requests it takes.
      type: dict
      sample: {prefix: /, headers: [{name: x-workshop-version, match: {exact: new}}]}
before:
  description: The same as it was before, V(none) where it was not there.
  returned: success
  type: dict
  sample: null
"""

import copy
import os

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible.module_utils.common.dict_transformations import snake_dict_to_camel_dict
from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import TRANSIENT
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import UNREACHABLE
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import aws_call
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity
from ansible_collections.workshop.lifecycle.plugins.module_utils._routing.refusals import INSTEAD

# https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_RouteSpec.html
KINDS = ("httpRoute", "http2Route", "grpcRoute", "tcpRoute")
ENDED = "AWS has ended App Mesh on 2026-09-30, and in this account or region it may not answer any more."
#: What a service answers that an account cannot have.
REFUSALS = ("ForbiddenException", "OptInRequired", "SubscriptionRequiredException", "UnknownOperationException")


def options_problem(params):
    """What is wrong with the options; empty if nothing is."""
    weights = [target["weight"] for target in params["weighted_targets"] or ()]
    # https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_WeightedTarget.html
    if any(not 0 <= weight <= 100 for weight in weights):
        return f"A weight must be 0 to 100, not {next(weight for weight in weights if not 0 <= weight <= 100)}."
    if params["weighted_targets"] is not None and not sum(weights):
        return "weighted_targets say of no virtual node that it gets requests."
    if params["priority"] is not None and not 0 <= params["priority"] <= 1000:
        return f"priority must be 0 to 1000, not {params['priority']}."
    return ""


def targets_of(given):
    """The targets in App Mesh's form."""
    return [
        snake_dict_to_camel_dict({name: value for name, value in target.items() if value is not None})
        for target in given
    ]


def match_of(given):
    """The match in App Mesh's form."""
    headers = []
    for item in given["headers"]:
        header = {"name": item["name"], "invert": item["invert"]}
        if item["exact"] is not None:
            header["match"] = {"exact": item["exact"]}
        headers.append(header)
    return {"prefix": given["prefix"], **({"headers": headers} if headers else {})}


def kind_of(spec):
    """Which kind of route it is."""
    return next((kind for kind in KINDS if spec.get(kind)), KINDS[0])


def spec_of(before, params):
    """The spec that the route is to have. ``before``: that which it has, None for a new one. Raises ValueError."""
    spec = copy.deepcopy(before) if before else {"httpRoute": {"match": {"prefix": "/"}, "action": {}}}
    kind = kind_of(spec)
    if params["match"] is not None:
        if not kind.startswith("http"):
            raise ValueError(f"The route is a {kind}, and match is for routes of HTTP only.")
        spec[kind]["match"] = match_of(params["match"])
    if params["weighted_targets"] is not None:
        targets = targets_of(params["weighted_targets"])
        spec[kind]["action"] = {**spec[kind].get("action", {}), "weightedTargets": targets}
    if params["priority"] is not None:
        spec["priority"] = params["priority"]
    if not spec[kind]["action"]:
        raise ValueError("The route is not there, and weighted_targets say nothing of where its requests go.")
    return spec


def comparable(spec):
    """Without what is so anyway: a header that is not inverted, and the order of the targets."""
    made = copy.deepcopy(spec)
    route = made[kind_of(made)]
    for header in route.get("match", {}).get("headers") or ():
        header.setdefault("invert", False)
    route["action"]["weightedTargets"].sort(key=lambda target: target["virtualNode"])
    return made


def shown(arn, spec):
    """The route as it is returned."""
    if spec is None:
        return None
    route = spec[kind_of(spec)]
    return {
        "arn": arn,
        "priority": spec.get("priority"),
        "weighted_targets": [camel_dict_to_snake_dict(target) for target in route["action"]["weightedTargets"]],
        "match": camel_dict_to_snake_dict(route.get("match") or {}),
    }


class Route:
    """One route. Every call raises :class:`AwsCallError`."""

    def __init__(self, client, params):
        self._client = client
        self._names = {
            "meshName": params["mesh_name"],
            "virtualRouterName": params["virtual_router_name"],
            "routeName": params["route_name"],
            **({"meshOwner": params["mesh_owner"]} if params["mesh_owner"] else {}),
        }

    def found(self):
        """ARN and spec, both None if it is not there."""
        try:
            with aws_call("appmesh:DescribeRoute"):
                route = self._client.describe_route(**self._names)["route"]
        except AwsCallError as error:
            if error.code != "NotFoundException":
                raise
            return None, None
        return route["metadata"]["arn"], route["spec"]

    def make(self, spec):
        with aws_call("appmesh:CreateRoute"):
            return self._client.create_route(spec=spec, **self._names)["route"]["metadata"]["arn"]

    def change(self, spec):
        with aws_call("appmesh:UpdateRoute"):
            self._client.update_route(spec=spec, **self._names)

    def delete(self):
        """One that somebody else deletes meanwhile is gone as well."""
        try:
            with aws_call("appmesh:DeleteRoute"):
                self._client.delete_route(**self._names)
        except AwsCallError as error:
            if error.code != "NotFoundException":
                raise


def ensure(route, params, check_mode):
    """Bring the route to its state. ARN and spec before, and after."""
    arn, before = route.found()
    if params["state"] == "absent":
        if before is not None and not check_mode:
            route.delete()
        return (arn, before), (None, None)
    spec = spec_of(before, params)
    if before is not None and comparable(before) == comparable(spec):
        return (arn, before), (arn, before)
    if not check_mode:
        if before is None:
            arn = route.make(spec)
        else:
            route.change(spec)
    return (arn if before else None, before), (arn, spec)


def failure(error):
    """What went wrong, and what does the same where App Mesh is not to be had any more."""
    if error.kind in (UNREACHABLE, TRANSIENT) or error.code in REFUSALS:
        return f"{error.advice()} {ENDED} {INSTEAD}"
    return error.advice()


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            mesh_name=dict(type="str", required=True),
            mesh_owner=dict(type="str"),
            virtual_router_name=dict(type="str", required=True),
            route_name=dict(type="str", required=True),
            priority=dict(type="int"),
            weighted_targets=dict(
                type="list",
                elements="dict",
                options=dict(
                    virtual_node=dict(type="str", required=True),
                    weight=dict(type="int", required=True),
                    port=dict(type="int"),
                ),
            ),
            match=dict(
                type="dict",
                options=dict(
                    prefix=dict(type="str", default="/"),
                    headers=dict(
                        type="list",
                        elements="dict",
                        default=[],
                        options=dict(
                            name=dict(type="str", required=True),
                            exact=dict(type="str"),
                            invert=dict(type="bool", default=False),
                        ),
                    ),
                ),
            ),
            state=dict(type="str", choices=["present", "absent"], default="present"),
        ),
        supports_check_mode=True,
    )
    params = dict(module.params)
    problem = options_problem(params)
    if problem:
        module.fail_json(msg=problem)
    module.params.update(one_identity(module.params, os.environ))
    try:
        client = Clients(*get_aws_connection_info(module))("appmesh")
        before, after = ensure(Route(client, params), params, module.check_mode)
    except ValueError as error:
        module.fail_json(msg=str(error))
    except AwsCallError as error:
        module.fail_json(msg=failure(error))
    was, now = shown(*before), shown(*after)
    diff = {"before": was or {}, "after": now or {}}
    module.exit_json(changed=before[1] != after[1], route=now, before=was, diff=diff)


if __name__ == "__main__":
    main()
