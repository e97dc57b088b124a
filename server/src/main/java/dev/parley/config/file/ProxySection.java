// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.AddressRange;
import dev.parley.config.ProxySettings;
import dev.parley.config.SettingException;
import java.util.List;

/** {@code proxies}: whose statement of a client's address is believed. */
final class ProxySection {

    static final SettingTable KEYS = new SettingTable();

    private static final SettingKey<List<AddressRange>> RANGES = KEYS.add(
            "proxies",
            new ListKind<>(ValueKinds.RANGE, 0, 100, "10.0.0.0/8"),
            DefaultValue.of(""),
            "The proxies whose word on a client's address is taken.");

    private static final SettingKey<Boolean> PROXY_PROTOCOL = KEYS.add(
            "proxyProtocol",
            ValueKinds.SWITCH,
            DefaultValue.of("false"),
            "Whether the proxies speak PROXY protocol version 2, which is then required of them, and not"
                    + " `X-Forwarded-For`; needs `proxies`.");

    private ProxySection() {}

    static ProxySettings read(SectionValues values) throws SettingException {
        ProxySettings proxies = new ProxySettings(values.get(RANGES), values.get(PROXY_PROTOCOL));
        if (proxies.isProxyProtocol() && proxies.ranges().isEmpty()) {
            throw values.place(PROXY_PROTOCOL)
                    .refused("true needs 'proxies': the addresses that must speak the PROXY protocol");
        }
        return proxies;
    }
}
