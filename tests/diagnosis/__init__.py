# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios for a diagnosis: what goes wrong, and what has to be said of it.

``python -m tests.diagnosis`` prints what is said of each as a table.
"""
