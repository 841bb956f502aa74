# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of ECS, ECR, Cloud Map, CloudWatch Logs, App Mesh, IAM, S3 and the tagging API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatchcase

#: What happens to a call of App Mesh after its end. AWS says that its console and resources cannot be accessed any
#: more, not what the API answers: each of these is a guess.
#: https://docs.aws.amazon.com/app-mesh/latest/userguide/what-is-app-mesh.html
APP_MESH_CALLS = ("denied", "unreachable", "answered")
#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
HOOK_STATUSES = ("SUCCEEDED", "FAILED", "IN_PROGRESS")


class _Names:
    """Some names, all of them, or none."""

    def __init__(self) -> None:
        self._all = False
        self._names: set[str] = set()

    def add(self, names: Iterable[str] | None) -> None:
        if names is None:
            self._all = True
        else:
            self._names.update([names] if isinstance(names, str) else names)

    def __contains__(self, name: str) -> bool:
        return self._all or name in self._names


class ServiceSwitches:
    """The switches, and the questions that the services ask of them."""

    def clear(self) -> None:
        self._lingering = _Names()
        self._orphaning = _Names()
        self._connected = _Names()
        self._deaf = _Names()
        self._hanging = _Names()
        self._late = _Names()
        self._late_seconds = 0.0
        self._late_taken: set[str] = set()
        self._log_returns = 0
        self._log_returned: Counter[str] = Counter()
        self._failing_deregistrations: int | None = 0
        self.app_mesh_is_gone = False
        self.app_mesh_calls = "answered"
        self.service_linked_role_is_in_use = False
        # Seconds for which CloudFormation does not know a new role: hashicorp/terraform-provider-aws#22834.
        self.new_roles_known_after = 0.0
        self.tagging_lag_seconds: float | None = None
        self.buckets_of_others: set[str] = set()
        self._late_objects: dict[str, tuple[str, int | None]] = {}
        self._late_objects_written = 0
        self._late_images: dict[str, int | None] = {}
        self._late_images_pushed = 0
        self.archived_images: set[str] = set()
        self.pulled_through: dict[str, str] = {}
        self._without_backup_role: set[str] = set()
        self._hooks: list[tuple[str, str]] = []

    def answer_hook(self, pattern: str, status: str) -> None:
        """What the functions of lifecycle hooks of ECS answer whose ARNs match: SUCCEEDED, FAILED or IN_PROGRESS."""
        if status not in HOOK_STATUSES:
            raise ValueError(f"{status!r} is none of {', '.join(HOOK_STATUSES)}")
        self._hooks.insert(0, (pattern, status))

    def hook_status(self, arn: str) -> str | None:
        """What this function answers; None if nothing is said of it."""
        return next((status for pattern, status in self._hooks if fnmatchcase(arn, pattern)), None)

    def linger(self, services: Iterable[str] | None = None) -> None:
        """Tasks of these services (None: all) stay DEACTIVATING when drained, until StopTask is called on them."""
        self._lingering.add(services)

    def lingers(self, service: str) -> bool:
        return service in self._lingering

    def orphan_instances(self, services: Iterable[str] | None = None) -> None:
        """Cloud Map instances of these services stay registered after their task is gone."""
        self._orphaning.add(services)

    def orphans_instances(self, service: str) -> bool:
        return service in self._orphaning

    def keep_connected(self, services: Iterable[str] | None = None) -> None:
        """Cloud Map services that ECS has made for these services by Service Connect stay when these are deleted."""
        self._connected.add(services)

    def keeps_connected(self, service: str) -> bool:
        return service in self._connected

    def fail_deregistrations(self, times: int | None = 1) -> None:
        """DeregisterInstance is accepted, but its operation ends with FAIL, ``times`` times (None: always).

        https://docs.aws.amazon.com/cloud-map/latest/api/API_Operation.html
        """
        self._failing_deregistrations = times

    def take_failing_deregistration(self) -> bool:
        """Whether this deregistration fails; counts it."""
        if self._failing_deregistrations:
            self._failing_deregistrations -= 1
            return True
        return self._failing_deregistrations is None

    def ignore_sigterm(self, services: Iterable[str] | None = None) -> None:
        """Tasks of these services are killed after the 30 s stop timeout instead of ending by themselves."""
        self._deaf.add(services)

    def ignores_sigterm(self, service: str) -> bool:
        return service in self._deaf

    def hang_service(self, name: str) -> None:
        """The service never drains, whatever is done."""
        self._hanging.add([name])

    def hangs(self, service: str) -> bool:
        return service in self._hanging

    def late_task(self, services: Iterable[str] | None = None, seconds: float = 20.0) -> None:
        """One more task of each of these services shows up this many AWS seconds after it was scaled to 0."""
        self._late.add(services)
        self._late_seconds = seconds

    def take_late_task(self, service: str) -> float | None:
        """When a late task of this service shows up, or None; once per service."""
        if service not in self._late or service in self._late_taken:
            return None
        self._late_taken.add(service)
        return self._late_seconds

    def log_groups_come_back(self, times: int = 1) -> None:
        """A deleted log group that is still written to is created again, this many times each."""
        self._log_returns = times

    def take_log_group_return(self, name: str) -> bool:
        """Whether this deleted log group comes back now; counts it."""
        if self._log_returned[name] >= self._log_returns:
            return False
        self._log_returned[name] += 1
        return True

    def app_mesh_gone(self, calls: str = "denied") -> None:
        """Every deletion of an ``AWS::AppMesh::*`` resource fails; ``calls``: what else happens, of APP_MESH_CALLS."""
        if calls not in APP_MESH_CALLS:
            raise ValueError(f"{calls!r} is none of {', '.join(APP_MESH_CALLS)}")
        self.app_mesh_is_gone = True
        self.app_mesh_calls = calls

    def service_linked_role_in_use(self) -> None:
        """Deletions of service-linked roles fail: something in another region uses them."""
        self.service_linked_role_is_in_use = True

    def tagging_lag(self, seconds: float) -> None:
        """GetResources shows what is deleted from now on for so long (AWS seconds), not for a while of its own."""
        self.tagging_lag_seconds = seconds

    def bucket_of_another(self, name: str) -> None:
        """The bucket has become another account's, after ours was deleted: it is not listed, and denies everything."""
        self.buckets_of_others.add(name)

    def write_late(self, bucket: str, key: str = "late-{}", times: int | None = 1) -> None:
        """Whenever objects of this bucket are deleted, another one is written, ``times`` times (None: always)."""
        self._late_objects[bucket] = (key, times)

    def take_late_object(self, bucket: str) -> str | None:
        """The key of what is written now; counts it."""
        key, times = self._late_objects.get(bucket, ("", 0))
        if times == 0:
            return None
        self._late_objects[bucket] = (key, None if times is None else times - 1)
        self._late_objects_written += 1
        return key.format(self._late_objects_written)

    def push_late(self, repository: str, times: int | None = 1) -> None:
        """Whenever images of this repository are deleted, another one is pushed, ``times`` times (None: always)."""
        self._late_images[repository] = times

    def take_late_image(self, repository: str) -> str | None:
        """The tag of what is pushed now; counts it."""
        times = self._late_images.get(repository, 0)
        if times == 0:
            return None
        self._late_images[repository] = None if times is None else times - 1
        self._late_images_pushed += 1
        return f"late-{self._late_images_pushed}"

    def archive_image(self, digest: str) -> None:
        """ECR has archived the image of this digest."""
        self.archived_images.add(digest)

    def pull_through(self, prefix: str, upstream: str) -> None:
        """Repositories whose names begin so are filled by a pull through cache, of which moto knows nothing."""
        self.pulled_through[prefix] = upstream

    def lose_backup_role(self, arn: str) -> None:
        """The role with which this recovery point was made is gone: it can not be deleted, and shows as EXPIRED."""
        self._without_backup_role.add(arn)

    def loses_backup_role(self, arn: str) -> bool:
        return arn in self._without_backup_role
