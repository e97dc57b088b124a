// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

/**
 * A key that signs tokens and opens REST.
 *
 * @param id public; the {@code kid} of its tokens
 * @param secret what signs
 * @param rights the most its tokens and requests may do
 */
public record SecretKey(String id, Secret secret, KeyRights rights) {}
