// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

/** {@code wildcardSubscriptions}, {@code strictHttpReject}: how clients are admitted. */
final class AdmissionSection {

    static final SettingTable KEYS = new SettingTable();

    static final SettingKey<Boolean> WILDCARDS = KEYS.add(
            "wildcardSubscriptions",
            ValueKinds.SWITCH,
            DefaultValue.of("true"),
            "Whether clients may subscribe to patterns of channels.");

    static final SettingKey<Boolean> STRICT_HTTP_REJECT = KEYS.add(
            "strictHttpReject",
            ValueKinds.SWITCH,
            DefaultValue.of("false"),
            "Whether foreign origins and unreadable tokens are answered by HTTP 401, not by close code 4001.");

    private AdmissionSection() {}
}
