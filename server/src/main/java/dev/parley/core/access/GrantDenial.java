// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

/** Why a grant does not cover what a client asks for. */
public enum GrantDenial {
    /** It lacks the action. */
    ACTION,
    /** It lacks the channel. */
    CHANNEL
}
