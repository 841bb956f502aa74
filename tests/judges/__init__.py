# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that judges the collection: linters, sanity tests, the Galaxy importer, pytest, and the version matrix.

``python -m tests.judges <step>...`` runs the steps named, all of them to the end, and closes with a table.
"""
