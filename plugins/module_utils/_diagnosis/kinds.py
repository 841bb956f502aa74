# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What kind of failure words tell of, and what helps against it. No AWS."""

from __future__ import annotations

import re
from typing import Sequence

from .._aws.denial import denied_action
from .._aws.denial import is_denial

CLIENTS, SLOW, UNKNOWN, ALARM = "client_errors", "slow", "unknown", "alarm"
PERMISSION, TLS, THROTTLED, DNS, DISK, MEMORY = "permission", "tls", "throttled", "dns", "disk", "memory"
IMAGE, SECRET, HEALTH, PORT, REFUSED, TIMEOUT = "image", "secret", "health_check", "wrong_port", "refused", "timeout"
MISSING, CRASH, PLACEMENT, START = "missing", "crash", "placement", "start"

# Words of ECS, the most telling first, and what AWS's SDKs, Go, Java, Node.js, Python and Ruby say of the same:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
_WORDS = (
    (IMAGE, r"CannotPull(Container|Image|ImageManifest)\w*Error|pull image manifest|manifest unknown|ImagePullBackOff"),
    (SECRET, r"ResourceInitializationError.*(secret|ssm|registry auth|parameter)|unable to (pull|retrieve) secrets"),
    (MEMORY, r"OutOfMemory|out of memory|Cannot allocate memory|\bENOMEM\b|heap (limit|space)|MemoryError\b"),
    (DISK, r"No space left on device|\bENOSPC\b|disk (is )?full|CannotCreateVolumeError|disk quota exceeded"),
    (TLS, r"x509|certificate|\bSSL|\bTLS\b|PKIX path|handshake|CERT_"),
    (THROTTLED, r"Throttl|ProvisionedThroughput|RequestLimitExceeded|TooManyRequests|Rate exceeded|SlowDown\b"),
    (DNS, r"no such host|UnknownHost|getaddrinfo|\bENOTFOUND\b|\bEAI_\w+|Name or service not known|NXDOMAIN"
          r"|Temporary failure in name resolution|name resolution|nodename nor servname|server misbehaving"),
    (REFUSED, r"connection refused|ECONNREFUSED|ConnectionRefused|connect: refused"),
    (TIMEOUT, r"timed? ?out|ETIMEDOUT|deadline exceeded|TimeoutException|ReadTimeout|ConnectTimeout"),
    (MISSING, r"ResourceNotFound|NoSuchBucket|NoSuchKey|QueueDoesNotExist|Requested resource not found|NoSuchTable"),
    (HEALTH, r"failed (ELB|container) health checks|failed container health|is unhealthy in|Health checks failed"),
    (PLACEMENT, r"unable to place a task|insufficient (cpu|memory|capacity)|Capacity is unavailable|RESOURCE:[A-Z]"),
    (START, r"CannotStartContainer|ContainerRuntimeError|exec format error|executable file not found|TaskFailedToStart"
            r"|ResourceInitializationError|unable to assume the role"),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _WORDS)
# Words that settings and news have as well: "timeout=30s", "TLS certificate loaded".
_ALSO_OF_NEWS = frozenset((TLS, THROTTLED, TIMEOUT, MEMORY))
_OF_FAILURE = re.compile(
    r"\b(error|err|exception|fatal|panic|traceback|critical|failed|fails|failure|cannot|unable|could not|denied|refused"
    r"|warn|warning|exceeded|timed ?out|out of memory|untrusted|not trusted|not valid|invalid|expired)\b"
    r"|\w(Error|Exception)\b|x509: |CERTIFICATE_VERIFY|unknown authority|self.signed",
    re.IGNORECASE,
)
# A line that calls itself one of news, before its first word or by its level, and what makes it one of a failure still.
_NEWS = re.compile(
    r"^(?:\[[^\]]{0,60}\]|[^\w\[]|[\d_TZ])*\[?(info|debug|trace|notice)\b"
    r"""|\b(level|severity)["']?\s*[=:]\s*["']?(info|debug|trace|notice)\b""",
    re.IGNORECASE,
)
_FAILED = re.compile(r"\w(Error|Exception): |\bfailed: ", re.IGNORECASE)
_KILLED = 137  # 128 and the number of SIGKILL
_VARIABLE = re.compile(
    r"arn:aws[\w-]*:\S+|[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{12,}\b|(?<![\w.])\d+(?:\.\d+)*(?::\d+)?\b|0x[0-9a-f]+",
    re.IGNORECASE,
)


def kind_of(*texts: str) -> str:
    """The kind that texts tell of, the most telling text first; UNKNOWN if none tells."""
    for text in texts:
        if is_denial(text) or re.search(r"AccessDenied|UnauthorizedOperation|NotAuthorized", text):
            return PERMISSION
        for kind, words in _COMPILED:
            if words.search(text):
                return kind
    return UNKNOWN


def kind_of_end(reason: str, exit_codes: Sequence[int]) -> str:
    """The kind of failure that ended a task, by what ECS says and the exit codes of its containers."""
    kind = kind_of(reason)
    if kind != UNKNOWN:
        return kind
    # SIGKILL alone is no proof, and yet the commonest reason of it where nobody stopped the task is the memory limit.
    if _KILLED in exit_codes:
        return MEMORY
    return CRASH


def same(message: str) -> str:
    """A message without what differs from one time to the next: ids, numbers, addresses."""
    return _VARIABLE.sub("#", message)


def kind_of_line(message: str) -> str:
    """The kind that a line of a log is evidence of; UNKNOWN if it tells of none, or only has words of it."""
    kind = kind_of(message)
    if _NEWS.search(message):
        return kind if _FAILED.search(message) else UNKNOWN
    return kind if kind not in _ALSO_OF_NEWS or _OF_FAILURE.search(message) else UNKNOWN


def is_telling(message: str) -> bool:
    """Whether a line of a log tells of a failure whose kind is known, or calls itself an error."""
    return kind_of_line(message) != UNKNOWN or bool(
        re.search(r"\b(error|exception|fatal|panic|traceback|critical|failed)\b", message, re.IGNORECASE)
    )


def remedy(kind: str, entity: str, words: str, role: str) -> str:
    """What to do, one sentence; empty if nothing is known. ``entity``: what was called, or failed. ``words``: what was
    said. ``role``: the name of the task role, empty if not known."""
    what = entity or "what it calls"
    if kind == PERMISSION:
        action = denied_action(words)
        who = f"the task role {role}" if role else "the task role"
        return f"{who} lacks {action or 'a permission for ' + what}: allow it in its policy."
    return {
        TLS: f"the container does not trust, or does not get, the certificate of {what}: put the CA certificates into "
        "the image, or renew the certificate.",
        THROTTLED: f"{what} is throttled: raise its capacity, switch to on-demand, or retry more slowly.",
        DNS: f"the name for {what} is not found: check the name in the settings, the Cloud Map service and the DNS "
        "settings of the VPC.",
        DISK: "the disk of the task is full: raise ephemeralStorage in the task definition, or write less.",
        MEMORY: "the container needs more memory than the task definition gives it: raise memory, or find the leak.",
        IMAGE: "the image cannot be pulled: check that its name and tag are there, and that the execution role and the "
        "network let it be pulled.",
        SECRET: "ECS cannot read a secret for the task: check that it is there, and that the execution role may read "
        "it.",
        HEALTH: "the health check fails: check its path, port, matcher and grace period, and what the container answers"
        " to it.",
        PORT: "the load balancer reaches nothing at the target's port: check containerPort, the port that the process "
        "listens on, and the security groups.",
        REFUSED: f"nothing listens where {what} is called: check its port, and that its tasks run.",
        TIMEOUT: f"{what} does not answer in time: look there first, then at security groups and timeouts.",
        MISSING: f"{what} is not there: check its name and region in the settings of the task.",
        CRASH: "the process ends by itself: its log says why.",
        PLACEMENT: "ECS finds no room for the task: check the capacity, and the free addresses of the subnets.",
        START: "the container cannot be started: check its command, its architecture and the settings of the task.",
        SLOW: f"{what} takes most of the time: look there first.",
    }.get(kind, "")
