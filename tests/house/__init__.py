# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the collection and the arrows between them, as they are: read from the imports, drawn as a picture.

``python -m tests.house`` draws ``docs/img/architecture.svg`` and names the arrows that run back. It also writes what
the documentation says of the rows of what can be cleared.
"""
